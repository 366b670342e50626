package nlcore

import (
	"context"
	"iter"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

var addrClass = Class{
	Name:  "addr",
	Key:   "address",
	Dev:   true,
	Verbs: []val.Verb{Add, Replace, Update, Del},
	New:   func(string) Object { return &Addr{} },
	Each:  eachAddr,
}

// AddrAdd adds an address that the link does not have yet; else it is EEXIST.
// A zero link is a.Dev.
func (h *Handle) AddrAdd(ctx context.Context, link val.LinkRef, a *Addr) error {
	return h.Apply(ctx, Change{Verb: Add, Object: a.on(link)})
}

// AddrReplace adds an address, or sets lifetimes, flags and metric of the one
// that is there.
func (h *Handle) AddrReplace(ctx context.Context, link val.LinkRef, a *Addr) error {
	return h.Apply(ctx, Change{Verb: Replace, Object: a.on(link)})
}

// AddrDel removes an address; EADDRNOTAVAIL where there is none.
func (h *Handle) AddrDel(ctx context.Context, link val.LinkRef, a *Addr) error {
	return h.Apply(ctx, Change{Verb: Del, Object: a.on(link)})
}

// on is the address on a link; the caller's stays as it is.
func (a *Addr) on(link val.LinkRef) *Addr {
	if link.IsZero() {
		return a
	}
	c := *a
	c.Dev = link
	return &c
}

// AddrList lists the addresses that agree with all that like says; nil is all
// of both families. The kernel filters by family, interface and namespace id.
func (h *Handle) AddrList(ctx context.Context, like *Addr) ([]Addr, error) {
	body, err := h.addrDump(ctx, like)
	if err != nil {
		return nil, explainOp("addr list", "", err)
	}
	q := query{op: "addr list", ask: uapi.RTM_GETADDR, answer: uapi.RTM_NEWADDR, bodies: [][]byte{body}}
	return list(ctx, h, &q, h.addrPattern(h.readEnv(ctx), like), addrTable.Decode)
}

// addrPattern is what like asks beyond what the kernel filters by and what
// follows from other fields.
func (h *Handle) addrPattern(e *attr.Env, like *Addr) pattern {
	switch {
	case like == nil:
		return pattern{env: e}
	case h.o.NoStrict: // such a kernel looks at the family only
		return patternOf(e, like, "netnsid", "flags", "ip")
	}
	return patternOf(e, like, "family", "dev", "netnsid", "flags", "ip")
}

// addrDump writes the request for a list.
func (h *Handle) addrDump(ctx context.Context, like *Addr) ([]byte, error) {
	head := make([]byte, uapi.SizeofIfAddrmsg)
	if like == nil {
		return head, nil
	}
	head[0] = byte(like.Family.Or(familyOf(like.Address.Addr())))
	if !like.Dev.IsZero() {
		index, err := h.linkIndex(ctx, like.Dev)
		if err != nil {
			return nil, err
		}
		ne.PutUint32(head[4:], uint32(index))
	}
	if id, ok := like.Netnsid.Get(); ok {
		return attr.AppendU32(head, uapi.IFA_TARGET_NETNSID, uint32(id)), nil
	}
	return head, nil
}

func eachAddr(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
	a, _ := like.(*Addr)
	return whole(func() ([]Addr, error) { return h.AddrList(ctx, a) })
}
