package bindings

import (
	"context"
	"errors"
	"fmt"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

// readAhead is how many events are taken at once of those that are there.
const readAhead = 256

// reader takes events from a subscription outside of the script.
type reader struct {
	sub   *nlcore.Subscription
	place *decl.Place
	ahead []nlcore.Event // taken and not yet looked at
	err   error          // that ended the subscription
	busy  bool           // somebody waits for events
}

// Fill takes what is there, and waits for it until ctx ends.
func (r *reader) Fill(ctx context.Context) {
	if len(r.ahead) > 0 {
		return
	}
	if r.err != nil {
		<-ctx.Done()
		return
	}
	now, cancel := context.WithCancel(ctx)
	cancel()
	e, err := r.sub.Next(ctx)
	for err == nil {
		if r.ahead = append(r.ahead, e); len(r.ahead) == readAhead {
			return
		}
		e, err = r.sub.Next(now)
	}
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		r.err = err
	}
}

// await fills while callbacks run, until until; false when that is over first.
func (r *reader) await(L *glua.LState, w Waiter, until time.Time) (bool, error) {
	var left time.Duration
	if !until.IsZero() {
		left = max(time.Until(until), 1)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	r.busy = true
	go func() {
		defer close(done)
		r.Fill(ctx)
	}()
	err := w.Wait(L, done, left)
	cancel()
	<-done
	r.busy = false
	switch {
	case errors.Is(err, context.DeadlineExceeded) && !until.IsZero() && !time.Now().Before(until):
		return len(r.ahead) > 0, nil
	case err != nil:
		return false, err
	case len(r.ahead) == 0 && r.err != nil:
		return false, r.failure()
	}
	return true, nil
}

// failure is why there are no more events.
func (r *reader) failure() error {
	if !r.place.Gone {
		return r.err
	}
	name := r.place.Name
	if name == "" {
		name = "without a name"
	}
	return &Failure{Op: "monitor", Msg: fmt.Sprintf("namespace %s was deleted", name), cause: r.err}
}

// next is the next event, if one comes before until.
func (r *reader) next(L *glua.LState, w Waiter, until time.Time, wanted func(nlcore.Event) bool) (nlcore.Event, bool, error) {
	for {
		for len(r.ahead) > 0 {
			e := r.ahead[0]
			if r.ahead = r.ahead[1:]; wanted(e) {
				return e, true, nil
			}
		}
		if ok, err := r.await(L, w, until); err != nil || !ok {
			return nlcore.Event{}, false, err
		}
	}
}

// deadline is when a time that begins now is over; zero: never.
func deadline(d time.Duration, limited bool) time.Time {
	if !limited {
		return time.Time{}
	}
	return time.Now().Add(d)
}

// expectation is what monitor.wait waits for.
type expectation struct {
	reader
	*decl.Conditions
	absent bool
	late   bool          // the time was over
	last   nlcore.Object // that was to go
}

// wait returns the object that was waited for; nil for one that is absent, or
// late.
func (x *expectation) wait(c *decl.Call, w Waiter, d time.Duration, limited bool) (nlcore.Object, error) {
	until := deadline(d, limited)
	any := func(nlcore.Event) bool { return true }
	var there map[string]nlcore.Object
	for {
		if there == nil {
			l, err := x.List(c.Context(), x.place)
			switch {
			case err != nil:
				return nil, err
			case x.absent && len(l) == 0:
				return nil, nil
			case !x.absent && len(l) > 0:
				return l[0], nil
			}
			there = map[string]nlcore.Object{}
			for _, o := range l {
				there[o.Ident()], x.last = o, o
			}
		}
		e, ok, err := x.next(c.L, w, until, any)
		if err != nil || !ok {
			x.late = true
			return nil, err
		}
		is := e.Op == nlcore.EventNew && x.Match(e.Object)
		switch {
		case is && !x.absent:
			return e.Object, nil
		case is:
			there[e.Object.Ident()], x.last = e.Object, e.Object
		default:
			delete(there, e.Object.Ident())
		}
		if x.absent && len(there) == 0 {
			there = nil // it may have come back since: look
		}
	}
}
