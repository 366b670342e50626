package nlcore

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Rule is a routing policy rule: which packets it is for, and what becomes of
// them. In a change, the zero value of a field is "not said"; the last part is
// only read.
type Rule struct {
	// Priority is the rule's place: 0 is asked first. Unset, to add, is one less
	// than the second rule has, which is the first after priority 0.
	Priority val.Opt[uint32]
	// Not turns the selectors round: the rule is for all other packets.
	Not val.Opt[bool]
	// From and To are the packet's source and destination; a zero length, and
	// unset, is all.
	From, To netip.Prefix
	// IIF and OIF are the names of the interfaces that the packet came by and
	// that its socket is bound to. They need not exist (IIFDetached).
	IIF, OIF string
	// FwMark is the packet's firewall mark.
	FwMark val.Opt[val.Masked[uint32]]
	// Tos is the packet's traffic class without ECN (rt_dsfield); 0 is any.
	Tos uint8
	// DSCP is the upper six bits of the traffic class, 0 to 63, in place of Tos;
	// since Linux 6.13, with a mask since 6.15.
	DSCP val.Opt[val.Masked[uint8]]
	// FlowLabel is of an IPv6 packet, 0 to 2^20-1, since Linux 6.14.
	FlowLabel val.Opt[val.Masked[uint32]]
	// UIDRange is of the user that owns the socket.
	UIDRange val.Opt[UIDRange]
	// IPProto is the packet's protocol above IP, from 1.
	IPProto val.Opt[IPProto]
	// SPort and DPort are the packet's ports.
	SPort, DPort val.Opt[RulePorts]
	// TunID is the id of the tunnel that the packet came by, for IPv4; 0 is any.
	TunID uint64
	// L3MDev looks in the table of the VRF that an interface of the packet
	// belongs to.
	L3MDev val.Opt[bool]

	// Action is what the rule does; unset, to add, is goto with Goto, else lookup.
	Action val.Opt[RuleAction]
	// Table is where a lookup is made (rt_tables), 1 to 2^32-1; unset, to add,
	// is main. 0 is, for IPv4, the first empty one.
	Table val.Opt[uint32]
	// Goto is the priority of the rule that is asked next; above Priority.
	Goto val.Opt[uint32]
	// SuppressPrefixLength goes on to the next rule where the route found has
	// at most this prefix length, 0 to 128.
	SuppressPrefixLength val.Opt[uint32]
	// SuppressIfGroup goes on to the next rule where the route found leaves by
	// an interface of this group.
	SuppressIfGroup val.Opt[uint32]
	// Realms are the source realm in the upper and the destination realm in the
	// lower 16 bits, for IPv4.
	Realms val.Opt[uint32]
	// Protocol is who made the rule (rt_protos); unset, to add, is unspec.
	Protocol val.Opt[uint8]
	// Family must agree with From and To. Unset is theirs, else IPv4; in a list
	// both.
	Family val.Opt[Family]

	// Unresolved is a goto whose rule is not there; IIFDetached and OIFDetached
	// say that there is no such interface.
	Unresolved, IIFDetached, OIFDetached val.Opt[bool]
	// Permanent is a rule that cannot be deleted.
	Permanent val.Opt[bool]
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// family is that of the addresses, else the one said, else IPv4.
func (r *Rule) family() Family {
	for _, p := range [...]netip.Prefix{r.From, r.To} {
		if p.IsValid() {
			return familyOf(p.Addr())
		}
	}
	return r.Family.Or(Inet)
}

// action is the one said, else what the other fields imply; 0, any, where the
// rule only describes one to delete.
func (r *Rule) action(m attr.Mode) RuleAction {
	switch {
	case !r.Action.IsZero():
		return r.Action.Or(0)
	case !r.Goto.IsZero():
		return uapi.FR_ACT_GOTO
	case m == attr.Delete:
		return uapi.FR_ACT_UNSPEC
	}
	return uapi.FR_ACT_TO_TBL
}

// table is the one said, else where ip looks; 0 is none or any.
func (r *Rule) table(m attr.Mode) uint32 {
	if m != attr.Delete && r.action(m) == uapi.FR_ACT_TO_TBL && !r.L3MDev.Or(false) {
		return r.Table.Or(uapi.RT_TABLE_MAIN)
	}
	return r.Table.Or(0)
}

// Class is "rule".
func (r *Rule) Class() string { return ruleClass.Name }

// Views are the rule's fields.
func (r *Rule) Views() []attr.View { return []attr.View{ruleTable.View(r)} }

// Ident is all that the rule says, for nothing less tells two rules apart.
func (r *Rule) Ident() string {
	return fmt.Sprintf("rule %v %s", r.family(), strings.Join(r.words(), " "))
}

// String is "500 from 10.0.0.0/8 fwmark 0x64/0xff table 100".
func (r *Rule) String() string {
	l := r.words()
	if r.family() == Inet6 && !r.From.IsValid() && !r.To.IsValid() {
		l = append(l, "family inet6")
	}
	return strings.Join(l, " ")
}

// words are the fields that a rule is told by, the priority first.
func (r *Rule) words() []string {
	var l []string
	for _, f := range ruleTable.View(r).Fields(nil) {
		text := f.Val.String()
		switch {
		case f.Key == "priority":
			l = slices.Insert(l, 0, text)
		case f.Key == "not", f.Key == "l3mdev":
			if f.Val.Bool() {
				l = append(l, f.Key)
			}
		case f.Key == "action":
			if a := r.Action.Or(0); a != uapi.FR_ACT_TO_TBL && a != uapi.FR_ACT_GOTO {
				l = append(l, text)
			}
		case f.Val.Kind() == attr.KindBool, f.Key == "family", f.Key == "proto" && r.Protocol.Or(0) == 0,
			text == "all" && (f.Key == "from" || f.Key == "to"):
		default:
			l = append(l, f.Key+" "+text)
		}
	}
	return l
}

// Header is the message of a verb, with ip's flags.
func (r *Rule) Header(v val.Verb) (msgType, flags uint16, err error) {
	switch v {
	case Add:
		return uapi.RTM_NEWRULE, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL, nil
	case Del:
		return uapi.RTM_DELRULE, 0, nil
	}
	return 0, 0, fmt.Errorf("a rule has no %q", v)
}

// Append writes the message's body.
func (r *Rule) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	if err := r.check(v); err != nil {
		return b, err
	}
	return ruleTable.Append(e, b, r)
}

func (r *Rule) check(v val.Verb) error {
	is := r.family()
	bad := func(field, text string, args ...any) error {
		return &attr.FieldError{Field: field, Msg: fmt.Sprintf(text, args...)}
	}
	switch {
	case is != Inet && is != Inet6:
		return bad("family", "wants inet or inet6, got %v", is)
	case r.Family.Or(is) != is:
		return bad("family", "is %v, but the addresses are %v", r.Family, is)
	case r.To.IsValid() && familyOf(r.To.Addr()) != is:
		return wrongFamily("to", is, r.To)
	case is != Inet6 && !r.FlowLabel.IsZero():
		return bad("flowlabel", "is for IPv6 only; say family=\"inet6\"")
	case is != Inet && r.TunID != 0:
		return bad("tun_id", "is for IPv4 only")
	case is != Inet && !r.Realms.IsZero():
		return bad("realms", "is for IPv4 only")
	case r.Tos != 0 && !r.DSCP.IsZero():
		return bad("dscp", "stands in place of tos, both are said")
	}
	if v == Del {
		if len(r.words()) == 0 {
			return bad("priority", "or another field is required: what is not said is any")
		}
		return nil
	}
	return r.checkAction(bad)
}

// checkAction finds what the kernel would take and not heed.
func (r *Rule) checkAction(bad func(field, text string, args ...any) error) error {
	action, prio := r.action(attr.Create), r.Priority.Or(0)
	to, jumps := r.Goto.Get()
	switch {
	case action == uapi.FR_ACT_GOTO && !jumps:
		return bad("goto", "is required for action goto")
	case action != uapi.FR_ACT_GOTO && jumps:
		return bad("goto", "is for action goto, not %v", action)
	case jumps && to <= prio && !r.Priority.IsZero():
		return bad("goto", "must be above priority %d, got %d", prio, to)
	case r.L3MDev.Or(false) && r.Table.Or(0) != 0:
		return bad("table", "is that of the VRF with l3mdev, do not say it")
	case action != uapi.FR_ACT_TO_TBL && r.L3MDev.Or(false):
		return bad("l3mdev", "is for action lookup, not %v", action)
	case action != uapi.FR_ACT_TO_TBL && r.Table.Or(0) != 0:
		return bad("table", "is for action lookup, not %v", action)
	case action != uapi.FR_ACT_TO_TBL && !(r.SuppressPrefixLength.IsZero() && r.SuppressIfGroup.IsZero()):
		return bad("suppress_prefixlength", "and suppress_ifgroup are for action lookup, not %v", action)
	}
	return nil
}
