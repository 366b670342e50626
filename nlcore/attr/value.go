package attr

import (
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore/val"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds of Value.
const (
	KindNil    Kind = iota // not said
	KindBool               // false also says "clear" or "none"
	KindInt                // int64
	KindUint               // uint64
	KindFloat              // float64 that is no integer; only as input
	KindString             // string
	KindBytes              // []byte
	KindAddr               // netip.Addr
	KindPrefix             // netip.Prefix
	KindEnum               // a number with its word
	KindLink               // val.LinkRef
	KindNetns              // val.NetnsRef
	KindList               // []Value
	KindTable              // []Pair, or a View of a struct
	KindSecret             // []byte that is never printed
)

var kindNames = [...]string{
	"nil", "boolean", "number", "number", "number", "string", "bytes", "address",
	"prefix", "word", "link", "namespace", "list", "table", "secret",
}

// String is the kind as an error names it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Value carries one field's value between rows and what shows or sets them.
// It is a small struct as in log/slog; the zero Value is "not said".
type Value struct {
	kind Kind
	num  uint64
	str  string
	any  any
}

// Pair is a named member of a table value.
type Pair struct {
	Key string
	Val Value
}

// BoolOf and its siblings make values.
func BoolOf(v bool) Value {
	if v {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// IntOf makes a signed number.
func IntOf(v int64) Value { return Value{kind: KindInt, num: uint64(v)} }

// UintOf makes an unsigned number.
func UintOf(v uint64) Value { return Value{kind: KindUint, num: v} }

// FloatOf makes a number; an integral one becomes an Int.
func FloatOf(v float64) Value {
	if v == math.Trunc(v) && math.Abs(v) < 1<<63 {
		return IntOf(int64(v))
	}
	return Value{kind: KindFloat, num: math.Float64bits(v)}
}

// StringOf makes a string.
func StringOf(v string) Value { return Value{kind: KindString, str: v} }

// BytesOf makes a byte string; v is kept.
func BytesOf(v []byte) Value { return Value{kind: KindBytes, any: v} }

// SecretOf makes a byte string that prints as a mask; v is kept.
func SecretOf(v []byte) Value { return Value{kind: KindSecret, any: v} }

// AddrOf makes an address.
func AddrOf(v netip.Addr) Value { return Value{kind: KindAddr, any: v} }

// PrefixOf makes a prefix.
func PrefixOf(v netip.Prefix) Value { return Value{kind: KindPrefix, any: v} }

// EnumOf makes a number with its word; an empty word is a number without one.
func EnumOf(n uint64, word string) Value { return Value{kind: KindEnum, num: n, str: word} }

// UnitOf makes a number whose customary text is text ("forever", "10ms").
func UnitOf(n uint64, text string) Value { return EnumOf(n, text) }

// LinkOf makes a reference to a link.
func LinkOf(v val.LinkRef) Value { return Value{kind: KindLink, any: v} }

// NetnsOf makes a reference to a namespace.
func NetnsOf(v val.NetnsRef) Value { return Value{kind: KindNetns, any: v} }

// ListOf makes a list; v is kept.
func ListOf(v []Value) Value { return Value{kind: KindList, any: v} }

// TableOf makes a table of named members; v is kept.
func TableOf(v []Pair) Value { return Value{kind: KindTable, any: v} }

// Kind says what the value holds.
func (v Value) Kind() Kind { return v.kind }

// IsNil reports that nothing was said.
func (v Value) IsNil() bool { return v.kind == KindNil }

// Bool is the value of a KindBool.
func (v Value) Bool() bool { return v.num != 0 }

// Int is the value of a KindInt.
func (v Value) Int() int64 { return int64(v.num) }

// Uint is the number of a KindUint or KindEnum.
func (v Value) Uint() uint64 { return v.num }

// Float is the value of a KindFloat.
func (v Value) Float() float64 { return math.Float64frombits(v.num) }

// Word is the text of a KindString or the word of a KindEnum.
func (v Value) Word() string { return v.str }

// Bytes is the value of a KindBytes or KindSecret.
func (v Value) Bytes() []byte { b, _ := v.any.([]byte); return b }

// Addr is the value of a KindAddr.
func (v Value) Addr() netip.Addr { a, _ := v.any.(netip.Addr); return a }

// Prefix is the value of a KindPrefix.
func (v Value) Prefix() netip.Prefix { p, _ := v.any.(netip.Prefix); return p }

// Link is the value of a KindLink.
func (v Value) Link() val.LinkRef { l, _ := v.any.(val.LinkRef); return l }

// Netns is the value of a KindNetns.
func (v Value) Netns() val.NetnsRef { n, _ := v.any.(val.NetnsRef); return n }

// List is the elements of a KindList.
func (v Value) List() []Value { l, _ := v.any.([]Value); return l }

// Table is the members of a KindTable.
func (v Value) Table() []Pair { t, _ := v.any.([]Pair); return t }

// IsFalse reports the false that clears a field.
func (v Value) IsFalse() bool { return v.kind == KindBool && v.num == 0 }

// String is the value as iproute2 would print it; of a secret, its mask.
func (v Value) String() string {
	switch v.kind {
	case KindBool:
		return strconv.FormatBool(v.Bool())
	case KindInt:
		return strconv.FormatInt(v.Int(), 10)
	case KindUint:
		return strconv.FormatUint(v.num, 10)
	case KindFloat:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case KindString:
		return v.str
	case KindBytes:
		return "0x" + hex.EncodeToString(v.Bytes())
	case KindSecret:
		return Mask(v.Bytes())
	case KindEnum:
		if v.str != "" {
			return v.str
		}
		return strconv.FormatUint(v.num, 10)
	case KindList:
		return joinValues(v.List())
	case KindTable:
		return joinPairs(v.Table())
	case KindNil:
		return "nil"
	}
	return fmt.Sprint(v.any)
}

func joinValues(l []Value) string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.String()
	}
	return strings.Join(parts, ",")
}

func joinPairs(t []Pair) string {
	parts := make([]string, len(t))
	for i, p := range t {
		parts[i] = p.Key + "=" + p.Val.String()
	}
	return "{" + strings.Join(parts, " ") + "}"
}
