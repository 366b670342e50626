package nl

import (
	"context"
	"fmt"

	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

// Join makes the Conn a member of a multicast group, by number, which counts
// from 1 (RTNLGRP_LINK). From then on the Conn only receives, because
// notifications of its own requests could not be told from their answers.
func (c *Conn) Join(group uint32) error {
	if err := c.member(uapi.NETLINK_ADD_MEMBERSHIP, group); err != nil {
		return fmt.Errorf("netlink join group %d: %w", group, err)
	}
	c.joined.Store(true)
	return nil
}

// Leave ends the membership of a group. Messages that wait are still received.
func (c *Conn) Leave(group uint32) error {
	if err := c.member(uapi.NETLINK_DROP_MEMBERSHIP, group); err != nil {
		return fmt.Errorf("netlink leave group %d: %w", group, err)
	}
	return nil
}

func (c *Conn) member(option int, group uint32) error {
	c.fdLock.RLock()
	defer c.fdLock.RUnlock()
	if c.closed.Load() {
		return ErrClosed
	}
	return unix.SetsockoptInt(c.fd, unix.SOL_NETLINK, option, int(group))
}

// Receive gives each message of the groups to each, until ctx ends, each
// returns an error, the Conn is closed, or messages were lost ([ErrOverrun]);
// what was still waiting then is dropped too, and whatever is sent after Receive
// returned is received by the next call. It has the Conn for that time. each
// must not use the Conn, except to join, leave and close; while it runs,
// messages wait in the socket's buffer.
func (c *Conn) Receive(ctx context.Context, each func(Message) error) error {
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	return c.read(ctx, heard(each))
}

// Take gives each message of the next datagram that waits to each, as Receive
// does, but does not wait for one; got says whether there was one.
func (c *Conn) Take(each func(Message) error) (got bool, err error) {
	if err := c.acquire(context.Background()); err != nil {
		return false, err
	}
	defer c.release()
	for {
		b, from, errno := c.in.take(c.fd)
		switch {
		case errno == unix.EAGAIN:
			return false, nil
		case errno != 0:
			return false, c.receiveError(errno)
		case from != c.peer.Pid:
			continue
		}
		if c.tracer != nil {
			c.tracer.Trace(Received, b)
		}
		_, err := walk(b, heard(each))
		return true, err
	}
}

// Await returns when a datagram waits to be taken. Its errors are those of
// Receive; after one that is [ErrOverrun] nothing waits.
func (c *Conn) Await(ctx context.Context) error {
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	errno, err := c.waiting.wait(ctx, c)
	if err != nil {
		return err
	}
	if errno != 0 {
		return c.receiveError(errno)
	}
	return nil
}

// heard gives messages of a group to each.
func heard(each func(Message) error) func(Message) (more bool, err error) {
	return func(m Message) (more bool, err error) {
		switch m.Type {
		case uapi.NLMSG_OVERRUN:
			return false, fmt.Errorf("netlink receive: %w: the kernel says so", ErrOverrun)
		case uapi.NLMSG_NOOP:
			return true, nil
		}
		return true, each(m)
	}
}
