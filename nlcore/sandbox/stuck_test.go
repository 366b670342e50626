package sandbox

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestStuckKernelIsSaidInsteadOfWaitedFor(t *testing.T) {
	held := filepath.Join(t.TempDir(), "carrier")
	if err := unix.Mkfifo(held, 0o600); err != nil { // its reader waits, as for the lock
		t.Fatal(err)
	}
	if err := stuck(held, time.Millisecond); !errors.Is(err, errStuck) {
		t.Errorf("got %v, want that it is stuck", err)
	}
	w, err := unix.Open(held, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil { // lets the reader go
		t.Fatal(err)
	}
	unix.Close(w)
}

func TestAFreeLockIsNotStuck(t *testing.T) {
	if err := stuck(filepath.Join(t.TempDir(), "none"), time.Hour); err != nil {
		t.Error(err)
	}
}
