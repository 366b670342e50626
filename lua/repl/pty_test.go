package repl

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

// console is a prompt in a process of its own on a terminal of its own.
type console struct {
	t    *testing.T
	tty  *os.File
	out  *output
	cmd  *exec.Cmd
	done chan error
}

func startConsole(t *testing.T, role ...string) *console {
	t.Helper()
	c := &console{t: t, out: newOutput(), done: make(chan error, 1)}
	c.cmd = exec.Command(os.Args[0], append([]string{"role"}, role...)...)
	master, err := pty.StartWithSize(c.cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	c.tty = pollable(t, master)
	go func() {
		var buf [4096]byte
		for {
			n, err := c.tty.Read(buf[:])
			_, _ = c.out.Write(buf[:n])
			if err != nil { // EIO: no process has the terminal open any more
				break
			}
		}
		c.out.finish()
		c.done <- c.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill() // it has ended unless the test failed
		_ = c.tty.Close()
	})
	c.out.expect(t, "nlsh> ")
	return c
}

// pollable takes file over as one whose Close ends a Read; the pty package hands
// out a blocking one.
func pollable(t *testing.T, file *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(syscall.SetNonblock(fd, true), file.Close()); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), file.Name())
}

func (c *console) send(keys string) {
	c.t.Helper()
	if _, err := c.tty.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

func (c *console) wait() error {
	c.t.Helper()
	select {
	case err := <-c.done:
		return err
	case <-time.After(deadline):
		c.t.Fatal("the prompt did not end")
		return nil
	}
}

func historyPath(t *testing.T) string { return filepath.Join(t.TempDir(), "history") }

func TestConsole(t *testing.T) {
	c := startConsole(t, "prompt", historyPath(t))
	c.send("a = 1\r")
	c.out.expect(t, `ran "a = 1"`)
	c.out.expect(t, "nlsh> ")
	c.send("\x04")
	if err := c.wait(); err != nil {
		t.Errorf("prompt: %v", err)
	}
}

func TestConsoleInterrupt(t *testing.T) {
	c := startConsole(t, "prompt", historyPath(t))
	for range 2 { // a second time, for the first must not have broken it
		c.send("wait\r")
		c.out.expect(t, "waiting")
		c.send("\x03")
		c.out.expect(t, "interrupted")
		c.out.expect(t, "nlsh> ")
	}
	c.send("still here\r")
	c.out.expect(t, `ran "still here"`)
	c.out.expect(t, "nlsh> ")
	c.send("\x04")
	if err := c.wait(); err != nil {
		t.Errorf("prompt: %v", err)
	}
}

func TestConsoleSecondInterrupt(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "go")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	c := startConsole(t, "prompt", historyPath(t))
	c.send("stubborn " + fifo + "\r")
	c.out.expect(t, "waiting")
	c.send("\x03")
	c.out.expect(t, "not yet")
	c.send("\x03")
	c.out.expect(t, "still stopping")
	writeFile(t, fifo, "", 0o600)
	c.out.expect(t, "nlsh> ")
	c.send("\x04")
	if err := c.wait(); err != nil {
		t.Errorf("prompt: %v", err)
	}
}

// TestConsoleChildInput makes sure that what is typed while an entry runs is
// left to it: the editor must not have read ahead.
func TestConsoleChildInput(t *testing.T) {
	c := startConsole(t, "prompt", historyPath(t))
	c.send("dropped\x0fkey\x1b[5~\r") // swallowed keys must not make it read on
	c.out.expect(t, "ran ")
	c.out.expect(t, "nlsh> ")
	c.send("read\r")
	c.out.expect(t, "\x1b[?2004l")
	c.send("for the child\n")
	c.out.expect(t, `read "for the child\n"`)
	c.out.expect(t, "nlsh> ")
	c.send("\x04")
	if err := c.wait(); err != nil {
		t.Errorf("prompt: %v", err)
	}
}

func TestConsoleHangUp(t *testing.T) {
	history := historyPath(t)
	c := startConsole(t, "prompt", history)
	c.send("kept\r")
	c.out.expect(t, `ran "kept"`)
	c.out.expect(t, "nlsh> ")
	c.send("lost")
	c.out.expect(t, "lost")
	if err := c.tty.Close(); err != nil {
		t.Fatal(err)
	}
	c.wait() // by SIGHUP or by the end of input, whichever comes first
	if diff := cmp.Diff("kept\n", readFile(t, history)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

// TestConsoleLeavesTerminal compares the settings of the terminal before and
// after a session.
func TestConsoleLeavesTerminal(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	settings := func() string {
		cmd := exec.Command("stty", "-a")
		cmd.Stdin = tty
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("stty: %v", err)
		}
		return string(out)
	}
	before := settings()
	out := newOutput()
	go func() {
		var buf [4096]byte
		for {
			n, err := master.Read(buf[:])
			_, _ = out.Write(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	cmd := exec.Command(os.Args[0], "role", "prompt", historyPath(t))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.expect(t, "nlsh> ")
	if diff := cmp.Diff(before, settings()); diff == "" {
		t.Error("the terminal is not raw while a line is edited")
	}
	if _, err := master.WriteString("exit\r"); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the prompt did not return the exit of its entry")
	}
	out.expect(t, "ended: exit 3")
	if diff := cmp.Diff(before, settings()); diff != "" {
		t.Errorf("settings (-before +after):\n%s", diff)
	}
}

func TestPlainConsole(t *testing.T) {
	c := startConsole(t, "plain")
	c.send("x do\n")
	c.out.expect(t, " ...> ")
	c.send("end\n")
	c.out.expect(t, `ran "x do\nend"`)
	c.out.expect(t, "nlsh> ")
	c.send("gone do\n")
	c.out.expect(t, " ...> ")
	c.send("\x03")
	c.out.expect(t, "nlsh> ")
	c.send("wait\n")
	c.out.expect(t, "waiting")
	c.send("\x03")
	c.out.expect(t, "interrupted")
	c.out.expect(t, "nlsh> ")
	c.send("last\n")
	c.out.expect(t, `ran "last"`)
	c.out.expect(t, "nlsh> ")
	c.send("\x04")
	if err := c.wait(); err != nil {
		t.Errorf("prompt: %v", err)
	}
}
