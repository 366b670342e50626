package attr

import (
	"fmt"
)

// nestCodec is another struct in an attribute of its own.
type nestCodec[S any] struct{ t *Table[S] }

func (c nestCodec[S]) Decode(e *Env, p *S, b []byte) error { return c.t.Decode(e, p, b) }
func (c nestCodec[S]) Append(e *Env, b []byte, p *S) ([]byte, error) {
	return c.t.Append(e, b, p)
}
func (c nestCodec[S]) Has(p *S) bool { return c.t.any(p) }
func (c nestCodec[S]) Set(e *Env, p *S, v Value) error {
	return c.t.setTable(e, p, v)
}
func (c nestCodec[S]) Get(e *Env, p *S) Value { return c.t.Value(e, p) }
func (c nestCodec[S]) Width() int             { return 0 }
func (c nestCodec[S]) Kind() string           { return "table" }

// Nest is a struct of its own, encoded by its table inside the attribute.
func Nest[S any](p *S, t *Table[S]) Field {
	f := Bind(p, nestCodec[S]{t})
	f.info.sub = t.Schema
	return f
}

// Framing says how the elements of a list lie in their attribute.
type Framing struct {
	id      uint16
	selfLen bool
	size    int // of every element, where they lie side by side
}

// Each frames every element in an attribute of this id.
func Each(id uint16) Framing { return Framing{id: id} }

// SelfLen says that an element's first two bytes are its length (rtnexthop).
var SelfLen = Framing{selfLen: true}

// Packed says that the elements are C structs of size bytes side by side
// (xfrm_user_tmpl).
func Packed(size int) Framing { return Framing{size: size} }

// flat says that the list has no attributes of its own.
func (f Framing) flat() bool { return f.selfLen || f.size > 0 }

// listCodec is a sequence of structs.
type listCodec[S any] struct {
	t *Table[S]
	f Framing
}

func (c listCodec[S]) Decode(e *Env, p *[]S, b []byte) error {
	*p = (*p)[:0]
	for len(b) > 0 {
		body, rest, err := c.f.next(b)
		if err != nil {
			return err
		}
		var s S
		if err := c.t.Decode(e, &s, body); err != nil {
			return within(fmt.Sprintf("[%d]", len(*p)+1), err)
		}
		*p = append(*p, s)
		b = rest
	}
	return nil
}

func (f Framing) next(b []byte) (body, rest []byte, err error) {
	if f.size > 0 {
		if len(b) < f.size {
			return nil, nil, fmt.Errorf("element has %d bytes, needs %d", len(b), f.size)
		}
		return b[:f.size], b[f.size:], nil
	}
	if !f.selfLen {
		t, rest, err := Next(b)
		return t.Data, rest, err
	}
	if len(b) < 2 {
		return nil, nil, fmt.Errorf("element is cut short: %d bytes", len(b))
	}
	n := int(ne.Uint16(b))
	if n < headerLen || n > len(b) {
		return nil, nil, fmt.Errorf("element length %d does not fit in %d bytes", n, len(b))
	}
	return b[:n], b[min(Align(n), len(b)):], nil
}

func (c listCodec[S]) Append(e *Env, b []byte, p *[]S) ([]byte, error) {
	for i := range *p {
		start := len(b)
		if !c.f.flat() {
			b, _ = Open(b, c.f.id)
		}
		var err error
		if b, err = c.t.Append(e, b, &(*p)[i]); err != nil {
			return b, within(fmt.Sprintf("[%d]", i+1), err)
		}
		if c.f.size > 0 {
			continue
		}
		if b, err = Close(b, start); err != nil {
			return b, within(fmt.Sprintf("[%d]", i+1), err)
		}
	}
	return b, nil
}

func (c listCodec[S]) Has(p *[]S) bool { return len(*p) > 0 }

func (c listCodec[S]) Set(e *Env, p *[]S, v Value) error {
	l := v.List()
	if v.kind != KindList {
		l = []Value{v} // a single value is a list of one
	}
	out := make([]S, len(l))
	for i := range l {
		if err := c.t.setTable(e, &out[i], l[i]); err != nil {
			return within(fmt.Sprintf("[%d]", i+1), err)
		}
	}
	*p = out
	return nil
}

func (c listCodec[S]) Get(e *Env, p *[]S) Value {
	l := make([]Value, len(*p))
	for i := range *p {
		l[i] = c.t.Value(e, &(*p)[i])
	}
	return ListOf(l)
}

func (listCodec[S]) Width() int   { return 0 }
func (listCodec[S]) Kind() string { return "list" }

// List is a list of structs, framed as f says.
func List[S any](p *[]S, t *Table[S], f Framing) Field {
	fl := Bind(p, listCodec[S]{t, f})
	fl.info.sub, fl.info.list, fl.info.flat = t.Schema, true, f.flat()
	return fl
}

// strsCodec is a list of strings, each in an attribute of one id.
type strsCodec struct {
	id  uint16
	max int
}

func (c strsCodec) Decode(_ *Env, p *[]string, b []byte) error {
	*p = nil
	for len(b) > 0 {
		t, rest, err := Next(b)
		if err != nil {
			return err
		}
		if t.ID == c.id {
			var s string
			_ = strCodec{}.Decode(nil, &s, t.Data)
			*p = append(*p, s)
		}
		b = rest
	}
	return nil
}

func (c strsCodec) Append(_ *Env, b []byte, p *[]string) ([]byte, error) {
	for i, s := range *p {
		if err := (strCodec{size: c.max}).fits(s); err != nil {
			return b, within(fmt.Sprintf("[%d]", i+1), err)
		}
		var err error
		if b, err = AppendString(b, c.id, s); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (c strsCodec) Has(p *[]string) bool { return len(*p) > 0 }

func (c strsCodec) Set(e *Env, p *[]string, v Value) error {
	l := v.List()
	if v.kind != KindList {
		l = []Value{v}
	}
	out := make([]string, len(l))
	for i := range l {
		if err := (strCodec{size: c.max}).Set(e, &out[i], l[i]); err != nil {
			return within(fmt.Sprintf("[%d]", i+1), err)
		}
	}
	*p = out
	return nil
}

func (c strsCodec) Get(_ *Env, p *[]string) Value {
	l := make([]Value, len(*p))
	for i, s := range *p {
		l[i] = StringOf(s)
	}
	return ListOf(l)
}

func (strsCodec) Width() int   { return 0 }
func (strsCodec) Kind() string { return "list of strings" }

// Strs is a list of strings of at most size bytes, their zero included, each
// in an attribute of this id.
func Strs(p *[]string, id uint16, size int) Field {
	f := Bind(p, strsCodec{id, size})
	f.info.list = true
	return f
}
