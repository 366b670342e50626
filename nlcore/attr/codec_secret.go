package attr

import (
	"bytes"
	"fmt"
)

// Mask is what is printed for a secret: how long it is, "0x…(256 bits)".
func Mask(secret []byte) string { return fmt.Sprintf("0x…(%d bits)", 8*len(secret)) }

// secretCodec is a byte string that is masked wherever it is printed.
type secretCodec struct{ bytesCodec }

// Set takes hex after 0x, else the bytes themselves, or what Get gave. Errors
// do not show what was given.
func (c secretCodec) Set(e *Env, p *[]byte, v Value) error {
	if v.kind == KindSecret {
		*p = bytes.Clone(v.Bytes())
		return nil
	}
	if c.bytesCodec.Set(e, p, v) == nil {
		return nil
	}
	if v.kind == KindString {
		return &FieldError{Msg: "wants hex digits in pairs after 0x"}
	}
	return &FieldError{Msg: "wants bytes, or hex after 0x, got a " + v.kind.String()}
}

func (secretCodec) Get(_ *Env, p *[]byte) Value { return SecretOf(*p) }
func (secretCodec) Kind() string                { return "secret" }

// Secret is a key: a byte string that prints as a mask of its length.
func Secret(p *[]byte) Field { return Bind(p, secretCodec{}) }

// Same reports that two values are alike, secrets by their bytes.
func Same(a, b Value) bool {
	switch {
	case a.kind == KindSecret && b.kind == KindSecret:
		return bytes.Equal(a.Bytes(), b.Bytes())
	case a.kind == KindTable && b.kind == KindTable:
		x, y := a.Table(), b.Table()
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if x[i].Key != y[i].Key || !Same(x[i].Val, y[i].Val) {
				return false
			}
		}
		return true
	case a.kind == KindList && b.kind == KindList:
		x, y := a.List(), b.List()
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Same(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return a.String() == b.String()
}
