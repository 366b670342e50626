package nlcore

import (
	"encoding/binary"
	"fmt"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// What tunnels of several kinds say of their outer header.

// TTL is a tunnel's hop limit: 0 for that of the route, 1 to 255, or
// TTLInherit.
type TTL uint16

// TTLInherit takes the hop limit of the inner packet.
const TTLInherit TTL = 256

// String is the limit as iproute2 writes it.
func (t TTL) String() string { return ttlValue(t).String() }

func ttlValue(t TTL) attr.Value {
	switch t {
	case 0:
		return attr.EnumOf(0, "auto")
	case TTLInherit:
		return attr.EnumOf(uint64(t), "inherit")
	}
	return attr.UintOf(uint64(t))
}

// ttlCodec is the limit where a number is one; ttlInheritCodec the attribute
// beside it. Both are of one field.
type ttlCodec struct{}

func (ttlCodec) Decode(_ *attr.Env, p *val.Opt[TTL], b []byte) error {
	if len(b) == 0 {
		return fmt.Errorf("is empty")
	}
	if p.Or(0) != TTLInherit {
		p.Set(TTL(b[0]))
	}
	return nil
}
func (ttlCodec) Append(_ *attr.Env, b []byte, p *val.Opt[TTL]) ([]byte, error) {
	t := p.Or(0)
	if t > 255 {
		return b, &attr.FieldError{Msg: fmt.Sprintf("wants a number from 0 to 255 or TTLInherit, got %d", t)}
	}
	return append(b, byte(t)), nil
}
func (ttlCodec) Has(p *val.Opt[TTL]) bool { return !p.IsZero() }
func (ttlCodec) Set(_ *attr.Env, p *val.Opt[TTL], v attr.Value) error {
	switch v.Word() {
	case "inherit":
		p.Set(TTLInherit)
		return nil
	case "auto":
		p.Set(0)
		return nil
	}
	n, err := attr.ToUint(v, 255)
	if err != nil {
		return &attr.FieldError{Msg: fmt.Sprintf("wants a number from 0 to 255, auto or inherit, got %v", v)}
	}
	p.Set(TTL(n))
	return nil
}
func (ttlCodec) Get(_ *attr.Env, p *val.Opt[TTL]) attr.Value { return ttlValue(p.Or(0)) }
func (ttlCodec) Width() int                                  { return 1 }
func (ttlCodec) Kind() string                                { return "hop limit" }

// ttlInheritCodec is written as a flag and read as a byte.
type ttlInheritCodec struct{ ttlCodec }

func (ttlInheritCodec) Decode(_ *attr.Env, p *val.Opt[TTL], b []byte) error {
	if len(b) == 0 || b[0] != 0 {
		p.Set(TTLInherit)
	}
	return nil
}
func (ttlInheritCodec) Append(_ *attr.Env, b []byte, _ *val.Opt[TTL]) ([]byte, error) {
	return b, nil
}
func (ttlInheritCodec) Has(p *val.Opt[TTL]) bool { return p.Or(0) == TTLInherit }
func (ttlInheritCodec) Width() int               { return 0 }

// TOS is a tunnel's type of service; 1 takes that of the inner packet.
type TOS uint8

var tosWords = attr.NewEnum("tos").With(1, "inherit")

// String is the word, or the number.
func (t TOS) String() string { return tosWords.Text(uint64(t)) }

// FlowLabel is an IPv6 flow label, 0 to 2^20-1, or FlowLabelInherit.
type FlowLabel uint32

// FlowLabelInherit takes the label of the inner packet.
const FlowLabelInherit FlowLabel = 1 << 20

// flowLabelCodec is the label where a number is one; labelPolicyCodec the
// attribute beside it. Both are of one field.
type flowLabelCodec struct{}

func (flowLabelCodec) Decode(_ *attr.Env, p *val.Opt[FlowLabel], b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("has %d bytes, a flow label has 4", len(b))
	}
	if p.Or(0) != FlowLabelInherit {
		p.Set(FlowLabel(binary.BigEndian.Uint32(b)))
	}
	return nil
}
func (flowLabelCodec) Append(_ *attr.Env, b []byte, p *val.Opt[FlowLabel]) ([]byte, error) {
	l := p.Or(0)
	if l >= FlowLabelInherit {
		return b, &attr.FieldError{Msg: fmt.Sprintf("wants a number from 0 to %d or FlowLabelInherit, got %d", FlowLabelInherit-1, l)}
	}
	return binary.BigEndian.AppendUint32(b, uint32(l)), nil
}
func (flowLabelCodec) Has(p *val.Opt[FlowLabel]) bool { return !p.IsZero() }
func (flowLabelCodec) Set(_ *attr.Env, p *val.Opt[FlowLabel], v attr.Value) error {
	if strings.EqualFold(v.Word(), "inherit") {
		p.Set(FlowLabelInherit)
		return nil
	}
	n, err := attr.ToUint(v, uint64(FlowLabelInherit-1))
	if err != nil {
		return &attr.FieldError{Msg: fmt.Sprintf("wants a number from 0 to %d or inherit, got %v", FlowLabelInherit-1, v)}
	}
	p.Set(FlowLabel(n))
	return nil
}
func (flowLabelCodec) Get(_ *attr.Env, p *val.Opt[FlowLabel]) attr.Value {
	if l := p.Or(0); l != FlowLabelInherit {
		return attr.UintOf(uint64(l))
	}
	return attr.EnumOf(uint64(FlowLabelInherit), "inherit")
}
func (flowLabelCodec) Width() int   { return 4 }
func (flowLabelCodec) Kind() string { return "flow label" }

type labelPolicyCodec struct{ flowLabelCodec }

func (labelPolicyCodec) Decode(_ *attr.Env, p *val.Opt[FlowLabel], b []byte) error {
	if len(b) >= 4 && ne.Uint32(b) == 1 {
		p.Set(FlowLabelInherit)
	}
	return nil
}
func (labelPolicyCodec) Append(_ *attr.Env, b []byte, p *val.Opt[FlowLabel]) ([]byte, error) {
	if p.Or(0) == FlowLabelInherit {
		return ne.AppendUint32(b, 1), nil
	}
	return ne.AppendUint32(b, 0), nil
}
