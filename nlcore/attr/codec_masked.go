package attr

import (
	"fmt"
	"strconv"
	"strings"

	"nlsh/nlcore/val"
)

// MaskForm is how a number with a mask lies on the wire, in two attributes,
// and how it reads.
type MaskForm struct {
	Bytes  int
	Big    bool // network order
	Bits   int  // how many the number has
	Always bool // send the mask also where it has all bits, which it is without
	// Names are the words of numbers whose mask is full, each that of the number
	// shifted left by Shift bits; nil where numbers read in hex.
	Names NameTable
	Shift int
}

func (f *MaskForm) full() uint64 { return 1<<f.Bits - 1 }

// hexText is a number as iproute2 prints it in hex.
func hexText(n uint64) string {
	if n == 0 {
		return "0"
	}
	return "0x" + strconv.FormatUint(n, 16)
}

// masked is the value's attribute; its key gives both.
type masked[T unsigned] struct {
	num
	f *MaskForm
}

// Decode keeps a mask that came before; without one all bits count.
func (c masked[T]) Decode(_ *Env, p *val.Opt[val.Masked[T]], b []byte) error {
	n, err := c.read(b)
	m := p.Or(val.Masked[T]{Mask: T(c.f.full())})
	m.Value = T(n)
	p.Set(m)
	return err
}

func (c masked[T]) Append(_ *Env, b []byte, p *val.Opt[val.Masked[T]]) ([]byte, error) {
	m, _ := p.Get()
	if full := c.f.full(); uint64(m.Value) > full || uint64(m.Mask) > full {
		return b, fmt.Errorf("wants a number and a mask from 0 to %s, got %s/%s",
			hexText(full), hexText(uint64(m.Value)), hexText(uint64(m.Mask)))
	}
	return c.write(b, uint64(m.Value)), nil
}

func (masked[T]) Has(p *val.Opt[val.Masked[T]]) bool { return !p.IsZero() }

// Set takes "0x64/0xff", a number or a word; alone it means all bits.
func (c masked[T]) Set(e *Env, p *val.Opt[val.Masked[T]], v Value) error {
	text, mask, two := v.Word(), "", false
	if v.Kind() == KindString {
		text, mask, two = strings.Cut(v.Word(), "/")
	}
	m := val.Masked[T]{Mask: T(c.f.full())}
	n, err := c.number(e, v, text)
	if err == nil && two {
		m.Mask, err = c.part(mask)
	}
	if err != nil {
		return wants(c.wanted(), v)
	}
	m.Value = n
	p.Set(m)
	return nil
}

func (c masked[T]) number(e *Env, v Value, text string) (T, error) {
	if v.Kind() != KindString {
		n, err := toUint(v, c.f.full())
		return T(n), err
	}
	if c.f.Names != nil {
		if n, ok := c.f.Names.number(e, text); ok && n>>c.f.Shift<<c.f.Shift == n {
			return T(n >> c.f.Shift), nil
		}
	}
	return c.part(text)
}

func (c masked[T]) part(text string) (T, error) {
	n, err := toUint(StringOf(text), c.f.full())
	return T(n), err
}

func (c masked[T]) wanted() string {
	what := `a number, or a number and its mask like "0x10/0x30"`
	if c.f.Names != nil {
		what = `a word, a number, or a number and its mask like "0x10/0x30"`
	}
	return what + ", each from 0 to " + hexText(c.f.full())
}

// Get is the number or word where all bits count, else "0x64/0xff".
func (c masked[T]) Get(e *Env, p *val.Opt[val.Masked[T]]) Value {
	m, _ := p.Get()
	n := uint64(m.Value)
	switch {
	case uint64(m.Mask) != c.f.full():
		return StringOf(hexText(n) + "/" + hexText(uint64(m.Mask)))
	case c.f.Names != nil:
		return EnumOf(n, c.f.Names.word(e, n<<c.f.Shift))
	}
	return UnitOf(n, hexText(n))
}

func (masked[T]) Kind() string { return "number/mask" }

// maskPart is the mask's attribute, which has no key of its own.
type maskPart[T unsigned] struct{ masked[T] }

func (c maskPart[T]) Decode(_ *Env, p *val.Opt[val.Masked[T]], b []byte) error {
	n, err := c.read(b)
	m, _ := p.Get()
	m.Mask = T(n)
	p.Set(m)
	return err
}

func (c maskPart[T]) Append(_ *Env, b []byte, p *val.Opt[val.Masked[T]]) ([]byte, error) {
	m, _ := p.Get()
	return c.write(b, uint64(m.Mask)), nil
}

// Has leaves out the mask that the kernel assumes.
func (c maskPart[T]) Has(p *val.Opt[val.Masked[T]]) bool {
	m, ok := p.Get()
	return ok && (c.f.Always || uint64(m.Mask) != c.f.full())
}

// MaskedPair is a number and its mask, two attributes behind one key: the
// first field is of the row with the key, the second of a row that is hidden.
func MaskedPair[T unsigned](p *val.Opt[val.Masked[T]], f *MaskForm) (value, mask Field) {
	c := masked[T]{num{bytes: f.Bytes, big: f.Big}, f}
	return Bind(p, c), Bind(p, maskPart[T]{c})
}
