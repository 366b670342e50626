package attr

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// Table lists the rows of T. Declare it as a package variable; it is built on
// first use and safe for concurrent use.
type Table[T any] struct {
	Name string // as error paths and help call it: "geneve"
	Rows func(*T, *Def)

	once   sync.Once
	sealed *Schema
}

// Schema is the table without its type: for help, completion and error paths.
func (t *Table[T]) Schema() *Schema {
	t.once.Do(t.seal)
	return t.sealed
}

func (t *Table[T]) seal() {
	probe := new(T)
	s := &Schema{name: t.Name, goType: reflect.TypeFor[T]()}
	d := &Def{base: unsafe.Pointer(probe), size: unsafe.Sizeof(*probe), schema: s, set: &s.set}
	defer func() {
		if r := recover(); r != nil {
			if text, ok := r.(string); ok {
				panic(text)
			}
			panic(fmt.Sprintf("attr: table %s: %v (an embedded pointer that is nil in the probe?)", t.Name, r))
		}
	}()
	t.Rows(probe, d)
	s.set.seal(t.Name)
	t.sealed = s
}

// Decode reads a message body (header, then attributes) into v.
func (t *Table[T]) Decode(e *Env, v *T, b []byte) error {
	return t.Schema().decode(e, noescape(unsafe.Pointer(v)), b)
}

// Append appends v's body as the mode of e wants it. v is not changed.
func (t *Table[T]) Append(e *Env, b []byte, v *T) ([]byte, error) {
	return t.Schema().append(e, b, noescape(unsafe.Pointer(v)))
}

// View is v as keys and values. It keeps v.
func (t *Table[T]) View(v *T) View { return View{t.Schema(), unsafe.Pointer(v)} }

// Set takes one field by key.
func (t *Table[T]) Set(e *Env, v *T, key string, x Value) error {
	ok, err := t.View(v).Set(e, key, x)
	if err == nil && !ok {
		return NoField(key)
	}
	return err
}

// Get reads one field by key; ok is false where nothing is said.
func (t *Table[T]) Get(e *Env, v *T, key string) (x Value, ok bool) {
	return t.View(v).Get(e, key)
}

// Value is v as a table value of its said fields.
func (t *Table[T]) Value(e *Env, v *T) Value { return t.View(v).Value(e) }

func (t *Table[T]) any(v *T) bool {
	s, p := t.Schema(), unsafe.Pointer(v)
	return s.header != nil && s.header.has(p) || s.rest != nil && s.rest.has(p) || s.set.has(p)
}

// setTable sets v from a table value; a bare value is the key field, and
// positional members are the fields that Key names.
func (t *Table[T]) setTable(e *Env, v *T, x Value) error {
	return SetTable(e, x, t.View(v))
}

// SetTable sets the fields of x on views, the first that has a key taking it.
func SetTable(e *Env, x Value, views ...View) error {
	switch x.kind {
	case KindTable:
		for _, p := range x.Table() {
			if err := setFirst(e, p.Key, p.Val, views); err != nil {
				return err
			}
		}
		return nil
	case KindList:
		for i, v := range x.List() {
			if err := setFirst(e, positional(i+1), v, views); err != nil {
				return err
			}
		}
		return nil
	}
	return setFirst(e, positional(1), x, views)
}

func positional(i int) string { return fmt.Sprintf("#%d", i) }

func setFirst(e *Env, key string, v Value, views []View) error {
	if len(key) > 1 && key[0] == '#' {
		for _, w := range views {
			if field := w.s.position(key); field != "" {
				key = field
			}
		}
	}
	if len(key) > 0 && key[0] == '#' {
		return wants("named fields", v)
	}
	for _, w := range views {
		if ok, err := w.Set(e, key, v); ok || err != nil {
			return err
		}
	}
	return NoField(key)
}

// position is the field of a positional value ("#2"); "" where it has none.
func (s *Schema) position(key string) string {
	if key == positional(1) {
		return s.key
	}
	for i, field := range s.more {
		if key == positional(i+2) {
			return field
		}
	}
	return ""
}
