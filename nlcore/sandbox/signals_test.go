package sandbox_test

import (
	"bufio"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns/nstest"
)

// Ctrl-C at a terminal interrupts the program once, though it comes from the
// terminal and from init. SIGTERM takes the same way after it, so that no
// copy can be on its way when the count is printed.
func TestCtrlCCountsOnce(t *testing.T) {
	nstest.Sandboxed(t)
	unchanged(t)
	cmd := helperCmd("run", "interrupts")
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	in := bufio.NewReader(tty)
	expect := func(want string) {
		t.Helper()
		line := strings.TrimPrefix(strings.TrimRight(readLine(t, in), "\r\n"), "^C")
		if d := cmp.Diff(want, line); d != "" {
			t.Fatal("-want +got:\n", d)
		}
	}
	expect("ready")
	if _, err := tty.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	expect("interrupt")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	expect("count 1")
	if code := wait(t, cmd); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}
