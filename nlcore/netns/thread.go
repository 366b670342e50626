package netns

import (
	"fmt"
	"os"
	"runtime"

	vns "github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// threadPath is the namespace file of the thread that opens it.
const threadPath = "/proc/thread-self/ns/net"

// Do runs f on a thread inside n and returns f's error. f may start programs
// and make sockets, which stay in n; goroutines it starts do not.
//
// f runs on a goroutine of its own whose thread is switched back afterwards
// or, where the kernel refuses that, ended. A panic in f and runtime.Goexit
// (t.FailNow) reach the caller as if f had been called directly. Where the
// calling thread is inside n already, f is called directly.
//
// Entering needs CAP_SYS_ADMIN here and in the user namespace that owns n;
// the error wraps EPERM without, and os.ErrClosed after Close.
func (n *NS) Do(f func() error) error {
	if inside, err := n.callInside(f); inside {
		return err
	}
	return aside(func() error {
		if err := n.enter(); err != nil {
			return err
		}
		return f()
	})
}

// callInside calls f if the calling thread is in n.
func (n *NS) callInside(f func() error) (inside bool, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if n.Fd() < 0 || !n.onThread() {
		return false, nil
	}
	return true, f()
}

// onThread says whether the calling thread is in n.
func (n *NS) onThread() bool {
	var st unix.Stat_t
	return unix.Stat(threadPath, &st) == nil && ID{st.Dev, st.Ino} == n.id
}

// enter moves the calling thread. The lock keeps the descriptor's number from
// being closed and given to another file meanwhile.
func (n *NS) enter() error {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if !n.fd.IsOpen() {
		return fmt.Errorf("network namespace %s: enter: %w", n.path, os.ErrClosed)
	}
	if err := vns.Set(n.fd); err != nil {
		return fmt.Errorf("network namespace %s: enter: %w", n.path, err)
	}
	return nil
}

// outcome is how a function ended.
type outcome struct {
	err      error
	panicked any
	exited   bool // by runtime.Goexit
}

// aside runs f, which may change the network namespace of its thread, on
// another goroutine and passes on how it ended.
func aside(f func() error) error { return lent(false, f) }

// lent is aside; with spent, f may change more of its thread, which is ended.
func lent(spent bool, f func() error) error {
	done := make(chan outcome, 1)
	go lend(spent, f, done)
	o := <-done
	switch {
	case o.panicked != nil:
		panic(o.panicked)
	case o.exited:
		runtime.Goexit()
	}
	return o.err
}

// lend locks its goroutine to a thread for f. If the thread is spent or cannot
// be brought back it stays locked, and then the runtime ends it with the
// goroutine.
func lend(spent bool, f func() error, done chan<- outcome) {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		// The main thread stands for the process in /proc/self, and the
		// runtime cannot end it: keep it here while another does the work.
		defer runtime.UnlockOSThread()
		o := make(chan outcome, 1)
		go lend(spent, f, o)
		done <- <-o
		return
	}
	home, err := vns.GetFromPath(threadPath)
	if err != nil {
		runtime.UnlockOSThread()
		done <- outcome{err: fmt.Errorf("network namespace of the current thread: open: %w", err)}
		return
	}
	o := outcome{exited: true}
	defer func() {
		if p := recover(); p != nil {
			o = outcome{panicked: p}
		}
		if vns.Set(home) == nil && !spent {
			runtime.UnlockOSThread()
		}
		home.Close()
		done <- o
	}()
	o.err = f()
	o.exited = false
}
