package xfrm

import (
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Encap is how ESP is carried through address translation.
type Encap struct {
	// Type is the protocol around it. Unset is none.
	Type EncapType
	// Sport and Dport are the ports of that protocol.
	Sport, Dport uint16
	// OA is the original address, for checksums in transport mode.
	OA netip.Addr
}

var encapTable = attr.Table[Encap]{Name: "encap", Rows: func(c *Encap, d *attr.Def) {
	d.Key("type", "sport", "dport", "oa")
	h := d.Header(uapi.SizeofXfrmEncapTmpl)
	h.At(0, "type", attr.PlainEnum16(&c.Type, encapTypes))
	h.At(2, "sport", attr.PlainBE16(&c.Sport))
	h.At(4, "dport", attr.PlainBE16(&c.Dport))
	h.Member(8, "oa", attr.Bind(&c.OA, address{})).Alias("oaddr")
}}

// Offload is what a network card does of a state or policy.
type Offload struct {
	// Dev is the card's interface; required.
	Dev val.LinkRef
	// Type is how much it does; unset is crypto.
	Type val.Opt[OffloadType]
	// Dir is required for a state. A policy has its own.
	Dir SADir
}

var offloadTable = attr.Table[Offload]{Name: "offload", Rows: func(o *Offload, d *attr.Def) {
	d.Key("type")
	d.Header(uapi.SizeofXfrmUserOffload).At(0, "dev", attr.Link(&o.Dev))
	d.Local("type", attr.Enum8(&o.Type, offloadTypes))
	d.Local("dir", attr.PlainEnum8(&o.Dir, saDirs))
	attr.Hook(d, attr.Hooks[Offload]{Read: readOffload, Write: writeOffload})
}}

func readOffload(_ *attr.Env, o *Offload, b []byte) error {
	o.Type.Set(OffloadCrypto)
	if b[4]&uapi.XFRM_OFFLOAD_PACKET != 0 {
		o.Type.Set(OffloadPacket)
	}
	o.Dir = SAOut
	if b[4]&uapi.XFRM_OFFLOAD_INBOUND != 0 {
		o.Dir = SAIn
	}
	return nil
}

func writeOffload(_ *attr.Env, o *Offload, b []byte) error {
	if o.Type.Or(OffloadCrypto) == OffloadPacket {
		b[4] |= uapi.XFRM_OFFLOAD_PACKET
	}
	if o.Dir == SAIn {
		b[4] |= uapi.XFRM_OFFLOAD_INBOUND
	}
	return nil
}
