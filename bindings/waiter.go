package bindings

import (
	"context"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// Waiter is the host as builtins that wait need it. Nothing else lets time
// pass in a script, so callbacks run here and between lines at the prompt.
type Waiter interface {
	// Watch has what s delivers delivered whenever a script waits, until stop
	// is called, which may be within a delivery.
	Watch(s Source) (stop func())
	// Wait returns nil when done is closed; a nil done never is. It returns
	// context.DeadlineExceeded after d, where d is above 0; the error of the
	// script's context when that ends; and what a delivery returned. Sources
	// are delivered meanwhile, but for those that are being delivered already.
	Wait(L *glua.LState, done <-chan struct{}, d time.Duration) error
	// AtEnd has f called after the functions that scripts deferred, last
	// first, unless forget is called before: what a script started and did
	// not end lives as long as they do.
	AtEnd(f func()) (forget func())
}

// Source is something that happens outside of a script, which its callbacks
// are told of.
type Source interface {
	// Fill takes what is there, and waits until ctx ends if there is nothing;
	// a ctx that has ended makes it look without waiting. It runs on a
	// goroutine of its own, never together with Deliver or itself.
	Fill(ctx context.Context)
	// Deliver hands over what Fill took, which may be nothing, on the script's
	// goroutine. What it did not get to before an error is kept for the next.
	Deliver(L *glua.LState) error
}

// waiter is the host as what scripts wait with.
func waiter(c *decl.Call) (Waiter, error) {
	if w, ok := c.Host.(Waiter); ok {
		return w, nil
	}
	return nil, c.Refuse("this interpreter cannot wait")
}

// await runs f, which works outside of the interpreter until its ctx ends,
// while callbacks run. What one of them raises ends f and is returned.
func await(c *decl.Call, f func(ctx context.Context) error) error {
	w, err := waiter(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	done := make(chan struct{})
	var result error
	go func() {
		defer close(done)
		result = f(ctx)
	}()
	if err := w.Wait(c.L, done, 0); err != nil {
		cancel()
		<-done
		return err
	}
	return result
}
