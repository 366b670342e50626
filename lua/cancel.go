package lua

import (
	"context"
	"sync/atomic"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// ErrInterrupted is the cause when Interrupt stopped a script.
var ErrInterrupted error = interrupted{}

type interrupted struct{}

func (interrupted) Error() string { return "interrupted: " + context.Canceled.Error() }
func (interrupted) Unwrap() error { return context.Canceled }

// vmContext is the context that gopher-lua's loop asks before every
// instruction. Its Done is nil until the script must stop, which costs about
// a third of what a cancellable context costs there. It belongs to the whole
// Interp: the main thread and all coroutines share it.
type vmContext struct {
	stop atomic.Pointer[stopReason]
}

// stopReason says why the running script must stop.
type stopReason struct {
	err    error
	closed chan struct{}
}

func stopFor(ctx context.Context) *stopReason {
	closed := make(chan struct{})
	close(closed)
	return &stopReason{context.Cause(ctx), closed}
}

func (c *vmContext) Done() <-chan struct{} {
	if s := c.stop.Load(); s != nil {
		return s.closed
	}
	return nil
}

func (c *vmContext) Err() error {
	if s := c.stop.Load(); s != nil {
		return s.err
	}
	return nil
}

func (c *vmContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *vmContext) Value(any) any               { return nil }

// phase is a stretch of running under one context: the script, or the
// deferred functions after it.
type phase struct {
	cancel context.CancelCauseFunc
}

// begin starts a phase under ctx and returns the function that ends it.
func (in *Interp) begin(ctx context.Context) (end func()) {
	outer, outerPhase := in.ctx, in.phase.Load()
	ctx, cancel := context.WithCancelCause(ctx)
	in.ctx = ctx
	in.phase.Store(&phase{cancel})
	in.vm.stop.Store(nil)
	if ctx.Err() != nil {
		in.vm.stop.Store(stopFor(ctx))
	}
	fired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		in.vm.stop.Store(stopFor(ctx))
		close(fired)
	})
	return func() {
		if !stop() {
			<-fired // else it could stop the next phase
		}
		cancel(nil)
		in.vm.stop.Store(nil)
		in.ctx = outer
		in.phase.Store(outerPhase)
		if outer.Err() != nil {
			in.vm.stop.Store(stopFor(outer))
		}
	}
}

// Context is the context that the running script is under. Builtins that wait
// take it.
func (in *Interp) Context() context.Context { return in.ctx }

// stopIfEnded raises in L when the context of the running script has ended.
// Builtins that waited call it: their wait may end before poll says so.
func (in *Interp) stopIfEnded(L *glua.LState) {
	if in.ctx.Err() != nil {
		raise(L, &stopError{context.Cause(in.ctx)})
	}
}

// stopNow raises in L that the script must stop, as poll has said.
func (in *Interp) stopNow(L *glua.LState) {
	raise(L, &stopError{in.poll()})
}

// Interrupt stops what runs, as the end of its context does: the script
// first, and when called again the deferred functions that run after it. Any
// goroutine may call it.
func (in *Interp) Interrupt() {
	in.interrupts.Add(1)
	if p := in.phase.Load(); p != nil {
		p.cancel(ErrInterrupted)
	}
}
