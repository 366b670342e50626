package attr

import (
	"strings"
	"unsafe"
)

// View is one value seen through its schema: fields by key. The zero View has
// no fields.
type View struct {
	s *Schema
	p unsafe.Pointer
}

// Schema is the rows of the value.
func (w View) Schema() *Schema { return w.s }

// Decode reads a body into the value.
func (w View) Decode(e *Env, b []byte) error { return w.s.decode(e, w.p, b) }

// Append appends the value's body to b.
func (w View) Append(e *Env, b []byte) ([]byte, error) { return w.s.append(e, b, w.p) }

// Set takes a field by key; ok is false where no row has the key. A field
// that only the kernel sets is an error.
func (w View) Set(e *Env, key string, v Value) (ok bool, err error) {
	if w.s == nil {
		return false, nil
	}
	r := w.s.keyed()[key]
	if r == nil {
		return false, nil
	}
	return true, r.set(e, w.p, v)
}

// Has reports whether a field is known under this key and said.
func (w View) Has(key string) bool {
	if w.s == nil {
		return false
	}
	r := w.s.keyed()[key]
	return r != nil && r.has(w.p)
}

// Get reads a field by key; ok is false where nothing is said or no row has
// the key. For a link x, the key x_index reads its index.
func (w View) Get(e *Env, key string) (v Value, ok bool) {
	if w.s == nil {
		return Value{}, false
	}
	keys := w.s.keyed()
	r := keys[key]
	if r == nil {
		base, isIndex := strings.CutSuffix(key, "_index")
		if r = keys[base]; !isIndex || r == nil || r.leaf.kind() != (linkCodec{}).Kind() {
			return Value{}, false
		}
		v, ok = w.get(e, r)
		return IntOf(int64(v.Link().Index)), ok && v.Link().Index != 0
	}
	return w.get(e, r)
}

func (w View) get(e *Env, r *Row) (Value, bool) {
	p, ok := r.at(w.p)
	if !ok || !r.leaf.has(p) {
		return Value{}, false
	}
	return r.leaf.get(e, p), true
}

// Fields lists the said fields in the order of their rows.
func (w View) Fields(e *Env) []Pair {
	if w.s == nil {
		return nil
	}
	w.s.keyed()
	var l []Pair
	for _, r := range w.s.order {
		if v, ok := w.get(e, r); ok {
			l = append(l, Pair{r.name, v})
		}
	}
	return l
}

// Value is the said fields as a table value.
func (w View) Value(e *Env) Value { return TableOf(w.Fields(e)) }
