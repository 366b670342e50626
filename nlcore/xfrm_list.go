package nlcore

import (
	"context"
	"errors"
	"iter"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/xfrm"
)

// xfrmStates lists states. The kernel is asked for all: its own filters are
// by network and protocol, of which few lists say anything.
func (h *Handle) xfrmStates(ctx context.Context, like *xfrm.State) iter.Seq2[*xfrm.State, error] {
	env := h.readEnv(ctx)
	agree := pattern{}
	if like != nil {
		agree = patternOf(env, like)
	}
	return xfrmList(h, ctx, uapi.XFRM_MSG_GETSA, uapi.XFRM_MSG_NEWSA, func(m nl.Message) (*xfrm.State, bool, error) {
		s := &xfrm.State{}
		err := s.Decode(env, m.Data)
		return s, err == nil && agree.with(s), err
	})
}

// xfrmPolicies lists policies.
func (h *Handle) xfrmPolicies(ctx context.Context, like *xfrm.Policy) iter.Seq2[*xfrm.Policy, error] {
	env := h.readEnv(ctx)
	agree := pattern{}
	if like != nil {
		agree = patternOf(env, like)
	}
	return xfrmList(h, ctx, uapi.XFRM_MSG_GETPOLICY, uapi.XFRM_MSG_NEWPOLICY, func(m nl.Message) (*xfrm.Policy, bool, error) {
		p := &xfrm.Policy{}
		err := p.Decode(env, m.Data)
		return p, err == nil && agree.with(p), err
	})
}

// xfrmList yields the objects of a kernel list that decode keeps.
func xfrmList[T any](h *Handle, ctx context.Context, ask, answer uint16, decode func(nl.Message) (T, bool, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for m, err := range h.dumpOf(ctx, uapi.NETLINK_XFRM, ask, raw(nil)) {
			if err == nil && m.Type != answer {
				continue
			}
			var x T
			keep := true
			if err == nil {
				x, keep, err = decode(m)
			}
			switch {
			case err != nil:
				yield(none, explainOp("xfrm list", "", err))
				return
			case keep && !yield(x, nil):
				return
			}
		}
	}
}

// gather makes a slice of a list; one that was interrupted is read again
// within a bound.
func gather[T any](list iter.Seq2[*T, error]) ([]T, error) {
	for try := 1; ; try++ {
		l, err := gatherOnce(list)
		if !errors.Is(err, ErrDumpInterrupted) || try == dumpTries {
			return l, err
		}
	}
}

func gatherOnce[T any](list iter.Seq2[*T, error]) ([]T, error) {
	var l []T
	for x, err := range list {
		if err != nil {
			return nil, err
		}
		l = append(l, *x)
	}
	return l, nil
}
