package nlcore

import (
	"fmt"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// aliasCodec is a link's alias. It is sent without a terminating zero, which
// the kernel would count (dev_set_alias takes 255 bytes), and empty to take
// the alias away.
type aliasCodec struct{}

func (aliasCodec) Decode(_ *attr.Env, p *val.Opt[string], b []byte) error {
	text, _, _ := strings.Cut(string(b), "\x00")
	p.Set(text)
	return nil
}

func (c aliasCodec) Append(_ *attr.Env, b []byte, p *val.Opt[string]) ([]byte, error) {
	text := p.Or("")
	return append(b, text...), c.fits(text)
}

func (aliasCodec) fits(text string) error {
	if len(text) >= uapi.IFALIASZ || strings.Contains(text, "\x00") {
		return &attr.FieldError{Msg: fmt.Sprintf("wants at most %d bytes, none zero, got %q", uapi.IFALIASZ-1, text)}
	}
	return nil
}

func (aliasCodec) Has(p *val.Opt[string]) bool { return !p.IsZero() }

// Set takes text; false takes the alias away, as the empty text does.
func (c aliasCodec) Set(_ *attr.Env, p *val.Opt[string], v attr.Value) error {
	if !v.IsFalse() && v.Kind() != attr.KindString {
		return &attr.FieldError{Msg: "wants a string, or false for none, got " + v.String()}
	}
	if err := c.fits(v.Word()); err != nil {
		return err
	}
	p.Set(v.Word())
	return nil
}

func (aliasCodec) Get(_ *attr.Env, p *val.Opt[string]) attr.Value { return attr.StringOf(p.Or("")) }
func (aliasCodec) Width() int                                     { return 0 }
func (aliasCodec) Kind() string                                   { return "string" }
