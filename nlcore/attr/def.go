package attr

import (
	"fmt"
	"reflect"
	"unsafe"

	"nlsh/nlcore/internal/uapi"
)

// Def collects the rows of one table while its Rows function runs.
type Def struct {
	base   unsafe.Pointer
	size   uintptr
	scope  *scope
	schema *Schema
	set    *rowset
}

// Raw keeps attributes that no row names, whole and in order; they are shown,
// never sent.
type Raw []byte

// Attr declares an attribute: its id, its key and its field.
func (d *Def) Attr(id uint16, name string, f Field) *Row {
	r := d.bind(name, f)
	r.id, r.id6 = id, f.id6
	r.nested = f.info.sub != nil && !f.info.flat || isList(f)
	d.set.add(r)
	return r
}

func isList(f Field) bool { return f.info.list && !f.info.flat }

// Local declares a key without an attribute: something the object does with
// requests of its own.
func (d *Def) Local(name string, f Field) *Row {
	r := d.bind(name, f)
	r.virtual, r.modes = true, 0
	d.set.keyed = append(d.set.keyed, r)
	return r
}

// Derived declares a key that follows from other fields: it is read, never on
// the wire. Its codec may be bound to the whole struct.
func (d *Def) Derived(name string, f Field) *Row {
	r := d.bind(name, f)
	r.modes = 0
	d.set.keyed = append(d.set.keyed, r)
	return r
}

// Nest declares an attribute whose rows stand in the same struct. Its keys
// are flat among the object's.
func (d *Def) Nest(id uint16, name string, rows func(*Def)) *Row {
	sub := &Def{base: d.base, size: d.size, scope: d.scope, schema: d.schema, set: &rowset{}}
	rows(sub)
	sub.set.seal(d.schema.name + "." + name)
	r := &Row{id: id, name: name, form: sub.set, scope: d.scope, modes: Write, nested: true}
	d.set.add(r)
	return r
}

// Struct declares an attribute that is a C struct of size bytes, its members
// in the same Go struct.
func (d *Def) Struct(id uint16, name string, size int) *Layout {
	l := &Layout{def: d, size: size}
	l.Row = &Row{id: id, name: name, form: l, scope: d.scope, modes: Write}
	d.set.add(l.Row)
	return l
}

// Header declares the fixed header before the attributes.
func (d *Def) Header(size int) *Layout {
	l := &Layout{def: d, size: size}
	l.Row = &Row{name: "header", form: l}
	d.schema.header = l
	return l
}

// Deferred declares an attribute that hand-written code frames; path names
// the place of a byte offset inside its payload.
func (d *Def) Deferred(id uint16, name string, path func(payload []byte, off int) string) {
	d.set.add(&Row{id: id, name: name, path: path, hidden: true})
}

// Skip names attributes that are known and not kept.
func (d *Def) Skip(ids ...uint16) {
	for _, id := range ids {
		d.set.add(&Row{id: id, name: fmt.Sprintf("skip%d", id), hidden: true})
	}
}

// Key names the field that a bare value stands for: "address" in
// addrs={"10.0.0.1/24"}. Further names are the fields of further positional
// values: name, key, icv in aead={ "rfc4106(gcm(aes))", "0x01...", 128 }.
func (d *Def) Key(name string, more ...string) { d.schema.key, d.schema.more = name, more }

// Tail declares the field that has all bytes after the header, in a struct
// that ends in an array. Such a table has no attributes. In(0) leaves it out
// of what is sent.
func (d *Def) Tail(name string, f Field) *Row {
	r := d.bind(name, f)
	d.schema.rest = r
	return r
}

// Extra is where unknown attributes are kept.
func (d *Def) Extra(p *Raw) {
	off, scope := d.place(unsafe.Pointer(p), unsafe.Sizeof(*p), "extra")
	d.set.extra = &Row{name: "extra", off: off, scope: scope}
}

// Behind declares rows of a part that stands behind a pointer, created when
// one of its fields is first said.
func Behind[S any](d *Def, pp **S, rows func(*S, *Def)) {
	off, _ := d.place(unsafe.Pointer(pp), unsafe.Sizeof(*pp), "pointer")
	probe := new(S)
	d.schema.behind = append(d.schema.behind, reflect.TypeFor[S]())
	sub := *d
	sub.base, sub.size = unsafe.Pointer(probe), unsafe.Sizeof(*probe)
	sub.scope = &scope{
		off: off, base: sub.base, size: sub.size,
		make: func() unsafe.Pointer { return unsafe.Pointer(new(S)) },
	}
	rows(probe, &sub)
}

// Hooks are the hand-written parts of a table: what follows from several
// fields. Each may be nil.
type Hooks[T any] struct {
	Read  func(e *Env, v *T, header []byte) error // after the header's rows
	Write func(e *Env, v *T, header []byte) error // fills the header in place
	Done  func(e *Env, v *T) error                // after all attributes
	Tail  func(e *Env, v *T, b []byte) ([]byte, error)
}

// Hook installs the hand-written parts.
func Hook[T any](d *Def, h Hooks[T]) {
	s := d.schema
	if h.Read != nil {
		s.read = func(e *Env, p unsafe.Pointer, b []byte) error { return h.Read(e, (*T)(p), b) }
	}
	if h.Write != nil {
		s.write = func(e *Env, p unsafe.Pointer, b []byte) error { return h.Write(e, (*T)(p), b) }
	}
	if h.Done != nil {
		s.done = func(e *Env, p unsafe.Pointer) error { return h.Done(e, (*T)(p)) }
	}
	if h.Tail != nil {
		s.tail = func(e *Env, p unsafe.Pointer, b []byte) ([]byte, error) { return h.Tail(e, (*T)(p), b) }
	}
}

// place turns a probe pointer into an offset; a foreign one is a mistake in
// the table.
func (d *Def) place(p unsafe.Pointer, size uintptr, name string) (uintptr, *scope) {
	off, ok := offset(d.base, p, d.size, size)
	if !ok {
		panic(fmt.Sprintf("attr: table %s: row %q points outside its struct", d.schema.name, name))
	}
	return off, d.scope
}

func (d *Def) bind(name string, f Field) *Row {
	off, sc := d.place(f.ptr, f.size, name)
	return &Row{
		name: name, off: off, scope: sc, leaf: f.leaf, fast: fastOf(f.leaf), modes: Write,
		check: f.check, info: f.info,
	}
}

// nestedFlag marks attributes that hold attributes.
const nestedFlag = uint16(uapi.NLA_F_NESTED)
