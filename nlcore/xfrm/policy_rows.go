package xfrm

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

var policyTable = attr.Table[Policy]{Name: PolicyClass, Rows: func(p *Policy, d *attr.Def) {
	h := d.Header(uapi.SizeofXfrmUserpolicy)
	selectorRows(d, h, &p.Selector)
	h.At(160, "dir", attr.Enum8(&p.Dir, dirs))
	h.At(161, "action", attr.Enum8(&p.Action, actions))
	h.At(152, "priority", attr.Plain32(&p.Priority))
	h.At(156, "index", attr.Plain32(&p.Index))
	h.Bits8(162,
		attr.Bit(uapi.XFRM_POLICY_LOCALOK, "localok", &p.LocalOK),
		attr.Bit(uapi.XFRM_POLICY_ICMP, "icmp", &p.ICMP),
		attr.Bit(uapi.XFRM_POLICY_CPU_ACQUIRE, "cpu_acquire", &p.CPUAcquire),
	)
	h.At(163, "share", attr.Enum8(&p.Share, shares))
	h.At(56, "limit", attr.Record(&p.Limit, &limitsTable, uapi.SizeofXfrmLifetimeCfg))
	h.Member(120, "current", attr.Record(&p.Current, &usageTable, uapi.SizeofXfrmLifetimeCur)).In(0)
	d.Struct(uapi.XFRMA_POLICY_TYPE, "policy_type", uapi.SizeofXfrmPolicyType).At(0, "ptype", attr.Enum8(&p.Type, policyTypes))
	d.Attr(uapi.XFRMA_MARK, "mark", attr.Bind(&p.Mark, markCodec{}))
	d.Attr(uapi.XFRMA_IF_ID, "if_id", attr.Plain32(&p.IfID)).Since("4.19")
	d.Attr(uapi.XFRMA_TMPL, "tmpl", attr.List(&p.Tmpl, &templateTable, attr.Packed(uapi.SizeofXfrmUserTmpl)))
	d.Attr(uapi.XFRMA_OFFLOAD_DEV, "offload", attr.Record(&p.Offload, &offloadTable, uapi.SizeofXfrmUserOffload)).Since("6.2")
	d.Attr(uapi.XFRMA_LASTUSED, "last_used", attr.Plain64(&p.LastUsed)).In(0)
	d.Derived("flags", attr.Bind(p, policyFlags{}))
	d.Skip(uapi.XFRMA_PAD)
	d.Extra(&p.Extra)
	attr.Hook(d, attr.Hooks[Policy]{Read: readPolicy, Write: writePolicy})
}}

func readPolicy(e *attr.Env, p *Policy, b []byte) error { return readSelector(e, &p.Selector, b) }

func writePolicy(e *attr.Env, p *Policy, b []byte) error {
	writeLimits(b[56:])
	return writeSelector(e, &p.Selector, b)
}
