package attr

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"nlsh/nlcore/val"
)

type unsigned interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64
}

// num is how a number lies on the wire.
type num struct {
	bytes int
	big   bool
	truth bool // true and false are 1 and 0
	unit  *Unit
}

func (n num) read(b []byte) (uint64, error) {
	if len(b) < n.bytes {
		return 0, fmt.Errorf("has %d bytes, a %s needs %d", len(b), n.Kind(), n.bytes)
	}
	switch {
	case n.bytes == 1:
		return uint64(b[0]), nil
	case n.big && n.bytes == 2:
		return uint64(binary.BigEndian.Uint16(b)), nil
	case n.big && n.bytes == 4:
		return uint64(binary.BigEndian.Uint32(b)), nil
	case n.big:
		return binary.BigEndian.Uint64(b), nil
	case n.bytes == 2:
		return uint64(ne.Uint16(b)), nil
	case n.bytes == 4:
		return uint64(ne.Uint32(b)), nil
	}
	return ne.Uint64(b), nil
}

func (n num) write(b []byte, v uint64) []byte {
	switch {
	case n.bytes == 1:
		return append(b, byte(v))
	case n.big && n.bytes == 2:
		return binary.BigEndian.AppendUint16(b, uint16(v))
	case n.big && n.bytes == 4:
		return binary.BigEndian.AppendUint32(b, uint32(v))
	case n.big:
		return binary.BigEndian.AppendUint64(b, v)
	case n.bytes == 2:
		return ne.AppendUint16(b, uint16(v))
	case n.bytes == 4:
		return ne.AppendUint32(b, uint32(v))
	}
	return ne.AppendUint64(b, v)
}

// max is the largest number that fits.
func (n num) max() uint64 { return math.MaxUint64 >> (64 - 8*n.bytes) }

func (n num) Width() int { return n.bytes }

// Kind is "u32", or "be16" in network order.
func (n num) Kind() string {
	if n.big {
		return "be" + strconv.Itoa(8*n.bytes)
	}
	return "u" + strconv.Itoa(8*n.bytes)
}

func (n num) parse(v Value) (uint64, error) {
	if n.truth && v.kind == KindBool {
		return v.num, nil
	}
	if n.unit != nil && v.kind == KindString {
		if x, ok := n.unit.parse(v.str); ok {
			return x, nil
		}
		if _, err := parseUint(v.str); err != nil {
			return 0, wants("a number or a string like "+n.unit.Example, v)
		}
	}
	return toUint(v, n.max())
}

// ToUint takes a number from 0 to max, or text as iproute2 takes it ("0x1f").
func ToUint(v Value, max uint64) (uint64, error) { return toUint(v, max) }

// toUint takes a number, or text as iproute2 takes it ("0x1f").
func toUint(v Value, max uint64) (uint64, error) {
	var x uint64
	ok := false
	switch v.kind {
	case KindUint, KindEnum:
		x, ok = v.num, true
	case KindInt:
		x, ok = v.num, v.Int() >= 0
	case KindString:
		n, err := parseUint(v.str)
		x, ok = n, err == nil
		if !ok {
			return 0, wants("a number", v)
		}
	case KindFloat:
		return 0, wants("an integer", v)
	default:
		return 0, wants("a number", v)
	}
	if !ok || x > max {
		return 0, wants(fmt.Sprintf("a number from 0 to %d", max), v)
	}
	return x, nil
}

// parseUint reads decimal or 0x; a leading zero is no octal.
func parseUint(s string) (uint64, error) {
	if h, ok := strings.CutPrefix(s, "0x"); ok {
		return strconv.ParseUint(h, 16, 64)
	}
	return strconv.ParseUint(s, 10, 64)
}

// optNum is a number that may be unsaid.
type optNum[T unsigned] struct{ num }

func (c optNum[T]) Decode(_ *Env, p *val.Opt[T], b []byte) error {
	n, err := c.read(b)
	p.Set(T(n))
	return err
}
func (c optNum[T]) Append(_ *Env, b []byte, p *val.Opt[T]) ([]byte, error) {
	v, _ := p.Get()
	return c.write(b, uint64(v)), nil
}
func (c optNum[T]) Has(p *val.Opt[T]) bool { return !p.IsZero() }
func (c optNum[T]) Set(_ *Env, p *val.Opt[T], v Value) error {
	n, err := c.parse(v)
	if err == nil {
		p.Set(T(n))
	}
	return err
}
func (c optNum[T]) Get(_ *Env, p *val.Opt[T]) Value {
	v, _ := p.Get()
	return UintOf(uint64(v))
}

// plainNum is a number whose zero is never sent.
type plainNum[T unsigned] struct{ num }

func (c plainNum[T]) Decode(_ *Env, p *T, b []byte) error {
	n, err := c.read(b)
	*p = T(n)
	return err
}
func (c plainNum[T]) Append(_ *Env, b []byte, p *T) ([]byte, error) {
	return c.write(b, uint64(*p)), nil
}
func (c plainNum[T]) Has(p *T) bool { return *p != 0 }
func (c plainNum[T]) Set(_ *Env, p *T, v Value) error {
	n, err := c.parse(v)
	if err == nil {
		*p = T(n)
	}
	return err
}
func (c plainNum[T]) Get(_ *Env, p *T) Value { return UintOf(uint64(*p)) }

func opt[T unsigned](p *val.Opt[T], n num) Field { return Bind(p, optNum[T]{n}) }

// Uint8 is an 8-bit number.
func Uint8[T ~uint8](p *val.Opt[T]) Field { return opt(p, num{bytes: 1}) }

// Uint16 is a 16-bit number in host order.
func Uint16[T ~uint16](p *val.Opt[T]) Field { return opt(p, num{bytes: 2}) }

// Uint32 is a 32-bit number in host order.
func Uint32[T ~uint32](p *val.Opt[T]) Field { return opt(p, num{bytes: 4}) }

// Uint64 is a 64-bit number in host order.
func Uint64[T ~uint64](p *val.Opt[T]) Field { return opt(p, num{bytes: 8}) }

// BE16 is a 16-bit number in network order.
func BE16[T ~uint16](p *val.Opt[T]) Field { return opt(p, num{bytes: 2, big: true}) }

// BE32 is a 32-bit number in network order.
func BE32[T ~uint32](p *val.Opt[T]) Field { return opt(p, num{bytes: 4, big: true}) }

// anyWidth is a number that the kernel sends in 4 bytes if it fits, else in 8
// (nla_put_uint).
type anyWidth[T unsigned] struct{ optNum[T] }

func (c anyWidth[T]) Decode(e *Env, p *val.Opt[T], b []byte) error {
	if len(b) == 4 {
		return optNum[T]{num{bytes: 4}}.Decode(e, p, b)
	}
	return c.optNum.Decode(e, p, b)
}
func (anyWidth[T]) Width() int   { return 0 }
func (anyWidth[T]) Kind() string { return "uint" }

// Uint is a number of 4 or 8 bytes.
func Uint[T ~uint64](p *val.Opt[T]) Field { return Bind(p, anyWidth[T]{optNum[T]{num{bytes: 8}}}) }

// Plain8 is an 8-bit number that is not sent when zero.
func Plain8[T ~uint8](p *T) Field { return Bind(p, plainNum[T]{num{bytes: 1}}) }

// Plain16 is a 16-bit number that is not sent when zero.
func Plain16[T ~uint16](p *T) Field { return Bind(p, plainNum[T]{num{bytes: 2}}) }

// Plain32 is a 32-bit number that is not sent when zero.
func Plain32[T ~uint32](p *T) Field { return Bind(p, plainNum[T]{num{bytes: 4}}) }

// Plain64 is a 64-bit number that is not sent when zero.
func Plain64[T ~uint64](p *T) Field { return Bind(p, plainNum[T]{num{bytes: 8}}) }

// PlainBE64 is a 64-bit number in network order that is not sent when zero.
func PlainBE64[T ~uint64](p *T) Field { return Bind(p, plainNum[T]{num{bytes: 8, big: true}}) }

// PlainBE16 is a 16-bit number in network order that is not sent when zero.
func PlainBE16[T ~uint16](p *T) Field { return Bind(p, plainNum[T]{num{bytes: 2, big: true}}) }

// Wide stores a small number in a wider attribute, as the bridge's timers
// are u64 on the wire.
func Wide[T unsigned](p *val.Opt[T], bytes int) Field { return opt(p, num{bytes: bytes}) }
