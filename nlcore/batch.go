package nlcore

import (
	"context"
	"errors"
	"io"
	"slices"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/val"
)

// batch turns a stream of changes into packed sends. It is the nl.Source of
// each run; a change that must wait for what was packed before it (a barrier)
// ends the run, is done alone or starts the next one.
type batch struct {
	h    *Handle
	ctx  context.Context
	next func() (Change, error)
	env  attr.Env

	protocol int    // of this run
	held     Change // taken from next, not yet sent
	isHeld   bool
	end      error // what next returned at its end
	tried    int   // changes taken from next
	failed   []*Error
	files    openFiles
	waiting  [ringSize]waiting // what was sent and may still be refused
	packed   int               // requests in this run
	links    map[string]int32
	created  bool // links were changed in this run, so names are not known yet
}

// ringSize is more than nl has under way: two packs of 256.
const ringSize = 1024

type waiting struct {
	change Change
	index  int
}

// errBarrier ends a run so that what was packed is done before the next
// change is written.
var errBarrier = errors.New("barrier")

func (b *batch) run() error {
	defer b.files.close()
	for {
		b.packed, b.created = 0, false
		conn, err := b.conn()
		if err == nil {
			_, err = conn.Batch(b.ctx, b)
		}
		b.files.close()
		switch {
		case errors.Is(err, errBarrier):
			if err := b.pass(); err != nil {
				return err
			}
		case err != nil:
			return err
		case b.end != nil && !errors.Is(b.end, io.EOF):
			return b.end
		default:
			return nil
		}
	}
}

// conn is the socket for the next change, which is taken to see its protocol.
func (b *batch) conn() (*nl.Conn, error) {
	if !b.isHeld {
		if c, err := b.take(); err == nil {
			b.held, b.isHeld = c, true
		}
	}
	b.protocol = protocolOf(b.held.Object)
	return b.h.connOf(b.protocol)
}

// pass does the change that had to wait, if it cannot be packed.
func (b *batch) pass() error {
	if !b.isHeld || b.packable(b.held) {
		return nil
	}
	c := b.held
	b.held, b.isHeld, b.links = Change{}, false, nil
	b.note(b.tried-1, c, b.h.applyOne(b.ctx, c))
	return b.ctx.Err()
}

// packable says that a change is one message in this namespace.
func (b *batch) packable(c Change) bool {
	if _, ok := executes(c); ok || !c.Netns.IsZero() {
		return false
	}
	s := stepperOf(c.Object)
	return s == nil || !s.several(c.Verb)
}

// Next packs the next change that can be written; one that cannot is noted
// as failed, and the one after it is tried.
func (b *batch) Next(buf []byte) ([]byte, nl.Header, error) {
	for {
		if err := b.ctx.Err(); err != nil {
			return buf, nl.Header{}, err
		}
		c, err := b.take()
		if err != nil {
			return buf, nl.Header{}, io.EOF
		}
		if !b.packable(c) || protocolOf(c.Object) != b.protocol {
			b.held, b.isHeld = c, true
			return buf, nl.Header{}, errBarrier
		}
		out, h, err := b.write(buf, c)
		switch {
		case errors.Is(err, errBarrier):
			b.held, b.isHeld = c, true
			return buf, nl.Header{}, errBarrier
		case err != nil:
			b.note(b.tried-1, c, err)
			continue
		}
		b.waiting[b.packed%ringSize] = waiting{c, b.tried - 1}
		b.packed++
		if c.Object.Class() == linkClass.Name {
			b.created, b.links = true, nil
		}
		return out, h, nil
	}
}

func (b *batch) take() (Change, error) {
	if b.isHeld {
		c := b.held
		b.held, b.isHeld = Change{}, false
		return c, nil
	}
	if b.end != nil {
		return Change{}, b.end
	}
	c, err := b.next()
	if err != nil {
		b.end = err
		return c, err
	}
	b.tried++
	return c.again(), nil
}

func (b *batch) write(buf []byte, c Change) ([]byte, nl.Header, error) {
	typ, flags, err := c.Object.Header(c.Verb)
	if err != nil {
		return buf, nl.Header{}, err
	}
	b.env.Mode = modeOf(c.Verb)
	out, err := c.Object.Append(&b.env, c.Verb, buf)
	return out, nl.Header{Type: typ, Flags: flags}, err
}

// Failed is told by the connection which request was refused.
func (b *batch) Failed(i int, e *nl.Error) {
	w := &b.waiting[i%ringSize]
	b.note(w.index, w.change, e)
}

func (b *batch) note(index int, c Change, err error) {
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) { // a composite change says which request failed
		e = b.h.explain(c, err)
	}
	e.Index = index
	b.failed = append(b.failed, e)
}

func (b *batch) sortFailed() {
	slices.SortStableFunc(b.failed, func(x, y *Error) int { return x.Index - y.Index })
}

// linkIndex resolves a name once a batch. After a change of links in the same
// run the names are not known until it is done.
func (b *batch) linkIndex(r val.LinkRef) (int32, error) {
	if i, ok := b.links[r.Name]; ok {
		return i, nil
	}
	if b.created {
		return 0, errBarrier
	}
	i, err := b.h.linkIndex(b.ctx, r)
	if err != nil {
		return 0, err
	}
	if b.links == nil {
		b.links = map[string]int32{}
	}
	b.links[r.Name] = i
	return i, nil
}
