package probe

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A waiter sleeps until a socket has something, a time comes or a context
// ends. It uses poll itself: the runtime's poller takes an event that is only
// an error (which is how the error queue speaks) for a broken descriptor.
type waiter struct {
	stop func() bool

	mu     sync.Mutex // held around uses of fd, so that none meets a closed one
	fd     int        // an eventfd, -1 after close
	closed bool
}

func newWaiter(ctx context.Context) (*waiter, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	w := &waiter{fd: fd}
	w.stop = context.AfterFunc(ctx, w.wake)
	return w, nil
}

// wake ends a wait that goes on now or comes later.
func (w *waiter) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	// The counter cannot overflow from one write.
	_, _ = unix.Write(w.fd, binary.NativeEndian.AppendUint64(nil, 1))
}

func (w *waiter) close() {
	w.stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	unix.Close(w.fd)
}

// until returns when sock is readable or has an error, at the given time, or
// when the context has ended; the caller finds out which.
func (w *waiter) until(sock int, t time.Time) error {
	fds := []unix.PollFd{{Fd: int32(sock), Events: unix.POLLIN}, {Fd: int32(w.fd), Events: unix.POLLIN}}
	left := max(time.Until(t), 0)
	ts := unix.NsecToTimespec(int64(left))
	_, err := unix.Ppoll(fds, &ts, nil)
	if err == unix.EINTR { // the caller's loop comes back
		return nil
	}
	return err
}
