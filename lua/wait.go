package lua

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
)

// watching is what an interpreter waits with: the sources of callbacks, and
// what ends with the script.
type watching struct {
	sources []*watched
	endings []*ending
}

// watched is a source and whether it is being delivered, which a callback
// that waits must not do again.
type watched struct {
	bindings.Source
	busy, stopped bool
}

// ending is a function that AtEnd was given.
type ending struct{ f func() }

// Watch has what s delivers delivered whenever a script waits.
func (h *host) Watch(s bindings.Source) (stop func()) {
	w := &watched{Source: s}
	h.waits.sources = append(h.waits.sources, w)
	return func() {
		w.stopped = true
		h.waits.sources = slices.DeleteFunc(h.waits.sources, func(x *watched) bool { return x == w })
	}
}

// AtEnd has f called after the functions that scripts deferred.
func (h *host) AtEnd(f func()) (forget func()) {
	e := &ending{f}
	h.waits.endings = append(h.waits.endings, e)
	return func() {
		h.waits.endings = slices.DeleteFunc(h.waits.endings, func(x *ending) bool { return x == e })
	}
}

// end calls what AtEnd was given.
func (w *watching) end() {
	for len(w.endings) > 0 {
		last := w.endings[len(w.endings)-1]
		w.endings = w.endings[:len(w.endings)-1]
		last.f()
	}
}

// Wait waits for done, d, the end of the script's context, or the error of a
// delivery.
func (h *host) Wait(L *glua.LState, done <-chan struct{}, d time.Duration) error {
	var late <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		late = t.C
	}
	for {
		ctx := h.in.ctx
		ready, settle := h.waits.fill(ctx)
		var ends bool
		var err error
		select {
		case <-done:
			ends = true
		case <-late:
			ends, err = true, context.DeadlineExceeded
		case <-ctx.Done():
			ends, err = true, ctx.Err()
		case <-ready:
		}
		filled := settle()
		if ends {
			return err // what was filled is delivered by the next wait
		}
		if err := deliver(L, filled); err != nil {
			return err
		}
	}
}

// Idle delivers what has happened without waiting, between two lines of the
// prompt.
func (in *Interp) Idle(ctx context.Context) error {
	if len(in.host.waits.sources) == 0 {
		return nil
	}
	end := in.begin(ctx)
	defer end()
	now, cancel := context.WithCancel(ctx)
	cancel()
	_, settle := in.host.waits.fill(now)
	err := deliver(in.L, settle())
	var raised *raisedValue
	if errors.As(err, &raised) {
		return raised.err
	}
	return err
}

// fill has all sources filled that are not being delivered. ready gets a value
// when the first is; settle ends the others' wait and returns all.
func (w *watching) fill(ctx context.Context) (ready <-chan struct{}, settle func() []*watched) {
	ctx, cancel := context.WithCancel(ctx)
	first := make(chan struct{}, 1)
	var idle []*watched
	var running sync.WaitGroup
	for _, s := range w.sources {
		if s.busy {
			continue
		}
		idle = append(idle, s)
		running.Go(func() {
			s.Fill(ctx)
			select {
			case first <- struct{}{}:
			default:
			}
		})
	}
	return first, func() []*watched {
		cancel()
		running.Wait()
		return idle
	}
}

// deliver hands over what the sources took, in the order in which they were
// watched.
func deliver(L *glua.LState, sources []*watched) error {
	for _, s := range sources {
		if s.stopped {
			continue // by a callback of one before it
		}
		s.busy = true
		err := s.Deliver(L)
		s.busy = false
		if err != nil {
			return err
		}
	}
	return nil
}
