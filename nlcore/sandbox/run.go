package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// initName is argv[0] of init.
const initName = "nlsh-sandbox-init"

// Options are the choices of Run; the zero value, and nil, are the defaults.
type Options struct {
	// Hostname is the name of the machine inside; empty keeps the host's.
	Hostname string
	// Stdin, Stdout and Stderr are the program's; nil: the caller's own.
	Stdin, Stdout, Stderr *os.File
	// Warn is called before the program starts, with one line for each thing
	// inside that is less private than it should be; nil drops them.
	Warn func(line string)
}

// Run runs this executable in a new sandbox with the arguments argv (argv[0]
// is its name), the caller's directory, environment and standard streams, and
// returns its exit code, 128 plus the number where a signal ended it. The
// executable's main must call Enter first.
//
// Where the kernel forbids a sandbox the error is an *Error, which says cause
// and remedy. When ctx is done everything inside is killed and the error is
// ctx's. Run makes a sandbox also inside one; ask Inside to avoid that.
func Run(ctx context.Context, argv []string, o *Options) (exit int, err error) {
	if len(argv) == 0 {
		return 0, errors.New("sandbox: argv: empty, the program's name is needed")
	}
	if o == nil {
		o = &Options{}
	}
	if err := Stuck(); err != nil {
		return 0, err
	}
	// The kernel kills init when the thread that started it ends, not the
	// process (kernel/exit.c, pdeath_signal).
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	host, err := namespaces()
	if err != nil {
		return 0, err
	}
	ours, theirs, err := newLink()
	if err != nil {
		return 0, err
	}
	defer ours.Close()
	privileged, err := hasCaps(unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN)
	if err != nil {
		theirs.Close()
		return 0, err
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, relayed...)
	defer signal.Stop(signals)
	cmd := command(ctx, theirs, privileged)
	o.streams(cmd)
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		return 0, explain(stepNamespaces, err, privileged)
	}
	failed, linkErr := talk(ours, hello{Argv: argv, Hostname: o.Hostname, Host: host}, o.Warn)
	done := make(chan struct{})
	go forward(signals, done, cmd.Process)
	err = cmd.Wait()
	close(done)
	switch {
	case ctx.Err() != nil:
		return 0, fmt.Errorf("sandbox: %w", ctx.Err())
	case failed.Step != "":
		return 0, explain(failed.Step, failed.cause(), privileged)
	case linkErr != nil:
		return 0, fmt.Errorf("sandbox: init ended early (%s): %w", cmd.ProcessState, linkErr)
	}
	return exitCode(cmd.ProcessState, err)
}

// talk tells init what to do and waits until it has started the program or
// says why it did not.
func talk(link *os.File, h hello, warn func(string)) (failure, error) {
	if err := json.NewEncoder(link).Encode(h); err != nil {
		return failure{}, err
	}
	var r reply
	if err := json.NewDecoder(link).Decode(&r); err != nil {
		return failure{}, err
	}
	for _, w := range r.Warnings {
		if warn != nil {
			warn("sandbox: " + w)
		}
	}
	return r.Failure, nil
}

// forward passes signals on to init until done is closed.
func forward(signals <-chan os.Signal, done <-chan struct{}, init *os.Process) {
	for {
		select {
		case sig := <-signals:
			// The one possible error is that it has just ended.
			_ = init.Signal(sig)
		case <-done:
			return
		}
	}
}

// exitCode is init's, which is the program's.
func exitCode(st *os.ProcessState, err error) (int, error) {
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		return 0, fmt.Errorf("sandbox: wait: %w", err)
	}
	return codeOf(unix.WaitStatus(st.Sys().(syscall.WaitStatus))), nil
}

// codeOf turns a wait status into an exit code as shells do.
func codeOf(st unix.WaitStatus) int {
	if st.Signaled() {
		return 128 + int(st.Signal())
	}
	return st.ExitStatus()
}

// streams sets the standard streams of init, which are the program's.
func (o *Options) streams(cmd *exec.Cmd) {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if o.Stdin != nil {
		cmd.Stdin = o.Stdin
	}
	if o.Stdout != nil {
		cmd.Stdout = o.Stdout
	}
	if o.Stderr != nil {
		cmd.Stderr = o.Stderr
	}
}

func command(ctx context.Context, link *os.File, privileged bool) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Args = []string{initName}
	cmd.ExtraFiles = []*os.File{link}
	attr := &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWPID | unix.CLONE_NEWNET,
		Pdeathsig:  unix.SIGKILL,
	}
	if !privileged {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	return cmd
}
