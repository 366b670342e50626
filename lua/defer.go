package lua

import (
	"context"
	"errors"

	glua "github.com/yuin/gopher-lua"
)

// deferFunc is defer(f): f runs when the script ends, however it ends, the
// function deferred last first.
func (in *Interp) deferFunc(L *glua.LState) int {
	in.deferred = append(in.deferred, needFunction(L, 1))
	return 0
}

// RunDeferred runs what scripts deferred, all of it: an error in one function
// does not keep the next from running, and all errors are returned. When ctx
// has ended, or Interrupt was called, they run under a context of their own
// that ends after Options.Grace or at a second Interrupt. What scripts started
// and did not end, such as programs, ends after them.
func (in *Interp) RunDeferred(ctx context.Context) error {
	if in.closed {
		return nil
	}
	defer in.host.waits.end()
	if len(in.deferred) == 0 {
		return nil
	}
	var errs []error
	var grace context.Context
	var endGrace context.CancelFunc
	allowed := int32(1) // interrupts until grace ends
	for len(in.deferred) > 0 {
		last := len(in.deferred) - 1
		f := in.deferred[last]
		in.deferred = in.deferred[:last]
		if grace == nil && (ctx.Err() != nil || in.interrupts.Load() > 0) {
			if ctx.Err() != nil {
				allowed = 0
			}
			grace, endGrace = context.WithTimeout(context.WithoutCancel(ctx), in.opts.Grace)
			defer endGrace()
			ctx = grace
		}
		if grace != nil && in.interrupts.Load() > allowed {
			endGrace()
		}
		_, err := in.Call(ctx, f)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
