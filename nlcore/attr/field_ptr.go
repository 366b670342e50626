package attr

// ptrCodec is a struct behind a pointer, nil while nothing is said. It is for
// Local rows: the object frames it with code of its own.
type ptrCodec[S any] struct{ views func(*S) []View }

func (ptrCodec[S]) Decode(*Env, **S, []byte) error                 { return nil }
func (ptrCodec[S]) Append(_ *Env, b []byte, _ **S) ([]byte, error) { return b, nil }
func (ptrCodec[S]) Has(p **S) bool                                 { return *p != nil }
func (ptrCodec[S]) Width() int                                     { return 0 }
func (ptrCodec[S]) Kind() string                                   { return "table" }

func (c ptrCodec[S]) Set(e *Env, p **S, v Value) error {
	if v.IsFalse() {
		*p = nil
		return nil
	}
	s := new(S)
	if err := SetTable(e, v, c.views(s)...); err != nil {
		return err
	}
	*p = s
	return nil
}

func (c ptrCodec[S]) Get(e *Env, p **S) Value {
	var l []Pair
	for _, w := range c.views(*p) {
		l = append(l, w.Fields(e)...)
	}
	return TableOf(l)
}

// Ptr is a struct behind a pointer, whose keys are those of t.
func Ptr[S any](p **S, t *Table[S]) Field {
	f := Bind(p, ptrCodec[S]{func(s *S) []View { return []View{t.View(s)} }})
	f.info.sub = t.Schema
	return f
}
