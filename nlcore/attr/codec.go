package attr

import "unsafe"

// Codec is a leaf format: how one field lies on the wire and how it reads and
// is set by key. A codec keeps no pointer it is given.
type Codec[F any] interface {
	// Decode reads the payload of an attribute into p.
	Decode(e *Env, p *F, b []byte) error
	// Append appends the payload to b.
	Append(e *Env, b []byte, p *F) ([]byte, error)
	// Has reports whether p says something that is to be sent.
	Has(p *F) bool
	// Set takes a value given by key; false clears where that is possible.
	Set(e *Env, p *F, v Value) error
	// Get reads the value; asked only if Has.
	Get(e *Env, p *F) Value
	// Width is the payload's size in bytes, 0 if it varies.
	Width() int
	// Kind is the type as help and errors name it.
	Kind() string
}

// leaf is a Codec whose type is erased.
type leaf interface {
	decode(e *Env, p unsafe.Pointer, b []byte) error
	append(e *Env, b []byte, p unsafe.Pointer) ([]byte, error)
	has(p unsafe.Pointer) bool
	set(e *Env, p unsafe.Pointer, v Value) error
	get(e *Env, p unsafe.Pointer) Value
	width() int
	kind() string
	codec() any
}

type bound[F any, C Codec[F]] struct{ c C }

func (l bound[F, C]) decode(e *Env, p unsafe.Pointer, b []byte) error {
	return l.c.Decode(e, (*F)(p), b)
}
func (l bound[F, C]) append(e *Env, b []byte, p unsafe.Pointer) ([]byte, error) {
	return l.c.Append(e, b, (*F)(p))
}
func (l bound[F, C]) has(p unsafe.Pointer) bool                   { return l.c.Has((*F)(p)) }
func (l bound[F, C]) set(e *Env, p unsafe.Pointer, v Value) error { return l.c.Set(e, (*F)(p), v) }
func (l bound[F, C]) get(e *Env, p unsafe.Pointer) Value          { return l.c.Get(e, (*F)(p)) }
func (l bound[F, C]) width() int                                  { return l.c.Width() }
func (l bound[F, C]) kind() string                                { return l.c.Kind() }
func (l bound[F, C]) codec() any                                  { return l.c }

// Field is a codec bound to a field of the probe, with the checks that hold
// for it.
type Field struct {
	ptr   unsafe.Pointer
	size  uintptr
	leaf  leaf
	info  fieldInfo
	check bounds
	id6   uint16 // the second id of an address that has one per family
}

// fieldInfo is what help wants to know beyond the codec's kind.
type fieldInfo struct {
	sub   func() *Schema // rows of a nested struct or list element
	list  bool
	flat  bool // framed by the codec itself: no nested flag, no roll-back
	words func(*Env) []string
	unit  string
}

type bounds struct {
	on     bool
	lo, hi uint64
}

// Bind makes a Field of any codec. One whose value is a table of fields may
// have a method Sub() *Schema; where it is a list of such, List() bool.
func Bind[F any, C Codec[F]](p *F, c C) Field {
	f := Field{ptr: unsafe.Pointer(p), size: unsafe.Sizeof(*p), leaf: bound[F, C]{c}}
	if s, ok := any(c).(interface{ Sub() *Schema }); ok {
		f.info.sub, f.info.flat = s.Sub, true
	}
	if l, ok := any(c).(interface{ List() bool }); ok {
		f.info.list = l.List()
	}
	return f
}

// Range bounds a number, both ends included; checked when the field is set by
// key and when it is sent.
func (f Field) Range(lo, hi uint64) Field {
	f.check = bounds{on: true, lo: lo, hi: hi}
	return f
}
