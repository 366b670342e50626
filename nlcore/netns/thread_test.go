package netns_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// here is the namespace file of the calling thread, as the kernel names it.
func here(t testing.TB) string {
	t.Helper()
	s, err := os.Readlink("/proc/thread-self/ns/net")
	if err != nil {
		t.Error(err)
	}
	return s
}

// fileName is how the kernel names n.
func fileName(n *netns.NS) string { return fmt.Sprintf("net:[%d]", n.ID().Ino) }

func TestDo(t *testing.T) {
	n := nstest.NewNS(t)
	before := here(t)
	var inside, nested string
	var tid, nestedTid int
	err := n.Do(func() error {
		inside, tid = here(t), unix.Gettid()
		return n.Do(func() error {
			nested, nestedTid = here(t), unix.Gettid()
			return unix.EBADMSG
		})
	})
	if err != unix.EBADMSG {
		t.Errorf("Do: got error %v, want f's, %v", err, unix.EBADMSG)
	}
	if want := fileName(n); inside != want || nested != want {
		t.Errorf("f ran in %s, nested in %s, want %s", inside, nested, want)
	}
	if nestedTid != tid {
		t.Errorf("a nested Do ran on thread %d, want that of the outer one, %d", nestedTid, tid)
	}
	if after := here(t); after != before || after == inside {
		t.Errorf("namespace after Do: got %s, want %s", after, before)
	}
}

// Namespaces nest, and the inner one is left for the outer one.
func TestDoNests(t *testing.T) {
	a, b := nstest.NewNS(t), nstest.NewNS(t)
	var got []string
	note := func() error { got = append(got, here(t)); return nil }
	err := a.Do(func() error {
		return errors.Join(note(), b.Do(note), note())
	})
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint([]string{fileName(a), fileName(b), fileName(a)})
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A panic in f arrives at the caller, who may recover from it.
func TestDoPanic(t *testing.T) {
	n := nstest.NewNS(t)
	var got any
	func() {
		defer func() { got = recover() }()
		_ = n.Do(func() error { panic("in f") })
	}()
	if got != "in f" {
		t.Errorf("recovered %v, want the value that f panicked with", got)
	}
}

// runtime.Goexit in f, which is what t.FailNow does, ends the caller too.
func TestDoGoexit(t *testing.T) {
	n := nstest.NewNS(t)
	returned := make(chan bool)
	go func() {
		after := false
		defer func() { returned <- after }()
		_ = n.Do(func() error { runtime.Goexit(); return nil })
		after = true
	}()
	if <-returned {
		t.Error("the caller went on after Goexit in f")
	}
}

// A thread that cannot be brought back is ended and nothing else is touched.
func TestDoCannotRestore(t *testing.T) {
	nstest.NeedSince(t, "pidfd of a thread", "6.9")
	n := nstest.NewNS(t)
	before := here(t)
	fd := -1
	err := n.Do(func() (err error) {
		fd, err = unix.PidfdOpen(unix.Gettid(), unix.PIDFD_THREAD)
		if err != nil {
			return err
		}
		// Capabilities are the thread's own: without, setns is refused.
		hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		return unix.Capset(&hdr, &none[0])
	})
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if after := here(t); after != before {
		t.Errorf("namespace after Do: got %s, want %s", after, before)
	}
	ready, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 10_000)
	if err != nil || ready != 1 {
		t.Errorf("the thread of f lives on: poll says %d, %v", ready, err)
	}
}

// The main thread is the process in /proc/self and is never switched, however
// many goroutines enter.
func TestDoSparesMainThread(t *testing.T) {
	n := nstest.NewNS(t)
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			err := n.Do(func() error {
				if unix.Gettid() == unix.Getpid() {
					return errors.New("f runs on the main thread")
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestDoAfterClose(t *testing.T) {
	n := nstest.NewNS(t)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	ran := false
	err := n.Do(func() error { ran = true; return nil })
	if ran || !errors.Is(err, os.ErrClosed) {
		t.Errorf("Do after Close: ran %v, error %v, want os.ErrClosed", ran, err)
	}
	if err := n.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("second Close: got %v, want os.ErrClosed", err)
	}
	if got := n.Fd(); got != -1 {
		t.Errorf("Fd after Close: got %d, want -1", got)
	}
}

// Closing while others enter gives os.ErrClosed, never a foreign namespace.
func TestDoWhileClosing(t *testing.T) {
	n := nstest.NewNS(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			err := n.Do(func() error {
				if got, want := here(t), fileName(n); got != want {
					return fmt.Errorf("in %s, want %s", got, want)
				}
				return nil
			})
			if err != nil && !errors.Is(err, os.ErrClosed) {
				t.Error(err)
			}
		})
	}
	n.Close()
	wg.Wait()
}

// A program started in f is in n, and inherits no descriptor that one started
// outside, with no namespace open, does not.
func TestDoExec(t *testing.T) {
	look := func() (out []byte, err error) {
		return exec.Command("sh", "-c", "readlink /proc/self/ns/net; ls /proc/$$/fd").Output()
	}
	before, err := look()
	if err != nil {
		t.Fatal(err)
	}
	n := nstest.NewNS(t)
	var inside []byte
	if err := n.Do(func() (err error) { inside, err = look(); return err }); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(string(before), here(t), fileName(n), 1)
	if d := cmp.Diff(want, string(inside)); d != "" {
		t.Error("namespace and descriptors of the program, -want +got:\n", d)
	}
}

func BenchmarkDo(b *testing.B) {
	n := nstest.NewNS(b)
	nothing := func() error { return nil }
	b.Run("enter", func(b *testing.B) {
		for b.Loop() {
			_ = n.Do(nothing)
		}
	})
	b.Run("inside", func(b *testing.B) {
		_ = n.Do(func() error {
			for b.Loop() {
				_ = n.Do(nothing)
			}
			return nil
		})
	})
}
