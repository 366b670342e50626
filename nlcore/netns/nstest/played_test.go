package nstest_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/sandbox"
)

// TestPlayed is what the other tests run in a process of its own; here it
// does nothing.
func TestPlayed(t *testing.T) {
	switch *play {
	case "failure":
		t.Error("as told")
	case "needs":
		nstest.NewNS(t)
	case "ip":
		t.Logf("%q", nstest.IP(t, nstest.NewNS(t), "link", "show"))
	case "where":
		t.Log(map[bool]string{true: "child of init", false: "as before"}[os.Getppid() == 1])
	case "descriptor":
		if _, err := netns.New(); err != nil {
			t.Fatal(err)
		}
	case "name":
		n, err := netns.NewNamed("left")
		if err != nil {
			t.Fatal(err)
		}
		n.Close()
	case "mount":
		if err := os.Mkdir("/run/left", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mount("left", "/run/left", "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
	case "thread":
		leakThread(t)
	}
}

// leakThread leaves a thread in a namespace of its own, as code does that
// unlocks it without going back.
func leakThread(t *testing.T) {
	gone := make(chan error)
	go func() {
		runtime.LockOSThread()
		if syscall.Gettid() == syscall.Getpid() {
			// Not the main thread, by which the process is judged.
			go leaveHome(gone)
			select {}
		}
		leaveHome(gone)
	}()
	if err := <-gone; err != nil {
		t.Fatal(err)
	}
}

func leaveHome(gone chan<- error) {
	runtime.LockOSThread()
	gone <- syscall.Unshare(syscall.CLONE_NEWNET)
	select {}
}

// FuzzPlayed fails in a worker that made a sandbox of its own: the parent of
// such a one is init.
func FuzzPlayed(f *testing.F) {
	f.Add("seed")
	f.Fuzz(func(t *testing.T, _ string) {
		nstest.NewNS(t)
		if !sandbox.Inside() {
			t.Error("not in a sandbox")
		}
		for _, a := range os.Args {
			if a == "-test.fuzzworker" && os.Getppid() == 1 {
				t.Error("a worker in a sandbox of its own")
			}
		}
	})
}
