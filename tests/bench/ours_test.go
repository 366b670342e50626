package bench

import (
	"fmt"
	"io"
	"net/netip"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

var verbs = map[string]val.Verb{"add": nlcore.Add, "replace": nlcore.Replace, "delete": nlcore.Del}

func goRoute(i int) *nlcore.Route {
	return &nlcore.Route{Dst: netip.PrefixFrom(dst(i), 32), Via: via, Dev: val.LinkName(routeDev)}
}

// goEach makes each route when the batch asks for it.
func goEach(h *nlcore.Handle) changer {
	return changer{name: "Go, next function", go_: true, do: func(op string) error {
		i, verb := 0, verbs[op]
		n, err := h.ApplyEach(ctx, func() (nlcore.Change, error) {
			if i == *routes {
				return nlcore.Change{}, io.EOF
			}
			i++
			return nlcore.Change{Verb: verb, Object: goRoute(i - 1)}, nil
		})
		return counts(n, err)
	}}
}

// goSlice has all changes ready.
func goSlice(h *nlcore.Handle) changer {
	var l []nlcore.Change
	return changer{
		name: "Go, slice", go_: true,
		ready: func() error {
			l = make([]nlcore.Change, *routes)
			for i := range l {
				l[i].Object = goRoute(i)
			}
			return nil
		},
		do: func(op string) error {
			for i := range l {
				l[i].Verb = verbs[op]
			}
			return h.Apply(ctx, l...)
		},
		done: func() { l = nil },
	}
}

// counts is an error where not all routes were treated.
func counts(n int, err error) error {
	if err == nil && n != *routes {
		err = fmt.Errorf("%d routes, want %d", n, *routes)
	}
	return err
}
