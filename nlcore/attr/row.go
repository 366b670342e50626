package attr

import (
	"unsafe"

	"nlsh/nlcore/val"
)

// Row is one attribute: its id, its key, the field that holds it and when it
// is sent. The methods are for declarations; a sealed row never changes.
type Row struct {
	id, id6  uint16
	name     string
	aliases  []string
	off      uintptr
	scope    *scope
	leaf     leaf
	fast     fastKind
	form     form
	modes    Mode
	since    string
	required bool
	past     int  // in the plan: the first row that is not behind the same pointer
	nested   bool // carries NLA_F_NESTED and is rolled back when empty
	virtual  bool // no attribute: only reached by key
	hidden   bool // no key: only on the wire
	when     func(unsafe.Pointer) bool
	check    bounds
	fill     uint64 // what a layout holds where the member is unsaid
	info     fieldInfo
	path     func(payload []byte, off int) string
}

// form is what frames several rows: a nest or a struct on the same value.
type form interface {
	decode(e *Env, base unsafe.Pointer, b []byte) error
	append(e *Env, b []byte, base unsafe.Pointer) ([]byte, error)
	has(base unsafe.Pointer) bool
	rows() []*Row
}

// scope is a part of the object that stands behind a pointer.
type scope struct {
	off  uintptr // of the pointer
	make func() unsafe.Pointer
	base unsafe.Pointer
	size uintptr
}

// isNil reports that the part is not there.
func (s *scope) isNil(base unsafe.Pointer) bool {
	return *(*unsafe.Pointer)(add(base, s.off)) == nil
}

// In sets the modes in which the row is sent; 0 is read only. A row that says
// nothing is sent on Create and Change.
func (r *Row) In(m Mode) *Row { r.modes = m; return r }

// Since names the first kernel version that knows the attribute.
func (r *Row) Since(version string) *Row { r.since = version; return r }

// Required refuses a creation without the field.
func (r *Row) Required() *Row { r.required = true; return r }

// Alias names synonyms that Set and Get accept.
func (r *Row) Alias(keys ...string) *Row { r.aliases = append(r.aliases, keys...); return r }

// Hide takes the row's key away: it is only on the wire.
func (r *Row) Hide() *Row { r.hidden = true; return r }

// Nested says that the codec writes attributes: the row carries NLA_F_NESTED,
// and is left out where nothing was written.
func (r *Row) Nested() *Row { r.nested = true; return r }

// Fill is the number that a struct holds where the member is unsaid.
func (r *Row) Fill(n uint64) *Row { r.fill = n; return r }

// When sends the row only where f says so.
func When[T any](r *Row, f func(*T) bool) *Row {
	r.when = func(p unsafe.Pointer) bool { return f((*T)(p)) }
	return r
}

// at is where the row's field lies; ok is false behind a nil pointer.
func (r *Row) at(base unsafe.Pointer) (unsafe.Pointer, bool) {
	if r.scope != nil {
		base = *(*unsafe.Pointer)(add(base, r.scope.off))
		if base == nil {
			return nil, false
		}
	}
	return add(base, r.off), true
}

// make is at, with the part behind the pointer created where it is missing.
func (r *Row) make(base unsafe.Pointer) unsafe.Pointer {
	if r.scope != nil {
		pp := (*unsafe.Pointer)(add(base, r.scope.off))
		if *pp == nil {
			*pp = r.scope.make()
		}
		base = *pp
	}
	return add(base, r.off)
}

func (r *Row) has(base unsafe.Pointer) bool {
	if r.form != nil {
		return r.form.has(base)
	}
	if r.leaf == nil {
		return false
	}
	p, ok := r.at(base)
	return ok && r.leaf.has(p)
}

func (r *Row) decode(e *Env, base unsafe.Pointer, b []byte) (err error) {
	switch {
	case r.fast != fastNone && r.decodeFast(base, b):
		return nil
	case r.leaf != nil:
		err = r.leaf.decode(e, r.make(base), b)
	case r.form != nil:
		err = r.form.decode(e, base, b)
	}
	if err != nil {
		return within(r.name, err)
	}
	return nil
}

// append writes the payload.
func (r *Row) append(e *Env, b []byte, base unsafe.Pointer) ([]byte, error) {
	if r.form != nil {
		return r.form.append(e, b, base)
	}
	p, _ := r.at(base)
	if r.check.on {
		if err := r.check.test(r.leaf.get(e, p)); err != nil {
			return b, err
		}
	}
	return r.leaf.append(e, b, p)
}

// set takes a value by key. With a mode that writes, a field that only the
// kernel sets is refused; without one, or to query, it can be set to compare.
func (r *Row) set(e *Env, base unsafe.Pointer, v Value) error {
	if r.modes == 0 && !r.virtual && e != nil && e.Mode&All != 0 {
		return &FieldError{Field: r.name, Msg: "is set by the kernel only"}
	}
	p := r.make(base)
	if err := r.leaf.set(e, p, v); err != nil {
		return within(r.name, err)
	}
	if r.check.on && r.leaf.has(p) {
		if err := r.check.test(r.leaf.get(e, p)); err != nil {
			return within(r.name, err)
		}
	}
	return nil
}

func (b bounds) test(v Value) error {
	if n := v.Uint(); n < b.lo || n > b.hi {
		return wants("a number from "+UintOf(b.lo).String()+" to "+UintOf(b.hi).String(), UintOf(n))
	}
	return nil
}

// bitRow is a flag of a word as a row that is only reached by key.
func bitRow(d *Def, b BitDef) *Row {
	r := d.bind(b.name, Bind[val.Opt[bool]](b.p, optBool{num{bytes: 1}}))
	if b.read {
		r.modes = 0
	}
	return r
}
