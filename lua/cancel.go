package lua

import (
	"sync/atomic"
	"time"
)

// vmContext is the context that gopher-lua's loop asks before every
// instruction. Its Done is nil until the script must stop, which costs about
// a third of what a cancellable context costs there. It belongs to the whole
// Interp: the main thread and all coroutines share it.
type vmContext struct {
	stop atomic.Pointer[stopReason]
}

// stopReason says why the running script must stop.
type stopReason struct{ err error }

var closedChan = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (c *vmContext) Done() <-chan struct{} {
	if c.stop.Load() != nil {
		return closedChan
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
