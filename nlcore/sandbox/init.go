package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
)

// Enter is the first call in main. In the process that Run started as pid 1
// of a sandbox it does init's work and does not return; in every other
// process it returns at once.
func Enter() {
	if len(os.Args) != 1 || os.Args[0] != initName || os.Getpid() != 1 {
		return
	}
	link, ok := inheritedLink()
	if !ok {
		return
	}
	// Not os.Exit: init has nothing to flush, and under -race that takes 1 s.
	syscall.Exit(runInit(link))
}

// runInit sets the sandbox up, runs the program and returns its exit code.
func runInit(link *os.File) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, relayed...)
	var h hello
	if err := json.NewDecoder(link).Decode(&h); err != nil {
		return 1 // the parent is gone
	}
	var r reply
	child, err := start(h, &r)
	if sendErr := json.NewEncoder(link).Encode(r); err != nil || sendErr != nil {
		return 1
	}
	go endWith(link)
	go relayTo(child, signals)
	return reap(child)
}

// start does the setup, notes in r what failed, and starts the program.
func start(h hello, r *reply) (pid int, err error) {
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"check namespaces", func() error { return checkApart(h.Host) }},
		{"make mounts private", makePrivate},
		{stepProc, func() error { return mountKernelFS("proc", "/proc", r) }},
		{"mount /sys", func() error { return optional(mountKernelFS("sysfs", "/sys", r), "/sys", r) }},
		{"set host name", func() error { return setHostname(h.Hostname) }},
		{"bring lo up", loUp},
		// Last, because it sets the mark that Inside looks for.
		{"mount /run", func() error { return mountRun(r) }},
		{"start the program", func() error { pid, err = startProgram(h.Argv); return err }},
	} {
		if err := s.do(); err != nil {
			r.Failure = failure{Step: s.name, Text: err.Error()}
			errors.As(err, &r.Failure.Errno)
			return 0, err
		}
	}
	return pid, nil
}

func checkApart(host nsIDs) error {
	here, err := namespaces()
	if err == nil && !here.apart(host) {
		err = errors.New("init shares a namespace with its parent")
	}
	return err
}

func setHostname(name string) error {
	if name == "" {
		return nil
	}
	return unix.Sethostname([]byte(name))
}

func loUp() error {
	n, err := netns.Current()
	if err != nil {
		return err
	}
	defer n.Close()
	return n.LoUp()
}

// startProgram starts the executable anew. Nobody calls Wait on it: reap does.
func startProgram(argv []string) (pid int, err error) {
	cmd := exec.Cmd{Path: "/proc/self/exe", Args: argv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

// endWith ends init, and so the sandbox, when the parent's end of link
// closes. The kernel kills init with its parent, but not if the parent died
// before that was arranged.
func endWith(link *os.File) {
	_, _ = io.Copy(io.Discard, link)
	os.Exit(128 + int(unix.SIGKILL))
}

// relayTo passes signals on to the program. At a terminal init gets each
// twice, from the terminal and from the parent.
func relayTo(pid int, signals <-chan os.Signal) {
	var once coalescer
	for sig := range signals {
		if once.counts(sig) {
			// The one possible error is that it has just ended.
			_ = unix.Kill(pid, sig.(syscall.Signal))
		}
	}
}

// reap waits for every process that has no other parent, until the program
// ends, and returns its exit code.
func reap(program int) int {
	for {
		var st unix.WaitStatus
		pid, err := unix.Wait4(-1, &st, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			fmt.Fprintf(os.Stderr, "sandbox: init: wait: %v\n", err)
			return 1
		case pid == program:
			return codeOf(st)
		}
	}
}
