package nl_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/nl/nltest"
	"nlsh/nlcore/netns/nstest"

	"golang.org/x/sys/unix"
)

// TestCancel cancels a request that the kernel has and does not answer. The
// answer comes with that of the next request.
func TestCancel(t *testing.T) {
	nstest.Sandboxed(t)
	asked := make(chan struct{})
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		late := k.Next()
		close(asked)
		r := k.Next()
		k.Send(late.Refuse(unix.EIO, nil))
		k.Send(r.Ack(nil))
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if err := c.Do(ctx, nl.Header{Type: 18}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if err := c.Do(t.Context(), nl.Header{Type: 18}, nil); err != nil {
		t.Errorf("next request: %v", err)
	}
	if err := c.Do(ctx, nl.Header{Type: 18}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: got %v, want %v", err, context.Canceled)
	}
}

func TestDeadline(t *testing.T) {
	nstest.Sandboxed(t)
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		k.Next()
		k.Next()
		r := k.Next()
		k.Send(r.Ack(nil))
	})
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if err := c.Do(ctx, nl.Header{}, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		cancel()
	}
	if err := c.Do(t.Context(), nl.Header{}, nil); err != nil {
		t.Errorf("next request: %v", err)
	}
}

// TestCancelWaitingForTurn cancels a call while another has the socket.
func TestCancelWaitingForTurn(t *testing.T) {
	nstest.Sandboxed(t)
	asked, release := make(chan struct{}), make(chan struct{})
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		r := k.Next()
		close(asked)
		<-release
		k.Send(r.Ack(nil))
	})
	first := make(chan error)
	go func() { first <- c.Do(t.Context(), nl.Header{}, nil) }()
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if err := c.Do(ctx, nl.Header{}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// TestClose closes a Conn under a request, one that waits for its turn, and a
// batch, and asks again.
func TestClose(t *testing.T) {
	nstest.Sandboxed(t)
	asked := make(chan struct{})
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		k.Next()
		close(asked)
	})
	errs := make(chan error)
	go func() { errs <- c.Do(t.Context(), nl.Header{}, nil) }()
	<-asked
	go func() { errs <- c.Do(t.Context(), nl.Header{}, nil) }()
	go func() {
		_, err := c.Batch(t.Context(), &rules{n: 1000})
		errs <- err
	}()
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	for range 3 {
		if err := <-errs; !errors.Is(err, nl.ErrClosed) {
			t.Errorf("got %v, want %v", err, nl.ErrClosed)
		}
	}
	later := map[string]error{
		"do":      c.Do(t.Context(), nl.Header{}, nil),
		"join":    c.Join(1),
		"leave":   c.Leave(1),
		"receive": c.Receive(t.Context(), nil),
	}
	for _, err := range c.Dump(t.Context(), nl.Header{}, nil) {
		later["dump"] = err
	}
	for name, err := range later {
		if !errors.Is(err, nl.ErrClosed) {
			t.Errorf("%s: got %v, want %v", name, err, nl.ErrClosed)
		}
	}
}

// TestCloseInsideDump closes a Conn in the body of its own loop.
func TestCloseInsideDump(t *testing.T) {
	nstest.Sandboxed(t)
	sent := make(chan struct{})
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		defer close(sent)
		r := k.Next()
		k.Send(part(r, "a"))
		k.Send(part(r, "b"))
	})
	n := 0
	var last error
	for _, err := range c.Dump(t.Context(), nl.Header{}, nil) {
		n++
		last = err
		<-sent // else the script may find the Conn closed
		c.Close()
	}
	if n != 2 || !errors.Is(last, nl.ErrClosed) {
		t.Errorf("got %d steps, last error %v, want 2, %v", n, last, nl.ErrClosed)
	}
}

// TestPeerDies loses the other end between two datagrams of a dump.
func TestPeerDies(t *testing.T) {
	nstest.Sandboxed(t)
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		k.Send(part(k.Next(), "a"))
		k.Die()
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var bodies []string
	var last error
	for m, err := range c.Dump(ctx, nl.Header{}, nil) {
		if last = err; err == nil {
			bodies = append(bodies, string(m.Data))
			cancel()
		}
	}
	if len(bodies) != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("got bodies %q, error %v", bodies, last)
	}
}

// TestSendRefused sends to a port that nobody has.
func TestSendRefused(t *testing.T) {
	nstest.Sandboxed(t)
	c := dial(t, &nl.Options{Protocol: unix.NETLINK_USERSOCK, Peer: 1<<31 + 7})
	if err := c.Do(t.Context(), nl.Header{}, nil); !errors.Is(err, unix.ECONNREFUSED) {
		t.Errorf("got %v, want %v", err, unix.ECONNREFUSED)
	}
}
