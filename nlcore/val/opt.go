package val

import (
	"encoding/json"
	"fmt"
)

// Opt is a value that may be unsaid. Its zero value is "not said", so that an
// absent field of a literal leaves the kernel's default, and zero can be said.
type Opt[T any] struct {
	v  T
	ok bool
}

// Some says v.
func Some[T any](v T) Opt[T] { return Opt[T]{v: v, ok: true} }

// U8 says an 8-bit number.
func U8(v uint8) Opt[uint8] { return Some(v) }

// U16 says a 16-bit number.
func U16(v uint16) Opt[uint16] { return Some(v) }

// U32 says a 32-bit number.
func U32(v uint32) Opt[uint32] { return Some(v) }

// U64 says a 64-bit number.
func U64(v uint64) Opt[uint64] { return Some(v) }

// On and Off say a flag. They are values to copy, never to change.
var (
	On  = Some(true)
	Off = Some(false)
)

// Get returns the value and whether it was said.
func (o Opt[T]) Get() (T, bool) { return o.v, o.ok }

// Or returns the value, or def where it is unsaid.
func (o Opt[T]) Or(def T) T {
	if o.ok {
		return o.v
	}
	return def
}

// IsZero reports that nothing was said; encoding/json's omitzero asks it.
func (o Opt[T]) IsZero() bool { return !o.ok }

// Set says v.
func (o *Opt[T]) Set(v T) { o.v, o.ok = v, true }

// Clear takes back what was said.
func (o *Opt[T]) Clear() { *o = Opt[T]{} }

// String is the value's text, or "unset".
func (o Opt[T]) String() string {
	if !o.ok {
		return "unset"
	}
	return fmt.Sprint(o.v)
}

// MarshalJSON writes the value, or null where it is unsaid.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.ok {
		return []byte("null"), nil
	}
	return json.Marshal(o.v)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		o.Clear()
		return nil
	}
	o.ok = true
	return json.Unmarshal(b, &o.v)
}
