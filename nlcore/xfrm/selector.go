package xfrm

import (
	"fmt"
	"net/netip"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Selector says which packets are meant. The zero value of a field matches
// any packet.
type Selector struct {
	// Src and Dst are the networks that the packet is from and to.
	Src, Dst netip.Prefix
	// Proto is the protocol above IP.
	Proto Proto
	// Sport and Dport are its ports, for ICMP type and code.
	Sport, Dport val.Opt[Port]
	// Dev is the interface that the packet goes through.
	Dev val.LinkRef
	// UID is the user that the socket belongs to. The kernel keeps it only.
	UID uint32
	// Family is that of Src and Dst, needed where neither says it; IPv4 is
	// assumed.
	Family val.Opt[Family]
}

var selectorTable = attr.Table[Selector]{Name: "sel", Rows: func(s *Selector, d *attr.Def) {
	selectorRows(d, d.Header(uapi.SizeofXfrmSelector), s)
	attr.Hook(d, attr.Hooks[Selector]{Read: readSelector, Write: writeSelector})
}}

// selectorRows are the rows of a selector at the beginning of a header.
func selectorRows(d *attr.Def, h *attr.Layout, s *Selector) {
	h.At(16, "src", attr.Bind(&s.Src, network{}))
	h.At(0, "dst", attr.Bind(&s.Dst, network{}))
	h.At(44, "proto", attr.PlainEnum8(&s.Proto, selectorProtos))
	h.Member(36, "sport", attr.Bind(&s.Sport, portCodec{})).Alias("type")
	h.Member(32, "dport", attr.Bind(&s.Dport, portCodec{})).Alias("code")
	h.At(48, "dev", attr.Link(&s.Dev))
	h.At(52, "uid", attr.Plain32(&s.UID))
	d.Local("key", attr.Bind(s, greKey{}))
	d.Local("family", attr.Enum16(&s.Family, families))
}

func readSelector(_ *attr.Env, s *Selector, b []byte) (err error) {
	f := Family(ne.Uint16(b[40:]))
	if f == 0 {
		return nil // it matches by nothing but what was read already
	}
	s.Family.Set(f)
	if s.Dst, err = prefixAt(b, f, b[42]); err != nil {
		return fmt.Errorf("dst %w", err)
	}
	if s.Src, err = prefixAt(b[16:], f, b[43]); err != nil {
		return fmt.Errorf("src %w", err)
	}
	return nil
}

func prefixAt(b []byte, f Family, bits byte) (netip.Prefix, error) {
	a := ofFamily(netip.AddrFrom16([16]byte(b)), f)
	if int(bits) > a.BitLen() {
		return netip.Prefix{}, fmt.Errorf("has prefix length %d, at most %d fit %v", bits, a.BitLen(), f)
	}
	return netip.PrefixFrom(a, int(bits)), nil
}

func writeSelector(_ *attr.Env, s *Selector, b []byte) error {
	if err := s.check(); err != nil {
		return err
	}
	ne.PutUint16(b[40:], uint16(s.family()))
	b[42], b[43] = byte(max(s.Dst.Bits(), 0)), byte(max(s.Src.Bits(), 0))
	return nil
}

// family is what the selector says it is, 0 where it says nothing.
func (s *Selector) family() Family {
	for _, p := range []netip.Prefix{s.Dst, s.Src} {
		if p.IsValid() {
			return familyOf(p.Addr())
		}
	}
	return s.Family.Or(0)
}

func (s *Selector) check() error {
	f := s.family()
	if src := familyOf(s.Src.Addr()); src != 0 && src != f {
		return &attr.FieldError{Field: "src", Msg: fmt.Sprintf("wants an %v prefix as dst is, got %v", f, s.Src)}
	}
	if said := s.Family.Or(f); said != f {
		return &attr.FieldError{Field: "family", Msg: fmt.Sprintf("is %v, but the addresses are %v", said, f)}
	}
	return nil
}

// String is "src 10.0.0.0/24 dst 10.1.0.0/16 proto tcp dport 443".
func (s *Selector) String() string {
	var b strings.Builder
	add := func(said bool, word string, v any) {
		if said {
			fmt.Fprintf(&b, " %s %v", word, v)
		}
	}
	add(s.Src.IsValid(), "src", s.Src)
	add(s.Dst.IsValid(), "dst", s.Dst)
	add(s.Proto != 0, "proto", s.Proto)
	add(!s.Sport.IsZero(), "sport", portText(s.Sport))
	add(!s.Dport.IsZero(), "dport", portText(s.Dport))
	add(!s.Dev.IsZero(), "dev", s.Dev)
	return strings.TrimPrefix(b.String(), " ")
}

// ident is equal for selectors that the kernel takes for one.
func (s *Selector) ident() string {
	src, dst := s.Src, s.Dst
	f := s.family()
	if f == 0 {
		f = Inet
	}
	for _, p := range []*netip.Prefix{&src, &dst} {
		if !p.IsValid() {
			*p = netip.PrefixFrom(unspecified(f), 0)
		}
	}
	dev := s.Dev.Name
	if s.Dev.Index != 0 {
		dev = fmt.Sprint(s.Dev.Index)
	}
	return fmt.Sprint(src, dst, s.Proto, portText(s.Sport), portText(s.Dport), dev, s.UID)
}
