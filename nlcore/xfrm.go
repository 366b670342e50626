package nlcore

import (
	"context"
	"iter"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)

var xfrmStateClass = Class{
	Name:  xfrm.StateClass,
	Verbs: []val.Verb{Add, Update, Del},
	New:   func(string) Object { return &xfrm.State{} },
	Each: func(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
		s, _ := like.(*xfrm.State)
		return stream(ctx, h, xfrmStates(), h.statePattern(ctx, s), decodeState)
	},
	Get: func(ctx context.Context, h *Handle, like Object) (Object, error) {
		s, err := h.XfrmStateGet(ctx, like.(*xfrm.State))
		return &s, err
	},
}

var xfrmPolicyClass = Class{
	Name:  xfrm.PolicyClass,
	Verbs: []val.Verb{Add, Replace, Update, Del},
	New:   func(string) Object { return &xfrm.Policy{} },
	Each: func(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
		p, _ := like.(*xfrm.Policy)
		return stream(ctx, h, xfrmPolicies(), h.policyPattern(ctx, p), decodePolicy)
	},
	Get: func(ctx context.Context, h *Handle, like Object) (Object, error) {
		p, err := h.XfrmPolicyGet(ctx, like.(*xfrm.Policy))
		return &p, err
	},
}

// XfrmStateAdd adds a state; EEXIST where there is one to the same receiver
// with the same protocol, SPI and mark.
func (h *Handle) XfrmStateAdd(ctx context.Context, s *xfrm.State) error {
	return h.Apply(ctx, Change{Verb: Add, Object: s})
}

// XfrmStateUpdate completes a state of which only the SPI was allocated. Of one
// that is complete the kernel changes encapsulation, care-of address, limits,
// output mark and number of an interface, and drops the rest silently. ESRCH
// where there is none.
func (h *Handle) XfrmStateUpdate(ctx context.Context, s *xfrm.State) error {
	return h.Apply(ctx, Change{Verb: Update, Object: s})
}

// XfrmStateDel deletes the state with s's destination, protocol, SPI and mark;
// ESRCH where there is none.
func (h *Handle) XfrmStateDel(ctx context.Context, s *xfrm.State) error {
	return h.Apply(ctx, Change{Verb: Del, Object: s})
}

// XfrmStateGet is the kernel's state with s's destination, protocol, SPI and
// mark.
func (h *Handle) XfrmStateGet(ctx context.Context, s *xfrm.State) (xfrm.State, error) {
	var got xfrm.State
	err := h.xfrmGet(ctx, uapi.XFRM_MSG_GETSA, uapi.XFRM_MSG_NEWSA, s.AppendID, got.Decode)
	return got, explainOp(xfrm.StateClass+" get", s.String(), err)
}

// XfrmStateList lists the states that agree with all that like says; nil is
// all.
func (h *Handle) XfrmStateList(ctx context.Context, like *xfrm.State) ([]xfrm.State, error) {
	return list(ctx, h, xfrmStates(), h.statePattern(ctx, like), decodeState)
}

// XfrmStateFlush deletes the states of a protocol; 0 is all.
func (h *Handle) XfrmStateFlush(ctx context.Context, proto xfrm.Proto) error {
	return explainOp(xfrm.StateClass+" flush", "", h.xfrmDo(ctx, uapi.XFRM_MSG_FLUSHSA, raw([]byte{byte(proto)})))
}

// XfrmPolicyAdd adds a policy; EEXIST where there is one with the same
// direction, selector, mark and number of an interface.
func (h *Handle) XfrmPolicyAdd(ctx context.Context, p *xfrm.Policy) error {
	return h.Apply(ctx, Change{Verb: Add, Object: p})
}

// XfrmPolicyUpdate adds a policy or takes the place of the one that is there.
func (h *Handle) XfrmPolicyUpdate(ctx context.Context, p *xfrm.Policy) error {
	return h.Apply(ctx, Change{Verb: Update, Object: p})
}

// XfrmPolicyDel deletes the policy with p's direction, selector, mark and
// number of an interface, or with its direction and index where that is said;
// ENOENT where there is none.
func (h *Handle) XfrmPolicyDel(ctx context.Context, p *xfrm.Policy) error {
	return h.Apply(ctx, Change{Verb: Del, Object: p})
}

// XfrmPolicyGet is the kernel's policy that XfrmPolicyDel would delete.
func (h *Handle) XfrmPolicyGet(ctx context.Context, p *xfrm.Policy) (xfrm.Policy, error) {
	var got xfrm.Policy
	err := h.xfrmGet(ctx, uapi.XFRM_MSG_GETPOLICY, uapi.XFRM_MSG_NEWPOLICY, p.AppendID, got.Decode)
	return got, explainOp(xfrm.PolicyClass+" get", p.String(), err)
}

// XfrmPolicyList lists the policies that agree with all that like says; nil is
// all, those of sockets too.
func (h *Handle) XfrmPolicyList(ctx context.Context, like *xfrm.Policy) ([]xfrm.Policy, error) {
	return list(ctx, h, xfrmPolicies(), h.policyPattern(ctx, like), decodePolicy)
}

// XfrmPolicyFlush deletes all policies of a list but those of sockets.
func (h *Handle) XfrmPolicyFlush(ctx context.Context, t xfrm.PolicyType) error {
	return explainOp(xfrm.PolicyClass+" flush", "", h.xfrmDo(ctx, uapi.XFRM_MSG_FLUSHPOLICY, raw(xfrm.FlushBody(t))))
}

// xfrmSchema is the rows of a message, by its type.
func xfrmSchema(typ uint16) *attr.Schema {
	switch typ {
	case uapi.XFRM_MSG_NEWSA, uapi.XFRM_MSG_UPDSA:
		return xfrm.StateSchema()
	case uapi.XFRM_MSG_NEWPOLICY, uapi.XFRM_MSG_UPDPOLICY:
		return xfrm.PolicySchema()
	}
	return nil
}

func (h *Handle) xfrmDo(ctx context.Context, typ uint16, body nl.Encoder) error {
	c, err := h.connOf(uapi.NETLINK_XFRM)
	if err != nil {
		return err
	}
	return c.Do(ctx, nl.Header{Type: typ}, body)
}

// xfrmGet asks for one object.
func (h *Handle) xfrmGet(ctx context.Context, typ, answer uint16,
	body func(*attr.Env, []byte) ([]byte, error), decode func(*attr.Env, []byte) error,
) error {
	c, err := h.connOf(uapi.NETLINK_XFRM)
	if err != nil {
		return err
	}
	write, read, found := h.env(ctx, attr.Query), h.oneEnv(ctx), false
	err = c.Query(ctx, nl.Header{Type: typ}, func(b []byte) ([]byte, error) { return body(write, b) }, func(m nl.Message) error {
		if m.Type != answer {
			return nil
		}
		found = true
		return decode(read, m.Data)
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return err
}
