package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// XfrmEncap sends packets through an xfrm interface in external mode.
type XfrmEncap struct {
	// IfID is the id of states and policies, 1 to 2^32-1.
	IfID uint32
	// LinkDev is the interface below; unset is none.
	LinkDev val.LinkRef
}

var xfrmEncapTable = attr.Table[XfrmEncap]{Name: "xfrm", Rows: func(x *XfrmEncap, d *attr.Def) {
	d.Key("if_id")
	d.Attr(uapi.LWT_XFRM_IF_ID, "if_id", attr.Plain32(&x.IfID)).Required().Since("6.1")
	d.Attr(uapi.LWT_XFRM_LINK, "link_dev", attr.Link(&x.LinkDev)).Since("6.1")
}}

// EncapType is LWTUNNEL_ENCAP_XFRM.
func (x *XfrmEncap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_XFRM }
func (x *XfrmEncap) String() string    { return encapText(x) }
func (x *XfrmEncap) view() attr.View   { return xfrmEncapTable.View(x) }

// BPFEncap runs programs on packets. A list tells only what the programs are
// called, so that such a route cannot be made again from it.
type BPFEncap struct {
	// ProgIn, ProgOut and ProgXmit run on packets that come in, go out and are
	// sent.
	ProgIn, ProgOut, ProgXmit BPFProg
	// HeadRoom is how many bytes the last may put in front, up to 256.
	HeadRoom uint32
}

// BPFProg is a program that is loaded.
type BPFProg struct {
	// Prog is its descriptor where it is sent; where the kernel tells one, its
	// id.
	Prog val.Opt[uint32]
	// Name is for display.
	Name string
}

var bpfProgTable = attr.Table[BPFProg]{Name: "program", Rows: func(p *BPFProg, d *attr.Def) {
	d.Attr(uapi.LWT_BPF_PROG_FD, "prog", attr.Uint32(&p.Prog))
	d.Attr(uapi.LWT_BPF_PROG_NAME, "name", attr.Str(&p.Name))
}}

var bpfEncapTable = attr.Table[BPFEncap]{Name: "bpf", Rows: func(x *BPFEncap, d *attr.Def) {
	d.Attr(uapi.LWT_BPF_IN, "in", attr.Nest(&x.ProgIn, &bpfProgTable))
	d.Attr(uapi.LWT_BPF_OUT, "out", attr.Nest(&x.ProgOut, &bpfProgTable))
	d.Attr(uapi.LWT_BPF_XMIT, "xmit", attr.Nest(&x.ProgXmit, &bpfProgTable))
	d.Attr(uapi.LWT_BPF_XMIT_HEADROOM, "headroom", attr.Plain32(&x.HeadRoom))
}}

// EncapType is LWTUNNEL_ENCAP_BPF.
func (x *BPFEncap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_BPF }
func (x *BPFEncap) String() string    { return encapText(x) }
func (x *BPFEncap) view() attr.View   { return bpfEncapTable.View(x) }

func (x *BPFEncap) check() error {
	for _, p := range []struct {
		field string
		prog  BPFProg
	}{{"in", x.ProgIn}, {"out", x.ProgOut}, {"xmit", x.ProgXmit}} {
		if p.prog.Name != "" && p.prog.Prog.IsZero() {
			return &attr.FieldError{Field: p.field, Msg: "needs the descriptor of a program; its name does not find it"}
		}
	}
	if x.HeadRoom > uapi.LWT_BPF_MAX_HEADROOM {
		return &attr.FieldError{Field: "headroom", Msg: "wants at most 256 bytes"}
	}
	return nil
}
