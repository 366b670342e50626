package xfrm

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// parseMasked reads "0x64/0xff", a number, or { value, mask }. Without a mask
// every bit counts.
func parseMasked(v attr.Value, most uint64) (value, mask uint64, err error) {
	mask = most
	parts := []attr.Value{v}
	switch v.Kind() {
	case attr.KindString:
		if value, mask, ok := strings.Cut(v.Word(), "/"); ok {
			parts = []attr.Value{attr.StringOf(value), attr.StringOf(mask)}
		}
	case attr.KindList:
		parts = v.List()
	}
	if len(parts) != 1 && len(parts) != 2 {
		return 0, 0, &attr.FieldError{Msg: fmt.Sprintf("wants a value and a mask, got %d values", len(parts))}
	}
	if value, err = attr.ToUint(parts[0], most); err == nil && len(parts) == 2 {
		mask, err = attr.ToUint(parts[1], most)
	}
	return value, mask, err
}

// markCodec is a struct xfrm_mark.
type markCodec struct{}

func (markCodec) Decode(_ *attr.Env, p *val.Opt[val.Masked[uint32]], b []byte) error {
	if len(b) < uapi.SizeofXfrmMark {
		return fmt.Errorf("has %d bytes, a mark has %d", len(b), uapi.SizeofXfrmMark)
	}
	*p = val.MarkMask(ne.Uint32(b), ne.Uint32(b[4:]))
	return nil
}

func (markCodec) Append(_ *attr.Env, b []byte, p *val.Opt[val.Masked[uint32]]) ([]byte, error) {
	m, _ := p.Get()
	return ne.AppendUint32(ne.AppendUint32(b, m.Value), m.Mask), nil
}

func (markCodec) Has(p *val.Opt[val.Masked[uint32]]) bool { return !p.IsZero() }

func (markCodec) Set(_ *attr.Env, p *val.Opt[val.Masked[uint32]], v attr.Value) error {
	value, mask, err := parseMasked(v, math.MaxUint32)
	if err == nil {
		*p = val.MarkMask(uint32(value), uint32(mask))
	}
	return err
}

// Get is the number where all bits count, else "0x64/0xff".
func (markCodec) Get(_ *attr.Env, p *val.Opt[val.Masked[uint32]]) attr.Value {
	m, _ := p.Get()
	if m.Mask == math.MaxUint32 {
		return attr.UnitOf(uint64(m.Value), fmt.Sprintf("%#x", m.Value))
	}
	return attr.StringOf(markText(m))
}
func (markCodec) Width() int   { return uapi.SizeofXfrmMark }
func (markCodec) Kind() string { return "number/mask" }

// markText is "0x64/0xff".
func markText(m val.Masked[uint32]) string { return fmt.Sprintf("%#x/%#x", m.Value, m.Mask) }

// outputMark is how the mark of outer packets reads.
var outputMark = attr.MaskForm{Bytes: 4, Bits: 32}

// Port is a port, or an ICMP type or code, and which of its bits count. IKE
// daemons say ranges of ports with masks.
type Port = val.Masked[uint16]

// PortOf says one port.
func PortOf(n uint16) val.Opt[Port] { return val.Some(Port{Value: n, Mask: math.MaxUint16}) }

// portText is "443", with a mask "16384/0xc000".
func portText(o val.Opt[Port]) string {
	p, ok := o.Get()
	switch {
	case !ok:
		return "any"
	case p.Mask == math.MaxUint16:
		return fmt.Sprint(p.Value)
	}
	return fmt.Sprintf("%d/%#x", p.Value, p.Mask)
}

// portCodec is a port of a selector with its mask behind it. A mask of zero
// is any port, and unsaid.
type portCodec struct{}

func (portCodec) Decode(_ *attr.Env, p *val.Opt[Port], b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("has %d bytes, a port and its mask have 4", len(b))
	}
	if mask := binary.BigEndian.Uint16(b[2:]); mask != 0 {
		p.Set(Port{Value: binary.BigEndian.Uint16(b), Mask: mask})
	}
	return nil
}

func (portCodec) Append(_ *attr.Env, b []byte, p *val.Opt[Port]) ([]byte, error) {
	v, _ := p.Get()
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, v.Value), v.Mask), nil
}

func (portCodec) Has(p *val.Opt[Port]) bool { return !p.IsZero() }

func (portCodec) Set(_ *attr.Env, p *val.Opt[Port], v attr.Value) error {
	num, mask, err := parseMasked(v, math.MaxUint16)
	if err == nil {
		p.Set(Port{Value: uint16(num), Mask: uint16(mask)})
	}
	return err
}

func (portCodec) Get(_ *attr.Env, p *val.Opt[Port]) attr.Value {
	v, _ := p.Get()
	if v.Mask == math.MaxUint16 {
		return attr.UintOf(uint64(v.Value))
	}
	return attr.StringOf(portText(*p))
}
func (portCodec) Width() int   { return 4 }
func (portCodec) Kind() string { return "port" }

// spiCodec is a security parameter index: be32, 0 is unsaid, read as ip
// prints it.
type spiCodec struct{}

func (spiCodec) Decode(_ *attr.Env, p *uint32, b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("has %d bytes, a be32 needs 4", len(b))
	}
	*p = binary.BigEndian.Uint32(b)
	return nil
}

func (spiCodec) Append(_ *attr.Env, b []byte, p *uint32) ([]byte, error) {
	return binary.BigEndian.AppendUint32(b, *p), nil
}

func (spiCodec) Has(p *uint32) bool { return *p != 0 }

func (spiCodec) Set(_ *attr.Env, p *uint32, v attr.Value) error {
	n, err := attr.ToUint(v, math.MaxUint32)
	if err == nil {
		*p = uint32(n)
	}
	return err
}

func (spiCodec) Get(_ *attr.Env, p *uint32) attr.Value {
	return attr.UnitOf(uint64(*p), fmt.Sprintf("0x%08x", *p))
}
func (spiCodec) Width() int   { return 4 }
func (spiCodec) Kind() string { return "spi" }
