package nl

import (
	"context"
	"encoding/binary"
	"fmt"

	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

// answers reads until the last request of the pack is answered, gives what is
// no acknowledgement to each, and notes refusals in the pack. Messages with
// other sequence numbers belong to calls that were cancelled. The error is one
// of the exchange itself or of each, never a refusal.
func (c *Conn) answers(ctx context.Context, p *pack, each func(Message) error) error {
	return c.read(ctx, func(m Message) (more bool, err error) {
		last, err := c.answer(p, m, each)
		return !last, err
	})
}

// read receives datagrams and gives each message to take, until it wants no
// more.
func (c *Conn) read(ctx context.Context, take func(Message) (more bool, err error)) error {
	for {
		b, err := c.receive(ctx)
		if err != nil {
			return err
		}
		if more, err := walk(b, take); err != nil || !more {
			return err
		}
	}
}

// answer takes one message; last says that nothing more will come.
func (c *Conn) answer(p *pack, m Message, each func(Message) error) (last bool, err error) {
	if m.Type == uapi.NLMSG_OVERRUN {
		return false, fmt.Errorf("netlink receive: %w: the kernel says so", ErrOverrun)
	}
	i := int(m.Seq - p.first)
	if i >= len(p.starts) {
		c.forget(m)
		return false, nil
	}
	switch m.Type {
	case uapi.NLMSG_NOOP:
		return false, nil
	case uapi.NLMSG_ERROR, uapi.NLMSG_DONE:
		e, err := parseAck(m)
		if err != nil {
			return false, err
		}
		if e != nil && (e.Errno != 0 || c.warned != nil) {
			e.Protocol, e.Request = c.protocol, append([]byte(nil), p.request(i)...)
			if e.Errno != 0 {
				p.refused = append(p.refused, refusal{i, e})
			} else {
				c.warned(e)
			}
		}
		return i == len(p.starts)-1, nil
	}
	if each != nil {
		return false, each(m)
	}
	return false, nil
}

// forget takes a message of another call: the end of a dump that was left.
func (c *Conn) forget(m Message) {
	if (m.Type == uapi.NLMSG_DONE || m.Type == uapi.NLMSG_ERROR) && m.Seq == c.undone.Load() {
		c.undone.Store(0)
	}
}

// parseAck reads NLMSG_ERROR and NLMSG_DONE. It returns nil for a plain
// success, and an Error with Errno zero for one with words of the kernel.
func parseAck(m Message) (*Error, error) {
	if len(m.Data) < 4 {
		if m.Type == uapi.NLMSG_DONE && len(m.Data) == 0 {
			return nil, nil // some kernel modules end a dump so
		}
		return nil, fmt.Errorf("netlink acknowledgement of %d bytes, want 4 or more", len(m.Data))
	}
	code := int32(binary.NativeEndian.Uint32(m.Data))
	if m.Type == uapi.NLMSG_DONE && code > 0 {
		code = 0 // not an errno, which is negative here
	}
	tlvs := extAck(m)
	if code == 0 && len(tlvs) == 0 {
		return nil, nil
	}
	e := &Error{Errno: errnoOf(code), Offset: -1, MissType: -1, MissNest: -1}
	e.readExtAck(tlvs)
	if e.Errno == 0 && e.Message == "" {
		return nil, nil
	}
	return e, nil
}

// errnoOf turns the kernel's negative error into a number; a positive one,
// which no kernel sends, is taken as it is.
func errnoOf(code int32) unix.Errno {
	if code < 0 {
		return unix.Errno(-int64(code))
	}
	return unix.Errno(code)
}
