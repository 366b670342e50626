package bindings_test

import (
	"context"
	"slices"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
)

var _ bindings.Waiter = (*world)(nil)

// Wait waits; sources are filled and delivered in turn meanwhile.
func (w *world) Wait(L *glua.LState, done <-chan struct{}, d time.Duration) error {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	if d > 0 {
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	go func() {
		select {
		case <-done:
			cancel()
		case <-ctx.Done():
		}
	}()
	for ctx.Err() == nil {
		filled := slices.Clone(w.sources)
		if len(filled) == 0 {
			<-ctx.Done()
		}
		for _, s := range filled {
			s.Fill(ctx)
			if err := s.Deliver(L); err != nil {
				return err
			}
		}
	}
	select {
	case <-done:
		return nil
	default:
		return ctx.Err()
	}
}

func (w *world) Watch(s bindings.Source) (stop func()) {
	w.sources = append(w.sources, s)
	return func() {
		w.sources = slices.DeleteFunc(w.sources, func(x bindings.Source) bool { return x == s })
	}
}

// AtEnd has f called when the test ends, last first.
func (w *world) AtEnd(f func()) (forget func()) {
	forgotten := false
	w.t.Cleanup(func() {
		if !forgotten {
			f()
		}
	})
	return func() { forgotten = true }
}
