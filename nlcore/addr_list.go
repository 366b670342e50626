package nlcore

import (
	"context"
	"iter"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
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
	var l []Addr
	env := h.readEnv(ctx)
	agree := h.addrPattern(env, like)
	err = h.collect(ctx, uapi.RTM_GETADDR, raw(body), func() { l = l[:0] }, func(m nl.Message) error {
		if m.Type != uapi.RTM_NEWADDR {
			return nil
		}
		l = append(l, Addr{})
		last := &l[len(l)-1]
		if err := addrTable.Decode(env, last, m.Data); err != nil {
			return err
		}
		if !agree.with(last) {
			l = l[:len(l)-1]
		}
		return nil
	})
	if err != nil {
		return nil, explainOp("addr list", "", err)
	}
	return l, nil
}

// addrPattern is what like asks beyond what the kernel filters by and what
// follows from other fields.
func (h *Handle) addrPattern(e *attr.Env, like *Addr) pattern {
	switch {
	case like == nil:
		return pattern{}
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
	return func(yield func(Object, error) bool) {
		a, _ := like.(*Addr)
		l, err := h.AddrList(ctx, a)
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range l {
			if !yield(&l[i], nil) {
				return
			}
		}
	}
}
