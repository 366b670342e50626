package nlcore

import (
	"context"
	"errors"
	"io"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/val"
)

// Apply executes changes in their order. One change is all or nothing, also
// where it needs several requests; its failure is an *Error. Of several, each
// is tried and those that fail are in a *BatchError, the others stay done.
func (h *Handle) Apply(ctx context.Context, changes ...Change) error {
	if len(changes) == 1 {
		return h.applyOne(ctx, changes[0])
	}
	i := 0
	_, err := h.ApplyEach(ctx, func() (Change, error) {
		if i == len(changes) {
			return Change{}, io.EOF
		}
		i++
		return changes[i-1], nil
	})
	return err
}

// ApplyEach executes the changes that next returns until it returns io.EOF,
// as one batch that keeps none of them. It returns how many were tried. Any
// other error of next ends the batch and is returned, joined to a *BatchError
// where changes failed.
func (h *Handle) ApplyEach(ctx context.Context, next func() (Change, error)) (int, error) {
	b := &batch{h: h, ctx: ctx, next: next, files: openFiles{from: h.ns}}
	b.env = attr.Env{Names: h.o.Names, LinkIndex: b.linkIndex, VRFTable: b.vrfTable, NetnsFd: b.files.open}
	err := b.run()
	if len(b.failed) == 0 {
		return b.tried, err
	}
	b.sortFailed()
	failed := &BatchError{Errors: b.failed, Total: b.tried}
	if err != nil {
		return b.tried, errors.Join(failed, err)
	}
	return b.tried, failed
}

// applyOne executes one change.
func (h *Handle) applyOne(ctx context.Context, c Change) error {
	if !c.Netns.IsZero() {
		return h.applyElsewhere(ctx, c)
	}
	c = c.again()
	s := stepperOf(c.Object)
	if s == nil || !s.several(c.Verb) {
		return h.request(ctx, c)
	}
	steps, err := s.steps(ctx, h, c.Verb)
	if err != nil {
		return h.explain(c, err)
	}
	return h.runSteps(ctx, steps)
}

// applyElsewhere executes a change in a namespace that is opened for it.
func (h *Handle) applyElsewhere(ctx context.Context, c Change) error {
	where := c.Netns
	there, err := h.at(where)
	if err != nil {
		return h.explain(c, err)
	}
	defer there.Close()
	c.Netns = val.NetnsRef{}
	err = there.applyOne(ctx, c)
	var e *Error
	if errors.As(err, &e) && e.Netns == "" {
		e.Netns = where.String()
	}
	return err
}

// request sends the one message of a change, or lets it execute itself.
func (h *Handle) request(ctx context.Context, c Change) error {
	if x, ok := executes(c); ok {
		if err := x.Execute(ctx, h, c.Verb); err != nil {
			return h.explain(c, err)
		}
		return nil
	}
	typ, flags, err := c.Object.Header(c.Verb)
	if err != nil {
		return h.explain(c, err)
	}
	env := h.env(ctx, modeOf(c.Verb))
	files := openFiles{from: h.ns}
	env.NetnsFd = files.open
	defer files.close()
	conn, err := h.connOf(protocolOf(c.Object))
	if err != nil {
		return h.explain(c, err)
	}
	if err := conn.Do(ctx, nl.Header{Type: typ, Flags: flags}, encoder(env, c)); err != nil {
		return h.explain(c, err)
	}
	return nil
}

// modeOf is the mode in which a verb's message is written.
func modeOf(v val.Verb) attr.Mode {
	switch v {
	case Set:
		return attr.Change
	case Del:
		return attr.Delete
	}
	return attr.Create
}
