package nlcore

import (
	"context"
	"errors"
	"iter"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// ErrDumpInterrupted says that what was listed changed meanwhile, so that the
// list may lack entries or have some twice.
var ErrDumpInterrupted = nl.ErrDumpInterrupted

// dumpTries is how often a list that the kernel marked interrupted is read.
const dumpTries = 10

// dump yields the messages of one kernel list of rtnetlink. Its socket is its
// own, so that the body of the loop may use the Handle. A list interrupted
// before its first message was yielded is read again.
func (h *Handle) dump(ctx context.Context, typ uint16, body nl.Encoder) iter.Seq2[nl.Message, error] {
	return h.dumpOf(ctx, uapi.NETLINK_ROUTE, typ, body)
}

// dumpOf is dump for any protocol.
func (h *Handle) dumpOf(ctx context.Context, protocol int, typ uint16, body nl.Encoder) iter.Seq2[nl.Message, error] {
	return func(yield func(nl.Message, error) bool) {
		c, err := h.takeOf(ctx, protocol)
		if err != nil {
			yield(nl.Message{}, err)
			return
		}
		defer h.give(c)
		for try := 1; ; try++ {
			given, again := false, false
			for m, err := range c.Dump(ctx, nl.Header{Type: typ}, body) {
				if errors.Is(err, ErrDumpInterrupted) && !given && try < dumpTries {
					again = true
					break
				}
				if given = true; !yield(m, err) || err != nil {
					return
				}
			}
			if !again {
				return
			}
		}
	}
}

// once reads a list with decode, which returns an error to end it.
func (h *Handle) once(ctx context.Context, typ uint16, body nl.Encoder, decode func(nl.Message) error) error {
	for m, err := range h.dump(ctx, typ, body) {
		if err != nil {
			return err
		}
		if err := decode(m); err != nil {
			return err
		}
	}
	return nil
}

// raw is an encoder of bytes that are ready.
func raw(body []byte) nl.Encoder {
	return func(b []byte) ([]byte, error) { return append(b, body...), nil }
}

// encoder makes an object's message for a verb.
func encoder(e *attr.Env, c Change) nl.Encoder {
	return func(b []byte) ([]byte, error) { return c.Object.Append(e, c.Verb, b) }
}
