package nlcore

import (
	"context"
	"errors"
	"io"
	"syscall"

	"nlsh/nlcore/attr"
)

// RouteFlush deletes the routes that agree with all that like says, of all
// tables and both families unless it says which, and returns how many. An
// empty Route is all of them; nil is an error.
func (h *Handle) RouteFlush(ctx context.Context, like *Route) (int, error) {
	if like == nil {
		return 0, nothingSaid("route")
	}
	l, err := h.RouteList(ctx, like)
	return flush(ctx, h, l, err, func(r *Route) Object { return r })
}

// RuleFlush deletes the rules that agree with all that like says and returns
// how many. Those of priority 0 stay unless like says it, for without them no
// address of the machine is its own. An empty Rule is all others; nil is an
// error.
func (h *Handle) RuleFlush(ctx context.Context, like *Rule) (int, error) {
	if like == nil {
		return 0, nothingSaid("rule")
	}
	l, err := h.RuleList(ctx, like)
	return flush(ctx, h, l, err, func(r *Rule) Object {
		if r.Priority.Or(0) == 0 && like.Priority.IsZero() {
			return nil
		}
		return r
	})
}

// NeighFlush deletes the neighbours that agree with all that like says and
// returns how many. An empty Neigh is all, the kernel's own too; nil is an
// error.
func (h *Handle) NeighFlush(ctx context.Context, like *Neigh) (int, error) {
	if like == nil {
		return 0, nothingSaid("neigh")
	}
	l, err := h.NeighList(ctx, like)
	return flush(ctx, h, l, err, func(n *Neigh) Object { return n })
}

// AddrFlush deletes the addresses that agree with all that like says and
// returns how many. An empty Addr is all; nil is an error.
func (h *Handle) AddrFlush(ctx context.Context, like *Addr) (int, error) {
	if like == nil {
		return 0, nothingSaid("addr")
	}
	l, err := h.AddrList(ctx, like)
	return flush(ctx, h, l, err, func(a *Addr) Object { return a })
}

func nothingSaid(class string) error {
	return explainOp(class+" flush", "", &attr.FieldError{Field: "like", Msg: "is nil; an empty one is all"})
}

// flush deletes what was listed as one batch. What went by itself meanwhile,
// as a secondary address with its primary one does, is no error and not
// counted; which of the list are meant, object says by nil.
func flush[T any](ctx context.Context, h *Handle, l []T, err error, object func(*T) Object) (int, error) {
	if err != nil {
		return 0, err
	}
	i := 0
	n, err := h.ApplyEach(ctx, func() (Change, error) {
		for i < len(l) {
			i++
			if o := object(&l[i-1]); o != nil {
				return Change{Verb: Del, Object: o}, nil
			}
		}
		return Change{}, io.EOF
	})
	var failed *BatchError
	if !errors.As(err, &failed) {
		return n, err
	}
	n -= len(failed.Errors)
	for _, e := range failed.Errors {
		switch e.Errno {
		case syscall.ESRCH, syscall.ENOENT, syscall.EADDRNOTAVAIL:
		default:
			return n, err
		}
	}
	return n, nil
}
