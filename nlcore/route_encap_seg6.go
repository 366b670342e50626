package nlcore

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Seg6Encap puts a segment routing header on packets.
type Seg6Encap struct {
	// Mode is how; unset is encap.
	Mode val.Opt[Seg6Mode]
	// SegmentHeader is what is put on.
	SegmentHeader
	// TunSrc is the source of the outer header; unset is the namespace's.
	TunSrc netip.Addr
	// Table is where the first segment is looked up; unset is as for any packet.
	Table val.Opt[uint32]
}

// Seg6Mode is how a segment routing header is put on a packet.
type Seg6Mode uint32

var seg6Modes = attr.NewEnum("mode", "inline", "encap", "l2encap", "encap.red", "l2encap.red")

// String is the mode's word.
func (m Seg6Mode) String() string { return seg6Modes.Text(uint64(m)) }

// SegmentHeader is an IPv6 segment routing header (RFC 8754).
type SegmentHeader struct {
	// Segs are the segments, the first to visit first.
	Segs []netip.Addr
	// HMAC is the id of the key that signs the header; 0 is none.
	HMAC uint32
	// Tag marks packets of a group.
	Tag uint16
	// SRHFlags are the header's flags beside that for an HMAC.
	SRHFlags uint8
	// TLVs are further parts of the header as they are.
	TLVs []byte
}

var seg6EncapTable = attr.Table[Seg6Encap]{Name: "seg6", Rows: func(x *Seg6Encap, d *attr.Def) {
	d.Key("segs")
	d.Attr(uapi.SEG6_IPTUNNEL_SRH, "", attr.Bind(x, seg6SRH{})).Hide()
	d.Local("mode", attr.Enum32(&x.Mode, seg6Modes))
	segmentRows(&x.SegmentHeader, d)
	d.Attr(uapi.SEG6_IPTUNNEL_SRC, "tunsrc", attr.IP6(&x.TunSrc))
	d.Attr(uapi.SEG6_IPTUNNEL_TABLE, "lookup", attr.Named32(&x.Table, tableNames))
}}

func segmentRows(h *SegmentHeader, d *attr.Def) {
	d.Local("segs", attr.Bind(&h.Segs, segments{}))
	d.Local("hmac", attr.Plain32(&h.HMAC))
	d.Local("tag", attr.Plain16(&h.Tag))
	d.Local("srh_flags", attr.Plain8(&h.SRHFlags))
	d.Local("tlvs", attr.Bytes(&h.TLVs))
}

// EncapType is LWTUNNEL_ENCAP_SEG6.
func (x *Seg6Encap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_SEG6 }
func (x *Seg6Encap) String() string    { return encapText(x) }
func (x *Seg6Encap) view() attr.View   { return seg6EncapTable.View(x) }
func (x *Seg6Encap) check() error      { return x.SegmentHeader.check("segs") }

// maxSegments fit in a header's length, which counts up to 2040 bytes.
const maxSegments = 127

func (h *SegmentHeader) check(field string) error {
	if n := len(h.Segs); n == 0 || n > maxSegments-1 {
		return &attr.FieldError{Field: field, Msg: fmt.Sprintf("wants 1 to %d IPv6 addresses, got %d", maxSegments-1, n)}
	}
	for _, a := range h.Segs {
		if !a.Is6() || a.Zone() != "" {
			return &attr.FieldError{Field: field, Msg: fmt.Sprintf("wants IPv6 addresses, got %v", a)}
		}
	}
	if len(h.TLVs)%8 != 0 {
		return &attr.FieldError{Field: "tlvs", Msg: fmt.Sprintf("wants a multiple of 8 bytes, got %d", len(h.TLVs))}
	}
	return nil
}

// seg6SRH is the mode and the header in one attribute.
type seg6SRH struct{}

func (seg6SRH) Decode(_ *attr.Env, x *Seg6Encap, b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("srh has %d bytes, needs a mode of 4", len(b))
	}
	x.Mode.Set(Seg6Mode(ne.Uint32(b)))
	return x.decode(b[4:], x.Mode.Or(0) == uapi.SEG6_IPTUN_MODE_INLINE)
}

func (seg6SRH) Append(_ *attr.Env, b []byte, x *Seg6Encap) ([]byte, error) {
	mode := x.Mode.Or(uapi.SEG6_IPTUN_MODE_ENCAP)
	return x.SegmentHeader.append(ne.AppendUint32(b, uint32(mode)), mode == uapi.SEG6_IPTUN_MODE_INLINE)
}

func (seg6SRH) Has(x *Seg6Encap) bool                       { return true }
func (seg6SRH) Set(*attr.Env, *Seg6Encap, attr.Value) error { return attr.ErrReadOnly }
func (seg6SRH) Get(_ *attr.Env, x *Seg6Encap) attr.Value    { return attr.Value{} }
func (seg6SRH) Width() int                                  { return 0 }
func (seg6SRH) Kind() string                                { return "table" }

// The parts of a segment routing header.
const (
	srhFixed    = 8
	srhType     = 4
	srhFlagHMAC = 8
	hmacType    = 5
	hmacBytes   = 40 // with a key id and an empty signature
)

// append writes the header. Its segments lie last first; an inline one has
// room for the packet's own destination at the end.
func (h *SegmentHeader) append(b []byte, inline bool) ([]byte, error) {
	segs := len(h.Segs)
	if inline {
		segs++
	}
	flags, tail := h.SRHFlags, h.TLVs
	if h.HMAC != 0 {
		flags |= srhFlagHMAC
		mac := make([]byte, hmacBytes)
		mac[0], mac[1] = hmacType, hmacBytes-2
		binary.BigEndian.PutUint32(mac[4:], h.HMAC)
		tail = append(mac, tail...)
	}
	size := 16*segs + len(tail)
	if size/8 > 255 {
		return b, &attr.FieldError{Field: "segs", Msg: fmt.Sprintf("make a header of %d bytes, at most %d fit", size+srhFixed, 255*8+srhFixed)}
	}
	b = append(b, 0, byte(size/8), srhType, byte(segs-1), byte(segs-1), flags)
	b = binary.BigEndian.AppendUint16(b, h.Tag)
	if inline {
		b = append(b, make([]byte, 16)...)
	}
	for i := len(h.Segs) - 1; i >= 0; i-- {
		b = appendIP(b, h.Segs[i])
	}
	return append(b, tail...), nil
}

func (h *SegmentHeader) decode(b []byte, inline bool) error {
	if len(b) < srhFixed || len(b) < srhFixed+8*int(b[1]) {
		return fmt.Errorf("segment routing header is cut short: %d bytes", len(b))
	}
	segs, flags := int(b[4])+1, b[5]
	if 16*segs > 8*int(b[1]) {
		return fmt.Errorf("segment routing header of %d bytes says that it has %d segments", len(b), segs)
	}
	h.Tag = binary.BigEndian.Uint16(b[6:])
	list, tail := b[srhFixed:srhFixed+16*segs], b[srhFixed+16*segs:srhFixed+8*int(b[1])]
	h.Segs = nil
	for i := segs - 1; i >= 0; i-- {
		if i > 0 || !inline {
			h.Segs = append(h.Segs, netip.AddrFrom16([16]byte(list[16*i:])))
		}
	}
	h.HMAC = 0
	if len(tail) >= hmacBytes && tail[0] == hmacType && tail[1] == hmacBytes-2 && flags&srhFlagHMAC != 0 {
		h.HMAC = binary.BigEndian.Uint32(tail[4:])
	}
	if h.HMAC != 0 {
		flags, tail = flags&^srhFlagHMAC, tail[hmacBytes:]
	}
	h.SRHFlags, h.TLVs = flags, append([]byte(nil), tail...)
	return nil
}

// segments is a list of IPv6 addresses.
type segments struct{}

func (segments) Decode(*attr.Env, *[]netip.Addr, []byte) error                 { return nil }
func (segments) Append(_ *attr.Env, b []byte, _ *[]netip.Addr) ([]byte, error) { return b, nil }
func (segments) Has(p *[]netip.Addr) bool                                      { return len(*p) > 0 }
func (segments) Width() int                                                    { return 0 }
func (segments) Kind() string                                                  { return "list of IPv6 addresses" }

// Set takes a list, or text with commas as ip does.
func (segments) Set(_ *attr.Env, p *[]netip.Addr, v attr.Value) error {
	parts := v.List()
	switch v.Kind() {
	case attr.KindString:
		for _, w := range strings.Split(v.Word(), ",") {
			parts = append(parts, attr.StringOf(w))
		}
	case attr.KindAddr, attr.KindPrefix:
		parts = []attr.Value{v}
	}
	l := make([]netip.Addr, 0, len(parts))
	for _, x := range parts {
		a, err := attr.ToAddr(x)
		if err != nil || !a.Is6() || a.Zone() != "" {
			return fmt.Errorf(`wants IPv6 addresses like "fc00::1,fc00::2", got %q`, x)
		}
		l = append(l, a)
	}
	*p = l
	return nil
}

func (segments) Get(_ *attr.Env, p *[]netip.Addr) attr.Value {
	l := make([]attr.Value, len(*p))
	for i, a := range *p {
		l[i] = attr.AddrOf(a)
	}
	return attr.ListOf(l)
}
