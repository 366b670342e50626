package xfrm

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Template says which state a policy's packets must go through. The zero
// value of a field lets any state do.
type Template struct {
	// Src and Dst are the addresses of the outer packets, needed for tunnels.
	Src, Dst netip.Addr
	// Proto is what packets are transformed to.
	Proto Proto
	// SPI names one state; 0 is any.
	SPI uint32
	// Mode is how packets are treated; unset is transport.
	Mode val.Opt[Mode]
	// ReqID is that of the states; 0 is any.
	ReqID uint32
	// Level says whether packets may pass without; unset is required.
	Level val.Opt[Level]
	// Share says who may use one state together.
	Share val.Opt[Share]
	// AAlgos, EAlgos and CAlgos are masks of algorithm numbers for key
	// exchange by PF_KEY; unset is all.
	AAlgos, EAlgos, CAlgos val.Opt[uint32]
	// Family is that of Src and Dst. Unset, and without them, it is that of the
	// template before, and of the policy in the first.
	Family val.Opt[Family]
}

const allAlgos = 1<<32 - 1

var templateTable = attr.Table[Template]{Name: "tmpl", Rows: func(t *Template, d *attr.Def) {
	h := d.Header(uapi.SizeofXfrmUserTmpl)
	h.At(28, "src", attr.Bind(&t.Src, address{}))
	h.At(0, "dst", attr.Bind(&t.Dst, address{}))
	h.At(20, "proto", attr.PlainEnum8(&t.Proto, stateProtos))
	h.At(16, "spi", attr.Bind(&t.SPI, spiCodec{}))
	h.At(48, "mode", attr.Enum8(&t.Mode, modes))
	h.At(44, "reqid", attr.Plain32(&t.ReqID))
	h.At(50, "level", attr.Enum8(&t.Level, levels))
	h.At(49, "share", attr.Enum8(&t.Share, shares))
	h.Member(52, "auth_mask", attr.Uint32(&t.AAlgos)).Fill(allAlgos)
	h.Member(56, "enc_mask", attr.Uint32(&t.EAlgos)).Fill(allAlgos)
	h.Member(60, "comp_mask", attr.Uint32(&t.CAlgos)).Fill(allAlgos)
	d.Local("family", attr.Enum16(&t.Family, families))
	attr.Hook(d, attr.Hooks[Template]{Read: readTemplate, Write: writeTemplate})
}}

func readTemplate(_ *attr.Env, t *Template, b []byte) error {
	f := Family(ne.Uint16(b[24:]))
	t.Family.Set(f)
	t.Src, t.Dst = ofFamily(t.Src, f), ofFamily(t.Dst, f)
	for _, m := range []*val.Opt[uint32]{&t.AAlgos, &t.EAlgos, &t.CAlgos} {
		if m.Or(0) == allAlgos {
			m.Clear()
		}
	}
	return nil
}

func writeTemplate(_ *attr.Env, t *Template, b []byte) error {
	f := t.family()
	switch {
	case t.Src.IsValid() && familyOf(t.Src) != f:
		return &attr.FieldError{Field: "src", Msg: fmt.Sprintf("wants an %v address as dst is, got %v", f, t.Src)}
	case t.Proto == 0:
		return &attr.FieldError{Field: "proto", Msg: "is required: esp, ah, comp, route2 or hao"}
	}
	ne.PutUint16(b[24:], uint16(f))
	return nil
}

// family is what the template says it is, 0 where it says nothing.
func (t *Template) family() Family {
	for _, a := range []netip.Addr{t.Dst, t.Src} {
		if a.IsValid() {
			return familyOf(a)
		}
	}
	return t.Family.Or(0)
}
