package attr

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
)

// strCodec is text with a terminating zero; size is the fixed width of a
// struct member, or the most that fits with the zero, 0 if unlimited.
type strCodec struct {
	size  int
	fixed bool
}

func (c strCodec) Decode(_ *Env, p *string, b []byte) error {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	*p = string(b)
	return nil
}

func (c strCodec) Append(_ *Env, b []byte, p *string) ([]byte, error) {
	if err := c.fits(*p); err != nil {
		return b, err
	}
	b = append(b, *p...)
	if !c.fixed {
		return append(b, 0), nil
	}
	return append(b, make([]byte, c.size-len(*p))...), nil
}

func (c strCodec) fits(s string) error {
	if c.size > 0 && len(s) >= c.size {
		return wants(fmt.Sprintf("at most %d characters", c.size-1), StringOf(s))
	}
	if strings.IndexByte(s, 0) >= 0 {
		return wants("text without a zero byte", StringOf(s))
	}
	return nil
}

func (strCodec) Has(p *string) bool { return *p != "" }

func (c strCodec) Set(_ *Env, p *string, v Value) error {
	if v.kind != KindString {
		return wants("a string", v)
	}
	if err := c.fits(v.str); err != nil {
		return err
	}
	*p = v.str
	return nil
}

func (strCodec) Get(_ *Env, p *string) Value { return StringOf(*p) }
func (strCodec) Kind() string                { return "string" }
func (c strCodec) Width() int {
	if c.fixed {
		return c.size
	}
	return 0
}

// Str is text of any length.
func Str(p *string) Field { return Bind(p, strCodec{}) }

// StrMax is text of at most size bytes, its terminating zero included.
func StrMax(p *string, size int) Field { return Bind(p, strCodec{size: size}) }

// CStr is text in a struct member of size bytes.
func CStr(p *string, size int) Field { return Bind(p, strCodec{size: size, fixed: true}) }

// bytesCodec is a byte string as it is.
type bytesCodec struct{}

func (bytesCodec) Decode(_ *Env, p *[]byte, b []byte) error {
	*p = append([]byte(nil), b...)
	return nil
}
func (bytesCodec) Append(_ *Env, b []byte, p *[]byte) ([]byte, error) {
	return append(b, *p...), nil
}
func (bytesCodec) Has(p *[]byte) bool { return len(*p) > 0 }

// Set takes hex after 0x, else the bytes themselves.
func (bytesCodec) Set(_ *Env, p *[]byte, v Value) error {
	switch v.kind {
	case KindBytes:
		*p = append([]byte(nil), v.Bytes()...)
		return nil
	case KindString:
		h, isHex := strings.CutPrefix(v.str, "0x")
		if !isHex {
			*p = []byte(v.str)
			return nil
		}
		b, err := hex.DecodeString(h)
		if err != nil {
			return wants("hex digits in pairs after 0x", v)
		}
		*p = b
		return nil
	}
	return wants("bytes, or hex after 0x", v)
}
func (bytesCodec) Get(_ *Env, p *[]byte) Value { return BytesOf(*p) }
func (bytesCodec) Width() int                  { return 0 }
func (bytesCodec) Kind() string                { return "bytes" }

// Bytes is a byte string.
func Bytes(p *[]byte) Field { return Bind(p, bytesCodec{}) }
