package nlcore

import (
	"context"
	"iter"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

var neighClass = Class{
	Name:  "neigh",
	Key:   "dst",
	Dev:   true,
	Verbs: []val.Verb{Add, Replace, Update, Del},
	New:   func(string) Object { return &Neigh{} },
	Each:  eachNeigh,
	Get: func(ctx context.Context, h *Handle, like Object) (Object, error) {
		n, err := h.NeighGet(ctx, like.(*Neigh))
		return &n, err
	},
}

// NeighAdd adds a neighbour, or a proxy, that is not there; else it is EEXIST.
// A proxy that is there is no error to the kernel.
func (h *Handle) NeighAdd(ctx context.Context, n *Neigh) error {
	return h.Apply(ctx, Change{Verb: Add, Object: n})
}

// NeighSet adds a neighbour, or takes the place of the one that is there: what
// n does not say is as for a new one. It is NeighReplace by the name that Go
// users know.
func (h *Handle) NeighSet(ctx context.Context, n *Neigh) error { return h.NeighReplace(ctx, n) }

// NeighReplace adds a neighbour, or takes the place of the one that is there.
func (h *Handle) NeighReplace(ctx context.Context, n *Neigh) error {
	return h.Apply(ctx, Change{Verb: Replace, Object: n})
}

// NeighChange takes the place of a neighbour that is there; else it is ENOENT.
func (h *Handle) NeighChange(ctx context.Context, n *Neigh) error {
	return h.Apply(ctx, Change{Verb: Update, Object: n})
}

// NeighDel removes a neighbour, or with n.Proxy a proxy; ENOENT where there is
// none.
func (h *Handle) NeighDel(ctx context.Context, n *Neigh) error {
	return h.Apply(ctx, Change{Verb: Del, Object: n})
}

// NeighProxyAdd makes this machine answer for dst on a link.
func (h *Handle) NeighProxyAdd(ctx context.Context, n *Neigh) error {
	return h.NeighAdd(ctx, n.asProxy())
}

// NeighProxyDel ends it; ENOENT where there is no such proxy.
func (h *Handle) NeighProxyDel(ctx context.Context, n *Neigh) error {
	return h.NeighDel(ctx, n.asProxy())
}

// asProxy is the neighbour as a proxy; the caller's stays as it is.
func (n *Neigh) asProxy() *Neigh {
	c := *n
	c.Proxy.Set(true)
	return &c
}

// NeighGet is the entry of n.Dst on n.Dev, with n.Proxy that of the proxies;
// ENOENT where there is none.
func (h *Handle) NeighGet(ctx context.Context, n *Neigh) (Neigh, error) {
	var got Neigh
	found := false
	env, read := h.env(ctx, attr.Query), h.readEnv(ctx)
	body := func(b []byte) ([]byte, error) {
		if err := n.check(Del); err != nil {
			return b, err
		}
		c := Neigh{Dst: n.Dst, Dev: n.Dev, Proxy: n.Proxy}
		return neighTable.Append(env, b, &c)
	}
	err := h.conn.Query(ctx, nl.Header{Type: uapi.RTM_GETNEIGH}, body, func(m nl.Message) error {
		if m.Type != uapi.RTM_NEWNEIGH {
			return nil
		}
		found = true
		return neighTable.Decode(read, &got, m.Data)
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return got, explainOp("neigh get", n.String(), err)
}

// NeighList lists the neighbours, with like.Proxy the proxies, that agree with
// all that like says; nil is all neighbours of both families, also those whose
// link needs no resolution (noarp). The kernel filters by family, interface and
// master.
func (h *Handle) NeighList(ctx context.Context, like *Neigh) ([]Neigh, error) {
	body, err := h.neighDump(ctx, like)
	if err != nil {
		return nil, explainOp("neigh list", "", err)
	}
	q := query{op: "neigh list", ask: uapi.RTM_GETNEIGH, answer: uapi.RTM_NEWNEIGH, bodies: [][]byte{body}}
	return list(ctx, h, &q, h.neighPattern(h.readEnv(ctx), like), neighTable.Decode)
}

// neighPattern is what like asks beyond what the kernel filters by.
func (h *Handle) neighPattern(e *attr.Env, like *Neigh) pattern {
	switch {
	case like == nil:
		return pattern{env: e}
	case h.o.NoStrict: // such a kernel filters by interface and master already
		return patternOf(e, like, "dev", "master")
	}
	return patternOf(e, like, "family", "dev", "master")
}

// neighDump writes the request for a list.
func (h *Handle) neighDump(ctx context.Context, like *Neigh) ([]byte, error) {
	head := make([]byte, uapi.SizeofNdMsg, 32)
	if like == nil {
		return head, nil
	}
	head[0] = byte(like.Family.Or(familyOf(like.Dst)))
	if like.Proxy.Or(false) {
		head[neighFlagsAt] = uapi.NTF_PROXY
	}
	for _, by := range [...]struct {
		id   uint16
		link val.LinkRef
	}{{uapi.NDA_IFINDEX, like.Dev}, {uapi.NDA_MASTER, like.Master}} {
		if by.link.IsZero() {
			continue
		}
		index, err := h.linkIndex(ctx, by.link)
		if err != nil {
			return nil, err
		}
		head = attr.AppendU32(head, by.id, uint32(index))
	}
	return head, nil
}

func eachNeigh(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
	n, _ := like.(*Neigh)
	return whole(func() ([]Neigh, error) { return h.NeighList(ctx, n) })
}
