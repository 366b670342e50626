package sandbox_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/sandbox"
)

// helperName is argv[0] of this test binary when it plays the program that
// calls Run, and the program inside.
const helperName = "sandbox-helper"

func TestMain(m *testing.M) {
	sandbox.Enter()
	if os.Args[0] == helperName {
		os.Exit(helper(os.Args[1], os.Args[2:]))
	}
	nstest.Main(m)
}

// helper does one thing:
//
//	run ARG...     make a sandbox whose program is `helper ARG...`
//	cancel ARG...  the same, cancelled when standard input ends
//	sh ARG...      be the shell
//	interrupts     count SIGINT until SIGTERM
//	signal         print the first signal and exit with its number
//	inside         print Inside
func helper(verb string, args []string) int {
	switch verb {
	case "run":
		return run(context.Background(), args)
	case "cancel":
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
		return run(ctx, args)
	case "sh":
		err := syscall.Exec("/bin/sh", append([]string{"sh"}, args...), os.Environ())
		fmt.Println(err)
	case "interrupts":
		return interrupts()
	case "signal":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM)
		fmt.Println("ready")
		sig := <-c
		fmt.Println(sig)
		return int(sig.(syscall.Signal))
	case "inside":
		fmt.Println(sandbox.Inside())
		return 0
	}
	return 99
}

func run(ctx context.Context, args []string) int {
	warn := func(line string) { fmt.Fprintln(os.Stderr, line) }
	o := &sandbox.Options{Hostname: "box", Warn: warn}
	code, err := sandbox.Run(ctx, append([]string{helperName}, args...), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 98
	}
	return code
}

func interrupts() int {
	ints, term := make(chan os.Signal, 8), make(chan os.Signal, 1)
	stop := sandbox.Notify(ints, syscall.SIGINT)
	defer stop()
	signal.Notify(term, syscall.SIGTERM)
	fmt.Println("ready")
	n := 0
	for {
		select {
		case <-ints:
			n++
			fmt.Println("interrupt")
		case <-term:
			// A copy of SIGINT was sent before this, and may still wait.
			for len(ints) > 0 {
				<-ints
				n++
			}
			fmt.Println("count", n)
			return 0
		}
	}
}

// start starts a helper process and returns it with its output, which ends
// when every process that inherited it has ended.
func start(t *testing.T, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	nstest.Sandboxed(t)
	cmd := helperCmd(args...)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	cmd.Stdout, cmd.Stderr = w, w
	err = cmd.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(r)
}

func helperCmd(args ...string) *exec.Cmd {
	return &exec.Cmd{
		Path: "/proc/self/exe",
		Args: append([]string{helperName}, args...),
		// Under -race a process would take 1 s to end.
		Env: append(os.Environ(), "GORACE=atexit_sleep_ms=0"),
	}
}

// readLine is the helper's next line.
func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	s, err := r.ReadString('\n')
	if err != nil {
		t.Fatalf("output ended with %q: %v", s, err)
	}
	return s
}

// rest waits for everything inside to end, and is what it still printed.
func rest(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
