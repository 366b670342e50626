package nlcore

import (
	"context"
	"iter"
	"syscall"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

var routeClass = Class{
	Name:  "route",
	Key:   "dst",
	Dev:   true,
	Verbs: []val.Verb{Add, Append, Prepend, Replace, Update, Del},
	New:   func(string) Object { return &Route{} },
	Each:  eachRoute,
	Get: func(ctx context.Context, h *Handle, like Object) (Object, error) {
		r, err := h.RouteGet(ctx, like.(*Route))
		return &r, err
	},
}

// RouteAdd adds a route; EEXIST where there is one to the same destination
// with the same metric (for IPv4 and tos).
func (h *Handle) RouteAdd(ctx context.Context, r *Route) error {
	return h.Apply(ctx, Change{Verb: Add, Object: r})
}

// RouteAppend adds a route behind those to the same destination; for IPv6 it
// becomes a way of their multipath route.
func (h *Handle) RouteAppend(ctx context.Context, r *Route) error {
	return h.Apply(ctx, Change{Verb: Append, Object: r})
}

// RouteReplace adds a route or takes the place of the first one to the same
// destination with the same metric.
func (h *Handle) RouteReplace(ctx context.Context, r *Route) error {
	return h.Apply(ctx, Change{Verb: Replace, Object: r})
}

// RouteChange takes the place of the first route to the same destination with
// the same metric; ENOENT where there is none.
func (h *Handle) RouteChange(ctx context.Context, r *Route) error {
	return h.Apply(ctx, Change{Verb: Update, Object: r})
}

// RouteDel removes the first route that agrees with all that r says; ESRCH
// where there is none. For IPv6, with a gateway or an interface, it removes
// one way of a multipath route.
func (h *Handle) RouteDel(ctx context.Context, r *Route) error {
	return h.Apply(ctx, Change{Verb: Del, Object: r})
}

// RouteGet is the route that a packet to r.Dst would take, chosen by what r
// says of the packet: From, IIF, Dev, Mark, Tos, UID, IPProto, ports.
func (h *Handle) RouteGet(ctx context.Context, r *Route) (Route, error) {
	var got Route
	found := false
	env, read := h.env(ctx, attr.Query), h.oneEnv(ctx)
	body := func(b []byte) ([]byte, error) { return r.appendLookup(env, b) }
	err := h.conn.Query(ctx, nl.Header{Type: uapi.RTM_GETROUTE}, body, func(m nl.Message) error {
		if m.Type != uapi.RTM_NEWROUTE {
			return nil
		}
		found = true
		return routeTable.Decode(read, &got, m.Data)
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return got, explainOp("route get", r.String(), err)
}

func (r *Route) appendLookup(e *attr.Env, b []byte) ([]byte, error) {
	if !r.Dst.IsValid() && r.family() != MPLS {
		return b, &attr.FieldError{Field: "dst", Msg: "is required"}
	}
	if err := r.check(); err != nil {
		return b, err
	}
	r, err := r.inVRF(e)
	if err != nil {
		return b, err
	}
	return routeTable.Append(e, b, r)
}

// RouteList lists the routes that agree with all that like says, of all tables
// and both families unless it says which. The kernel filters by family,
// table, interface, protocol and type.
func (h *Handle) RouteList(ctx context.Context, like *Route) ([]Route, error) {
	q, agree, err := h.routeQuery(ctx, like)
	if err != nil {
		return nil, err
	}
	var spool nl.Spool
	defer spool.Reset()
	var r Route
	err = h.messages(ctx, q, spool.Reset, func(body []byte) error {
		if agree.said != nil {
			r = Route{}
			if err := routeTable.Decode(agree.env, &r, body); err != nil || !agree.with(&r) {
				return err
			}
		}
		return spool.Add(body)
	})
	if err != nil {
		return nil, err
	}
	// Made at once, a list of a million needs its own 144 MB and no more.
	l := make([]Route, spool.Len())
	nl.ExpectUse(l)
	i := 0
	err = spool.Drain(func(body []byte) error {
		i++
		return routeTable.Decode(agree.env, &l[i-1], body)
	})
	if err != nil {
		return nil, explainOp("route list", "", err)
	}
	return l, nil
}

// RouteIter is RouteList as an iterator, which keeps nothing. An error is
// yielded last.
func (h *Handle) RouteIter(ctx context.Context, like *Route) iter.Seq2[Route, error] {
	return func(yield func(Route, error) bool) {
		left := false
		q, agree, err := h.routeQuery(ctx, like)
		if err == nil {
			err = each(ctx, h, q, agree, routeTable.Decode, func(r *Route) bool {
				left = !yield(*r, nil)
				return !left
			})
		}
		if err != nil && !left {
			yield(Route{}, err)
		}
	}
}

func eachRoute(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		r, _ := like.(*Route)
		q, agree, err := h.routeQuery(ctx, r)
		if err != nil {
			yield(nil, err)
			return
		}
		stream(ctx, h, q, agree, routeTable.Decode)(yield)
	}
}

// routeQuery asks for the routes of like's family, else of both; the pattern is
// what the kernel does not filter by.
func (h *Handle) routeQuery(ctx context.Context, like *Route) (*query, pattern, error) {
	like, err := h.listVRF(ctx, like)
	if err != nil {
		return nil, pattern{}, err
	}
	q := &query{op: "route list", ask: uapi.RTM_GETROUTE, answer: uapi.RTM_NEWROUTE,
		lacks: syscall.ENOENT} // a table that does not exist is an empty one
	families := []Family{Inet, Inet6}
	if like != nil && (like.Dst.IsValid() || !like.Family.IsZero() || like.Src.IsValid() || like.family() == MPLS) {
		families = []Family{like.family()}
	}
	for _, f := range families {
		body, err := h.routeFilter(ctx, f, like)
		if err != nil {
			return nil, pattern{}, explainOp(q.op, "", err)
		}
		q.bodies = append(q.bodies, body)
	}
	return q, h.routePattern(h.readEnv(ctx), like), nil
}

// routePattern is what like asks beyond what the kernel filters by.
func (h *Handle) routePattern(e *attr.Env, like *Route) pattern {
	switch {
	case like == nil:
		return pattern{env: e}
	case h.o.NoStrict:
		return patternOf(e, like, "flags")
	}
	return patternOf(e, like, "family", "table", "dev", "proto", "type", "flags")
}

// routeFilter writes the request for a list. Strict checking allows nothing
// else in it (ip_valid_fib_dump_req).
func (h *Handle) routeFilter(ctx context.Context, f Family, like *Route) ([]byte, error) {
	head := make([]byte, uapi.SizeofRtMsg, 32)
	head[0] = byte(f)
	if like == nil {
		return head, nil
	}
	head[5], head[7] = like.Protocol.Or(0), byte(like.Type.Or(0))
	if !like.Dev.IsZero() {
		index, err := h.linkIndex(ctx, like.Dev)
		if err != nil {
			return nil, err
		}
		head = attr.AppendU32(head, uapi.RTA_OIF, uint32(index))
	}
	if t, ok := like.Table.Get(); ok && t != 0 {
		head = attr.AppendU32(head, uapi.RTA_TABLE, t)
	}
	return head, nil
}
