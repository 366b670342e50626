package nl

import (
	"context"
	"fmt"
	"iter"

	"nlsh/nlcore/internal/uapi"
)

// Dump sends a request with NLM_F_DUMP and yields the messages of the list. An
// error is yielded last, with a zero Message: a refusal is an *[Error] (it may
// come after messages), a list that changed meanwhile is [ErrDumpInterrupted],
// given as soon as the kernel says so.
//
// The Conn is busy until the loop ends; the loop's body must not use it. A loop
// that is left early leaves the Conn usable but Unfinished.
func (c *Conn) Dump(ctx context.Context, h Header, body Encoder) iter.Seq2[Message, error] {
	h.Flags |= uapi.NLM_F_DUMP
	return func(yield func(Message, error) bool) {
		p, err := c.single(h, body)
		if err != nil {
			yield(Message{}, err)
			return
		}
		defer c.giveBack(p)
		if err := c.acquire(ctx); err != nil {
			yield(Message{}, err)
			return
		}
		defer c.release()
		if err := c.dump(ctx, p, yield); err != nil {
			yield(Message{}, err)
		}
	}
}

// Unfinished says that a dump was left before its end and the kernel still
// holds the rest. The Conn can be used: other calls skip the rest as it comes,
// and the next dump reads it to its end first, because the kernel runs one dump
// a socket. With much left it is cheaper to close the Conn.
func (c *Conn) Unfinished() bool { return c.undone.Load() != 0 }

// dump sends the request and yields its messages. It returns the error to
// yield last; nil also if the loop was left.
func (c *Conn) dump(ctx context.Context, p *pack, yield func(Message, error) bool) error {
	if err := c.finish(ctx); err != nil {
		return err
	}
	if err := c.transmit(p); err != nil {
		return err
	}
	c.undone.Store(p.first)
	return c.read(ctx, func(m Message) (more bool, err error) { return c.dumped(p, m, yield) })
}

// dumped takes one message of a dump; more says that others may follow.
func (c *Conn) dumped(p *pack, m Message, yield func(Message, error) bool) (more bool, err error) {
	mine := m.Seq == p.first
	end := mine && (m.Type == uapi.NLMSG_DONE || m.Type == uapi.NLMSG_ERROR)
	if end {
		c.undone.Store(0)
	}
	if mine && m.Flags&uapi.NLM_F_DUMP_INTR != 0 {
		return false, fmt.Errorf("netlink receive: %w", ErrDumpInterrupted)
	}
	if mine && !end && m.Type != uapi.NLMSG_NOOP && m.Type != uapi.NLMSG_OVERRUN {
		return yield(m, nil), nil
	}
	if _, err := c.answer(p, m, nil); err != nil {
		return false, err
	}
	if len(p.refused) > 0 {
		return false, p.refused[0].err
	}
	return !end, nil
}

// finish reads a dump that was left early to its end.
func (c *Conn) finish(ctx context.Context) error {
	if c.undone.Load() == 0 {
		return nil
	}
	return c.read(ctx, func(m Message) (more bool, err error) {
		c.forget(m)
		return c.undone.Load() != 0, nil
	})
}
