package nl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// receive returns the next datagram from the peer; those of others are
// dropped. The bytes are valid until the next call. The caller owns the socket.
func (c *Conn) receive(ctx context.Context) ([]byte, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("netlink receive: %w", err)
		}
		if c.closed.Load() {
			return nil, errClosed()
		}
		b, from, errno := c.in.take(c.fd)
		if errno == unix.EAGAIN {
			var err error
			if errno, err = c.waiting.wait(ctx, c); err != nil {
				return nil, err
			}
			if errno == 0 {
				continue
			}
		}
		if errno != 0 {
			return nil, c.receiveError(errno)
		}
		if from != c.peer.Pid {
			continue
		}
		if c.tracer != nil {
			c.tracer.Trace(Received, b)
		}
		return b, nil
	}
}

// receiveError wraps a socket error. After a loss the socket is congested
// (netlink_overrun in af_netlink.c): the kernel drops all that is new, without
// saying so again, until the queue is empty. So empty it here.
func (c *Conn) receiveError(errno unix.Errno) error {
	if errno != unix.ENOBUFS {
		return fmt.Errorf("netlink receive: %w", errno)
	}
	for {
		if _, _, e := c.in.take(c.fd); e != 0 && e != unix.ENOBUFS {
			return fmt.Errorf("netlink receive: %w: %w", ErrOverrun, errno)
		}
	}
}

// waiter waits for the socket with the runtime's poller. It is made on the
// first wait: rtnetlink has its answer ready when send returns, and a socket
// known to the poller pays for each message even if nobody waits.
type waiter struct {
	lock sync.Mutex
	file *os.File // a duplicate of the socket
	raw  syscall.RawConn
}

var longAgo = time.Unix(1, 0)

// wait returns when a datagram is there, or a socket error, which is errno. Its
// other error is the context's, or ErrClosed.
func (w *waiter) wait(ctx context.Context, c *Conn) (errno unix.Errno, err error) {
	if err := w.open(c); err != nil {
		return 0, err
	}
	for {
		// Clear the deadline first and look for reasons to stop afterwards:
		// whoever stops us sets the reason first and the deadline afterwards.
		if err := w.file.SetReadDeadline(time.Time{}); err != nil {
			return 0, fmt.Errorf("netlink receive: %w", err)
		}
		if c.closed.Load() {
			return 0, errClosed()
		}
		stop := context.AfterFunc(ctx, w.wake)
		err := w.raw.Read(func(fd uintptr) bool {
			errno = peek(int(fd))
			return errno != unix.EAGAIN
		})
		stop()
		switch {
		case err == nil:
			return errno, nil
		case c.closed.Load():
			return 0, errClosed()
		case ctx.Err() != nil:
			return 0, fmt.Errorf("netlink receive: %w", ctx.Err())
		case errors.Is(err, os.ErrDeadlineExceeded):
			// A waker of an earlier call came late.
		default:
			return 0, fmt.Errorf("netlink receive: %w", err)
		}
	}
}

func (w *waiter) open(c *Conn) error {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.file != nil {
		return nil
	}
	fd, err := unix.FcntlInt(uintptr(c.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("netlink receive: %w", os.NewSyscallError("dup", err))
	}
	file := os.NewFile(uintptr(fd), "netlink")
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return fmt.Errorf("netlink receive: %w", err)
	}
	w.file, w.raw = file, raw
	return nil
}

// wake ends the wait under way, if any. It may come late: see wait.
func (w *waiter) wake() {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.file != nil {
		_ = w.file.SetReadDeadline(longAgo)
	}
}

func (w *waiter) close() {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.file != nil {
		w.file.Close()
	}
}
