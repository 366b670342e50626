package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

var ruleTable = attr.Table[Rule]{Name: "rule", Rows: ruleRows}

func ruleRows(r *Rule, d *attr.Def) {
	d.Key("priority")
	h := d.Header(uapi.SizeofFibRuleHdr)
	h.At(3, "tos", attr.PlainNamed8(&r.Tos, dsFieldNames))
	h.Bits(8, -1,
		attr.Bit(uapi.FIB_RULE_INVERT, "not", &r.Not),
		attr.Bit(uapi.FIB_RULE_UNRESOLVED, "unresolved", &r.Unresolved).ReadOnly(),
		attr.Bit(uapi.FIB_RULE_IIF_DETACHED, "iif_detached", &r.IIFDetached).ReadOnly(),
		attr.Bit(uapi.FIB_RULE_OIF_DETACHED, "oif_detached", &r.OIFDetached).ReadOnly(),
		attr.Bit(uapi.FIB_RULE_PERMANENT, "permanent", &r.Permanent).ReadOnly())
	d.Attr(uapi.FRA_PRIORITY, "priority", attr.Uint32(&r.Priority)).In(attr.All).Alias("preference", "pref", "order")
	attr.When(d.Attr(uapi.FRA_SRC, "from", attr.Bind(&r.From, ruleAddr{})).In(attr.All),
		func(r *Rule) bool { return r.From.Bits() > 0 })
	attr.When(d.Attr(uapi.FRA_DST, "to", attr.Bind(&r.To, ruleAddr{})).In(attr.All).Alias("dst"),
		func(r *Rule) bool { return r.To.Bits() > 0 })
	ruleSelectorRows(r, d)
	h.At(7, "action", attr.Enum8(&r.Action, ruleActions))
	attr.When(d.Attr(uapi.FRA_TABLE, "table", attr.Named32(&r.Table, tableNames)).In(attr.All).Alias("lookup"),
		func(r *Rule) bool { return r.Table.Or(0) > 255 }) // below that the header has it
	d.Attr(uapi.FRA_GOTO, "goto", attr.Uint32(&r.Goto)).In(attr.All)
	d.Attr(uapi.FRA_SUPPRESS_PREFIXLEN, "suppress_prefixlength", attr.Uint32(&r.SuppressPrefixLength).Range(0, 128)).
		In(attr.All).Alias("sup_pl").Since("3.12")
	d.Attr(uapi.FRA_SUPPRESS_IFGROUP, "suppress_ifgroup", attr.Named32(&r.SuppressIfGroup, groupNames)).
		In(attr.All).Alias("sup_group").Since("3.12")
	d.Attr(uapi.FRA_FLOW, "realms", attr.Bind(&r.Realms, realms{})).In(attr.All).Alias("realm")
	d.Attr(uapi.FRA_PROTOCOL, "proto", attr.Named8(&r.Protocol, protoNames)).In(attr.All).Alias("protocol").Since("4.17")
	d.Local("family", attr.Enum8(&r.Family, families))
	d.Skip(uapi.FRA_PAD)
	d.Extra(&r.Extra)
	attr.Hook(d, attr.Hooks[Rule]{Read: readRuleHeader, Write: writeRuleHeader, Done: finishRule})
}

// ruleSelectorRows are which packets the rule is for, but their addresses.
func ruleSelectorRows(r *Rule, d *attr.Def) {
	d.Attr(uapi.FRA_IIFNAME, "iif", attr.Bind(&r.IIF, linkNamed{})).In(attr.All).Alias("dev")
	d.Attr(uapi.FRA_OIFNAME, "oif", attr.Bind(&r.OIF, linkNamed{})).In(attr.All)
	// Without a mask the kernel takes a mark of 0 for none said, and no flow label.
	mark, markMask := attr.MaskedPair(&r.FwMark, &attr.MaskForm{Bytes: 4, Bits: 32, Always: true})
	d.Attr(uapi.FRA_FWMARK, "fwmark", mark).In(attr.All)
	d.Attr(uapi.FRA_FWMASK, "fwmask", markMask).In(attr.All).Hide()
	dscp, dscpMask := attr.MaskedPair(&r.DSCP, &attr.MaskForm{Bytes: 1, Bits: 6, Names: dsFieldNames, Shift: 2})
	d.Attr(uapi.FRA_DSCP, "dscp", dscp).In(attr.All).Since("6.12")
	d.Attr(uapi.FRA_DSCP_MASK, "dscp_mask", dscpMask).In(attr.All).Since("6.15").Hide()
	flow, flowMask := attr.MaskedPair(&r.FlowLabel, &attr.MaskForm{Bytes: 4, Big: true, Bits: 20, Always: true})
	d.Attr(uapi.FRA_FLOWLABEL, "flowlabel", flow).In(attr.All).Since("6.14")
	d.Attr(uapi.FRA_FLOWLABEL_MASK, "flowlabel_mask", flowMask).In(attr.All).Since("6.14").Hide()
	d.Attr(uapi.FRA_UID_RANGE, "uidrange", attr.Bind(&r.UIDRange, uidRange{})).In(attr.All).Since("4.10")
	d.Attr(uapi.FRA_IP_PROTO, "ipproto", attr.Enum8(&r.IPProto, ipProtos).Range(1, 255)).In(attr.All).Since("4.17")
	d.Attr(uapi.FRA_SPORT_RANGE, "sport", attr.Bind(&r.SPort, portRange{})).In(attr.All).Since("4.17")
	d.Attr(uapi.FRA_SPORT_MASK, "sport_mask", attr.Bind(&r.SPort, portMask{})).In(attr.All).Since("6.15").Hide()
	d.Attr(uapi.FRA_DPORT_RANGE, "dport", attr.Bind(&r.DPort, portRange{})).In(attr.All).Since("4.17")
	d.Attr(uapi.FRA_DPORT_MASK, "dport_mask", attr.Bind(&r.DPort, portMask{})).In(attr.All).Since("6.15").Hide()
	d.Attr(uapi.FRA_TUN_ID, "tun_id", attr.PlainBE64(&r.TunID)).In(attr.All)
	attr.When(d.Attr(uapi.FRA_L3MDEV, "l3mdev", attr.Bool(&r.L3MDev)).In(attr.All).Since("4.8"),
		func(r *Rule) bool { return r.L3MDev.Or(false) }) // the kernel takes no 0
}

// readRuleHeader notes family, lengths and table. A priority of 0 is not
// told.
func readRuleHeader(_ *attr.Env, r *Rule, head []byte) (err error) {
	family := Family(head[0])
	r.Family.Set(family)
	r.Priority.Set(0)
	r.Table.Set(uint32(head[4])) // FRA_TABLE has more bits and comes later
	if r.To, err = placeholder(family, head[1]); err == nil {
		r.From, err = placeholder(family, head[2])
	}
	return err
}

// finishRule takes away what the kernel tells of rules that have it not.
func finishRule(_ *attr.Env, r *Rule) error {
	if r.Table.Or(0) == 0 {
		r.Table.Clear()
	}
	if r.SuppressPrefixLength.Or(0) == 1<<32-1 {
		r.SuppressPrefixLength.Clear()
	}
	if r.SuppressIfGroup.Or(0) == 1<<32-1 {
		r.SuppressIfGroup.Clear()
	}
	return nil
}

// writeRuleHeader puts what follows from several fields, with ip's defaults.
func writeRuleHeader(e *attr.Env, r *Rule, head []byte) error {
	head[0] = byte(r.family())
	head[1], head[2] = byte(max(r.To.Bits(), 0)), byte(max(r.From.Bits(), 0))
	if t := r.table(e.Mode); t <= 255 {
		head[4] = byte(t)
	}
	head[7] = byte(r.action(e.Mode))
	return nil
}
