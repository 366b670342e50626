package nlcore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nlsh/nlcore/val"
)

// stepper is an object whose change may need several requests.
type stepper interface {
	// several says whether it needs them for this verb.
	several(v val.Verb) bool
	// steps lists them, where there are several. It may read what a later step
	// would have to restore.
	steps(ctx context.Context, h *Handle, v val.Verb) ([]step, error)
}

// stepperOf is how an object's change becomes steps; nil where each is one
// request.
func stepperOf(o Object) stepper {
	if l, ok := o.(Link); ok {
		return linkChange{l}
	}
	s, _ := o.(stepper)
	return s
}

// step is one request of a composite change, and how to undo it.
type step struct {
	change Change
	// undo are the changes that take it back, in their order; none where an
	// earlier step's undo does.
	undo []Change
	// partly says that a refused request may have done a part, so that undo
	// runs for it too (the kernel's do_setlink stops midway).
	partly bool
	// known is the errno that counts as done, 0 for none.
	known error
}

// undoTime bounds the undoing of a change whose context has ended.
const undoTime = 10 * time.Second

// runSteps executes a composite change; on failure what was done is undone in
// reverse, also when ctx has ended. Steps that happen elsewhere share one
// Handle a namespace.
func (h *Handle) runSteps(ctx context.Context, steps []step) error {
	p := places{h: h}
	defer p.close()
	for i, s := range steps {
		err := p.do(ctx, s.change)
		if err == nil || s.known != nil && errors.Is(err, s.known) {
			continue
		}
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
		defer cancel()
		done := steps[:i]
		if s.partly {
			done = steps[:i+1]
		}
		return p.undo(undo, done, err)
	}
	return nil
}

// places are the Handles of the namespaces that a composite change touches.
type places struct {
	h     *Handle
	other map[val.NetnsRef]*Handle
}

func (p *places) at(r val.NetnsRef) (*Handle, error) {
	if r.IsZero() {
		return p.h, nil
	}
	if h := p.other[r]; h != nil {
		return h, nil
	}
	h, err := p.h.at(r)
	if err != nil {
		return nil, err
	}
	if p.other == nil {
		p.other = map[val.NetnsRef]*Handle{}
	}
	p.other[r] = h
	return h, nil
}

func (p *places) do(ctx context.Context, c Change) error {
	h, err := p.at(c.Netns)
	if err != nil {
		return p.h.explain(c, err)
	}
	err = h.request(ctx, Change{Verb: c.Verb, Object: c.Object})
	var e *Error
	if errors.As(err, &e) && !c.Netns.IsZero() {
		e.Netns = c.Netns.String()
	}
	return err
}

func (p *places) undo(ctx context.Context, done []step, cause error) error {
	var e *Error
	if !errors.As(cause, &e) {
		return cause
	}
	for i := len(done) - 1; i >= 0; i-- {
		for _, c := range done[i].undo {
			if err := p.do(ctx, c); err != nil && !errors.Is(err, errGone) {
				e.Hint = fmt.Sprintf("and undoing it failed: %v", err)
			}
		}
	}
	return e
}

func (p *places) close() {
	for _, h := range p.other {
		_ = h.Close()
	}
}
