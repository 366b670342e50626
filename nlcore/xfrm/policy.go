package xfrm

import (
	"fmt"
	"slices"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Policy says what happens to the packets that its selector means. In a
// change, the zero value of a field is "not said"; the last part is only
// read.
type Policy struct {
	Selector
	// Dir is where the policy applies; required.
	Dir val.Opt[Dir]
	// Action is what is done; unset is allow.
	Action val.Opt[Action]
	// Priority orders the policies, the lowest first.
	Priority uint32
	// Index is the kernel's number for the policy; it ends in the direction. 0
	// lets the kernel choose. To get or delete it does without the selector.
	Index uint32
	// Type is the list that the policy is in; unset is main.
	Type val.Opt[PolicyType]
	// Mark is what packets must be marked with.
	Mark val.Opt[val.Masked[uint32]]
	// IfID ties the policy to xfrm interfaces with the same number; 0 is none.
	IfID uint32
	// LocalOK lets the kernel's own choice go first, ICMP looks into ICMP
	// errors too, CPUAcquire asks for states of each CPU.
	LocalOK, ICMP, CPUAcquire val.Opt[bool]
	// Share says who may use one policy together.
	Share val.Opt[Share]
	// Limit ends the policy's life.
	Limit Limits
	// Tmpl are the states that packets go through, in this order; at most 6.
	// None lets packets pass as they are.
	Tmpl []Template
	// Offload gives the work to a network card.
	Offload Offload

	// Current is what has passed so far.
	Current Usage
	// LastUsed is when a packet passed last, in seconds since 1970.
	LastUsed uint64
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// PolicyClass names the class of policies.
const PolicyClass = "xfrm.policy"

// Class is "xfrm.policy".
func (p *Policy) Class() string { return PolicyClass }

// Protocol is the netlink protocol that the policy is changed by.
func (p *Policy) Protocol() int { return uapi.NETLINK_XFRM }

// Views are the policy's fields.
func (p *Policy) Views() []attr.View { return []attr.View{policyTable.View(p)} }

// Ident is what the kernel finds a policy by.
func (p *Policy) Ident() string {
	return fmt.Sprintf("xfrm.policy %v %v %s mark %s if_id %d", p.Dir.Or(In), p.Type.Or(PolicyMain),
		p.Selector.ident(), markText(p.Mark.Or(val.Masked[uint32]{})), p.IfID)
}

// String is "src 10.0.0.0/24 dst 10.1.0.0/16 dir out"; "" where nothing is
// said.
func (p *Policy) String() string {
	text := p.Selector.String()
	if d, ok := p.Dir.Get(); ok {
		text += " dir " + d.String()
	}
	if !p.Src.IsValid() && !p.Dst.IsValid() && p.Index != 0 {
		text += fmt.Sprintf(" index %d", p.Index)
	}
	return strings.TrimPrefix(text, " ")
}

// Header is the message of a verb. The kernel's update creates a policy that
// is not there (xfrm_add_policy).
func (p *Policy) Header(v val.Verb) (msgType, flags uint16, err error) {
	switch v {
	case val.Add:
		return uapi.XFRM_MSG_NEWPOLICY, 0, nil
	case val.Replace, val.Change:
		return uapi.XFRM_MSG_UPDPOLICY, 0, nil
	case val.Del:
		return uapi.XFRM_MSG_DELPOLICY, 0, nil
	}
	return 0, 0, fmt.Errorf("a policy has no %q", v)
}

// Append writes the message's body.
func (p *Policy) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	if v == val.Del {
		return p.AppendID(e, b)
	}
	if err := p.check(); err != nil {
		return b, err
	}
	return policyTable.Append(e, b, p.complete())
}

// complete is the policy with the family that its selector and templates have
// where they do not say one. A template without addresses has that of what it
// is put around: the packet, or the template before it.
func (p *Policy) complete() *Policy {
	f := p.Selector.family()
	missing := slices.ContainsFunc(p.Tmpl, func(t Template) bool { return t.family() == 0 })
	if f != 0 && !missing {
		return p
	}
	c := *p
	if f == 0 {
		f = Inet
		c.Family.Set(f)
	}
	if missing {
		c.Tmpl = slices.Clone(p.Tmpl)
		for i := range c.Tmpl {
			t := &c.Tmpl[i]
			if t.family() == 0 {
				t.Family.Set(f)
			}
			f = t.family() // what is inside the next one
		}
	}
	return &c
}

const mostTemplates = 6 // XFRM_MAX_DEPTH

func (p *Policy) check() error {
	switch {
	case p.Dir.IsZero():
		return &attr.FieldError{Field: "dir", Msg: "is required: in, out or fwd"}
	case len(p.Tmpl) > mostTemplates:
		return &attr.FieldError{Field: "tmpl", Msg: fmt.Sprintf("wants at most %d templates, got %d", mostTemplates, len(p.Tmpl))}
	case p.Index != 0 && p.Index%8 != uint32(p.Dir.Or(In)):
		return &attr.FieldError{Field: "index", Msg: fmt.Sprintf(
			"ends in the direction: for %v it is %d and a multiple of 8, got %d", p.Dir, p.Dir.Or(In), p.Index)}
	case p.Offload != (Offload{}) && p.Offload.Dev.IsZero():
		return &attr.FieldError{Field: "offload.dev", Msg: "is required"}
	}
	return nil
}

// AppendID writes the body of a message that asks for a policy or deletes it.
func (p *Policy) AppendID(e *attr.Env, b []byte) ([]byte, error) {
	if p.Dir.IsZero() {
		return b, &attr.FieldError{Field: "dir", Msg: "is required: in, out or fwd"}
	}
	b, err := selectorTable.Append(e, b, &p.complete().Selector)
	if err != nil {
		return b, err
	}
	b = append(ne.AppendUint32(b, p.Index), byte(p.Dir.Or(In)), 0, 0, 0)
	if t, ok := p.Type.Get(); ok {
		b = appendType(b, t)
	}
	if b, err = appendMark(e, b, &p.Mark); err != nil || p.IfID == 0 {
		return b, err
	}
	return attr.AppendU32(b, uapi.XFRMA_IF_ID, p.IfID), nil
}

// appendType writes a struct xfrm_userpolicy_type.
func appendType(b []byte, t PolicyType) []byte {
	b, at := attr.Open(b, uapi.XFRMA_POLICY_TYPE)
	b, _ = attr.Close(append(b, byte(t), 0, 0, 0, 0, 0), at)
	return b
}

// Decode reads the kernel's message of a policy.
func (p *Policy) Decode(e *attr.Env, b []byte) error { return policyTable.Decode(e, p, b) }

// PolicySchema is the rows of a policy's messages.
func PolicySchema() *attr.Schema { return policyTable.Schema() }

// FlushBody is the body of a message that deletes all policies of a list.
func FlushBody(t PolicyType) []byte {
	if t == PolicyMain {
		return nil
	}
	return appendType(nil, t)
}
