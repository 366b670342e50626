package nlcore

import (
	"fmt"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// bitWords is a u32 of bits that have words: a list of them.
type bitWords[T ~uint32] struct{ words *attr.Enum }

func (bitWords[T]) Decode(_ *attr.Env, p *T, b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("has %d bytes, needs 4", len(b))
	}
	*p = T(ne.Uint32(b))
	return nil
}
func (bitWords[T]) Append(_ *attr.Env, b []byte, p *T) ([]byte, error) {
	return ne.AppendUint32(b, uint32(*p)), nil
}
func (bitWords[T]) Has(p *T) bool { return *p != 0 }
func (bitWords[T]) Width() int    { return 4 }
func (bitWords[T]) Kind() string  { return "list of words" }

// Get lists the words; bits without one are a number.
func (c bitWords[T]) Get(_ *attr.Env, p *T) attr.Value {
	var l []attr.Value
	rest := uint64(*p)
	for bit := uint64(1); bit <= rest; bit <<= 1 {
		if w := c.words.Word(bit); w != "" && rest&bit != 0 {
			l = append(l, attr.StringOf(w))
			rest &^= bit
		}
	}
	if rest != 0 {
		l = append(l, attr.UintOf(rest))
	}
	return attr.ListOf(l)
}

// Set takes a word, several, a number of bits, or false for none.
func (c bitWords[T]) Set(_ *attr.Env, p *T, v attr.Value) error {
	var bits uint64
	parts := v.List()
	if v.Kind() == attr.KindString {
		for _, w := range strings.FieldsFunc(v.Word(), func(r rune) bool { return r == ' ' || r == ',' }) {
			parts = append(parts, attr.StringOf(w))
		}
	} else if v.Kind() != attr.KindList && !v.IsFalse() {
		parts = []attr.Value{v}
	}
	for _, part := range parts {
		n, ok := c.words.Number(part.Word())
		switch part.Kind() {
		case attr.KindInt, attr.KindUint:
			n, ok = part.Uint(), part.Uint() < 1<<32
		}
		if !ok {
			return fmt.Errorf("wants a list of %s, got %q", strings.Join(c.words.Words(), ", "), part.String())
		}
		bits |= n
	}
	*p = T(bits)
	return nil
}

// lockCodec is RTAX_LOCK. As with ip, a rto_min that is said is locked: the
// kernel uses no other (tcp_rto_min).
type lockCodec struct{}

var lockWords = bitWords[MetricLock]{metricLocks}

func (lockCodec) Decode(e *attr.Env, m *RouteMetrics, b []byte) error {
	return lockWords.Decode(e, &m.Lock, b)
}
func (lockCodec) Append(e *attr.Env, b []byte, m *RouteMetrics) ([]byte, error) {
	bits := m.locked()
	return lockWords.Append(e, b, &bits)
}
func (lockCodec) Has(m *RouteMetrics) bool { return m.locked() != 0 }
func (lockCodec) Set(e *attr.Env, m *RouteMetrics, v attr.Value) error {
	return lockWords.Set(e, &m.Lock, v)
}
func (lockCodec) Get(e *attr.Env, m *RouteMetrics) attr.Value {
	bits := m.locked()
	return lockWords.Get(e, &bits)
}
func (lockCodec) Width() int   { return 4 }
func (lockCodec) Kind() string { return "list of words" }

func (m *RouteMetrics) locked() MetricLock {
	if m.RTOMin.IsZero() {
		return m.Lock
	}
	return m.Lock | 1<<uapi.RTAX_RTO_MIN
}

// flagBit is one of the flags in a header or another attribute; only one that
// is on counts as said.
type flagBit[T ~uint16 | ~uint32] struct{ bit T }

func (flagBit[T]) Decode(*attr.Env, *T, []byte) error                 { return nil }
func (flagBit[T]) Append(_ *attr.Env, b []byte, _ *T) ([]byte, error) { return b, nil }
func (c flagBit[T]) Has(p *T) bool                                    { return *p&c.bit != 0 }
func (c flagBit[T]) Get(_ *attr.Env, p *T) attr.Value                 { return attr.BoolOf(*p&c.bit != 0) }
func (flagBit[T]) Width() int                                         { return 0 }
func (flagBit[T]) Kind() string                                       { return "boolean" }
func (c flagBit[T]) Set(_ *attr.Env, p *T, v attr.Value) error {
	on, err := attr.ToBool(v)
	switch {
	case err != nil:
		return err
	case on:
		*p |= c.bit
	default:
		*p &^= c.bit
	}
	return nil
}

// routeFlagWords lists the flags that are on.
type routeFlagWords struct{}

func (routeFlagWords) Decode(*attr.Env, *RouteFlags, []byte) error                 { return nil }
func (routeFlagWords) Append(_ *attr.Env, b []byte, _ *RouteFlags) ([]byte, error) { return b, nil }
func (routeFlagWords) Has(p *RouteFlags) bool                                      { return *p&knownFlags != 0 }
func (routeFlagWords) Set(*attr.Env, *RouteFlags, attr.Value) error                { return attr.ErrReadOnly }
func (routeFlagWords) Get(_ *attr.Env, p *RouteFlags) attr.Value {
	var l []attr.Value
	for _, f := range routeFlags {
		if *p&f.bit != 0 {
			l = append(l, attr.StringOf(f.word))
		}
	}
	return attr.ListOf(l)
}
func (routeFlagWords) Width() int   { return 0 }
func (routeFlagWords) Kind() string { return "list of flags" }
