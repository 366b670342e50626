package nlcore

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// VxlanDF is how the outer don't-fragment bit is set.
type VxlanDF uint8

var vxlanDFs = attr.NewEnum("df", "unset", "set", "inherit")

// String is the word.
func (d VxlanDF) String() string { return vxlanDFs.Text(uint64(d)) }

// peerAddrCodec is the attribute that holds a group or an endpoint; which of
// them, the address says.
type peerAddrCodec struct{ bytes int }

func (c peerAddrCodec) Decode(_ *attr.Env, p *VxlanPeer, b []byte) error {
	a, ok := netip.AddrFromSlice(b)
	if !ok || len(b) != c.bytes {
		return fmt.Errorf("has %d bytes, the address has %d", len(b), c.bytes)
	}
	if a.IsMulticast() {
		p.GroupAddr = a
	} else {
		p.Remote = a
	}
	return nil
}

func (p *VxlanPeer) addr() netip.Addr {
	if p.GroupAddr.IsValid() {
		return p.GroupAddr
	}
	return p.Remote
}

func (c peerAddrCodec) Append(_ *attr.Env, b []byte, p *VxlanPeer) ([]byte, error) {
	return append(b, p.addr().AsSlice()...), nil
}
func (c peerAddrCodec) Has(p *VxlanPeer) bool                     { return p.addr().BitLen() == 8*c.bytes }
func (peerAddrCodec) Set(*attr.Env, *VxlanPeer, attr.Value) error { return attr.ErrReadOnly }
func (peerAddrCodec) Get(_ *attr.Env, p *VxlanPeer) attr.Value    { return attr.AddrOf(p.addr()) }
func (c peerAddrCodec) Width() int                                { return c.bytes }
func (peerAddrCodec) Kind() string                                { return "address" }

// castCodec is an address that must be a multicast group, or must be none.
type castCodec struct{ multi bool }

func (castCodec) Decode(*attr.Env, *netip.Addr, []byte) error { return nil }
func (c castCodec) Append(_ *attr.Env, b []byte, _ *netip.Addr) ([]byte, error) {
	return b, nil
}
func (castCodec) Has(p *netip.Addr) bool { return p.IsValid() }
func (c castCodec) Set(_ *attr.Env, p *netip.Addr, v attr.Value) error {
	a, err := netip.ParseAddr(v.String())
	switch {
	case err != nil || a.Zone() != "":
		return &attr.FieldError{Msg: fmt.Sprintf(`wants an address like "10.0.0.1" or "fe80::1", got %q`, v.String())}
	case c.multi && !a.IsMulticast():
		return &attr.FieldError{Msg: fmt.Sprintf("wants a multicast address (else say remote), got %v", a)}
	case !c.multi && a.IsMulticast():
		return &attr.FieldError{Msg: fmt.Sprintf("wants an address that is no multicast group (else say group), got %v", a)}
	}
	*p = a
	return nil
}
func (castCodec) Get(_ *attr.Env, p *netip.Addr) attr.Value { return attr.AddrOf(*p) }
func (castCodec) Width() int                                { return 0 }
func (castCodec) Kind() string                              { return "address" }

// PortRange is a range of UDP ports, both ends included.
type PortRange struct{ Low, High uint16 }

// String is the range as text: "1000-2000".
func (r PortRange) String() string { return fmt.Sprintf("%d-%d", r.Low, r.High) }

type portRangeCodec struct{}

func (portRangeCodec) Decode(_ *attr.Env, p *val.Opt[PortRange], b []byte) error {
	if len(b) < uapi.SizeofVxlanPorts {
		return fmt.Errorf("has %d bytes, a range has %d", len(b), uapi.SizeofVxlanPorts)
	}
	p.Set(PortRange{binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])})
	return nil
}
func (portRangeCodec) Append(_ *attr.Env, b []byte, p *val.Opt[PortRange]) ([]byte, error) {
	r := p.Or(PortRange{})
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, r.Low), r.High), r.check()
}
func (r PortRange) check() error {
	if r.Low > r.High {
		return &attr.FieldError{Msg: fmt.Sprintf("wants the lower port first, got %v", r)}
	}
	return nil
}
func (portRangeCodec) Has(p *val.Opt[PortRange]) bool { return !p.IsZero() }

// Set takes "1000-2000", { 1000, 2000 } or one port.
func (portRangeCodec) Set(_ *attr.Env, p *val.Opt[PortRange], v attr.Value) error {
	ends := v.List()
	if v.Kind() != attr.KindList {
		ends = splitRange(v)
	}
	if len(ends) != 2 {
		return &attr.FieldError{Msg: `wants ports like "1000-2000" or { 1000, 2000 }, got ` + v.String()}
	}
	low, err := attr.ToUint(ends[0], 65535)
	if err != nil {
		return err
	}
	high, err := attr.ToUint(ends[1], 65535)
	if err != nil {
		return err
	}
	r := PortRange{uint16(low), uint16(high)}
	if err := r.check(); err != nil {
		return err
	}
	p.Set(r)
	return nil
}
func (portRangeCodec) Get(_ *attr.Env, p *val.Opt[PortRange]) attr.Value {
	return attr.StringOf(p.Or(PortRange{}).String())
}
func (portRangeCodec) Width() int   { return uapi.SizeofVxlanPorts }
func (portRangeCodec) Kind() string { return "range of ports" }

// splitRange is the ends of "1000-2000" or "1000 2000", or one port twice.
func splitRange(v attr.Value) []attr.Value {
	low, high, ok := strings.Cut(v.Word(), "-")
	if !ok {
		low, high, ok = strings.Cut(v.Word(), " ")
	}
	if !ok {
		return []attr.Value{v, v}
	}
	return []attr.Value{attr.StringOf(low), attr.StringOf(high)}
}

// ReservedBits are the bits of a VXLAN header, its first byte the highest.
type ReservedBits uint64

// String is the bits in hex.
func (r ReservedBits) String() string { return "0x" + strconv.FormatUint(uint64(r), 16) }

// reservedBitsCodec is a whole header; as text, since a script's number is
// too short for it.
type reservedBitsCodec struct{}

func (reservedBitsCodec) Decode(_ *attr.Env, p *val.Opt[ReservedBits], b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("has %d bytes, a header has 8", len(b))
	}
	p.Set(ReservedBits(binary.BigEndian.Uint64(b)))
	return nil
}
func (reservedBitsCodec) Append(_ *attr.Env, b []byte, p *val.Opt[ReservedBits]) ([]byte, error) {
	return binary.BigEndian.AppendUint64(b, uint64(p.Or(0))), nil
}
func (reservedBitsCodec) Has(p *val.Opt[ReservedBits]) bool { return !p.IsZero() }
func (reservedBitsCodec) Set(_ *attr.Env, p *val.Opt[ReservedBits], v attr.Value) error {
	n, err := attr.ToUint(v, 1<<64-1)
	if err == nil {
		p.Set(ReservedBits(n))
	}
	return err
}
func (reservedBitsCodec) Get(_ *attr.Env, p *val.Opt[ReservedBits]) attr.Value {
	return attr.StringOf(p.Or(0).String())
}
func (reservedBitsCodec) Width() int   { return 8 }
func (reservedBitsCodec) Kind() string { return "bits" }
