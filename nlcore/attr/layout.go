package attr

import (
	"fmt"
	"unsafe"

	"nlsh/nlcore/val"
)

// Layout is a C struct: the fixed header of a message, or an attribute's
// payload. Its Row sets modes and key as for any attribute.
type Layout struct {
	*Row
	def     *Def
	size    int
	members []layoutMember
	bits    []layoutBits
	consts  []layoutConst
}

type layoutMember struct {
	off, width int
	row        *Row
}

type layoutBits struct {
	value, mask int
	word        num
	told        bool // the mask of what is read says what the kernel knows
	rows        []*Row
	defs        []BitDef
}

type layoutConst struct {
	off int
	v   uint32
}

// At places a field at a byte offset; "" gives it no key.
func (l *Layout) At(off int, name string, f Field) *Layout {
	l.Member(off, name, f)
	return l
}

// Member is At, returning the member's row.
func (l *Layout) Member(off int, name string, f Field) *Row {
	r := l.def.bind(name, f)
	w := r.leaf.width()
	if w == 0 || off < 0 || off+w > l.size {
		panic(fmt.Sprintf("attr: table %s: member %q does not fit its struct", l.def.schema.name, name))
	}
	for _, m := range l.members {
		if off < m.off+m.width && m.off < off+w {
			panic(fmt.Sprintf("attr: table %s: member %q overlaps %q", l.def.schema.name, name, m.row.name))
		}
	}
	r.hidden = name == ""
	l.members = append(l.members, layoutMember{off, w, r})
	return r
}

// Bits places flags in the 32-bit word at value; the word at mask says which
// of them are meant, mask < 0 where there is none.
func (l *Layout) Bits(value, mask int, defs ...BitDef) *Layout {
	return l.addBits(layoutBits{value: value, mask: mask, word: num{bytes: 4}, defs: defs})
}

// KnownBits is Bits where the kernel's mask names all flags that it knows:
// others are not told, instead of off.
func (l *Layout) KnownBits(value, mask int, defs ...BitDef) *Layout {
	return l.addBits(layoutBits{value: value, mask: mask, told: true, word: num{bytes: 4}, defs: defs})
}

// Bits8 places flags in the byte at value.
func (l *Layout) Bits8(value int, defs ...BitDef) *Layout {
	return l.addBits(layoutBits{value: value, mask: -1, word: num{bytes: 1}, defs: defs})
}

func (l *Layout) addBits(lb layoutBits) *Layout {
	for _, b := range lb.defs {
		r := bitRow(l.def, b)
		r.since = b.since
		lb.rows = append(lb.rows, r)
	}
	l.bits = append(l.bits, lb)
	return l
}

// Const32 writes a constant that the kernel wants to see.
func (l *Layout) Const32(off int, v uint32) *Layout {
	l.consts = append(l.consts, layoutConst{off, v})
	return l
}

func (l *Layout) decode(e *Env, base unsafe.Pointer, b []byte) error {
	if len(b) < l.size {
		return fmt.Errorf("has %d bytes, needs %d", len(b), l.size)
	}
	for i := range l.members {
		m := &l.members[i]
		if m.row.fast != fastNone && m.row.decodeFast(base, b[m.off:m.off+m.width]) {
			continue
		}
		if err := m.row.leaf.decode(e, m.row.make(base), b[m.off:m.off+m.width]); err != nil {
			return within(m.row.name, err)
		}
	}
	for i := range l.bits {
		lb := &l.bits[i]
		word, err := lb.word.read(b[lb.value:])
		if err != nil {
			return err
		}
		known := ^uint64(0)
		if lb.told {
			known = uint64(ne.Uint32(b[lb.mask:]))
		}
		for j, r := range lb.rows {
			if known&lb.defs[j].mask == 0 {
				continue
			}
			on := word&lb.defs[j].mask != 0
			(*val.Opt[bool])(r.make(base)).Set(on != lb.defs[j].not)
		}
	}
	return nil
}

// append adds the struct, zero where nothing is said.
func (l *Layout) append(e *Env, b []byte, base unsafe.Pointer) ([]byte, error) {
	start := len(b)
	b = append(b, make([]byte, l.size)...)
	for _, c := range l.consts {
		ne.PutUint32(b[start+c.off:], c.v)
	}
	for i := range l.members {
		m := &l.members[i]
		if m.row.modes != 0 && m.putFast(b[start:], base) {
			continue
		}
		if m.row.modes == 0 || !m.row.has(base) {
			if m.row.fill != 0 {
				num{bytes: m.width}.write(b[:start+m.off], m.row.fill)
			}
			continue
		}
		if _, err := m.row.append(e, b[:start+m.off], base); err != nil {
			return b, within(m.row.name, err)
		}
	}
	for i := range l.bits {
		l.bits[i].put(b[start:], base)
	}
	return b, nil
}

func (lb *layoutBits) put(b []byte, base unsafe.Pointer) {
	var value, mask uint32
	for j, r := range lb.rows {
		p, ok := r.at(base)
		if r.modes == 0 || !ok || !r.leaf.has(p) {
			continue
		}
		bit := uint32(lb.defs[j].mask)
		mask |= bit
		if (*val.Opt[bool])(p).Or(false) != lb.defs[j].not {
			value |= bit
		}
	}
	lb.word.write(b[:lb.value], uint64(value))
	if lb.mask >= 0 {
		ne.PutUint32(b[lb.mask:], mask)
	}
}

// has reports whether a member that is ever sent is said.
func (l *Layout) has(base unsafe.Pointer) bool {
	for _, m := range l.members {
		if m.row.modes != 0 && m.row.has(base) {
			return true
		}
	}
	for i := range l.bits {
		for _, r := range l.bits[i].rows {
			if r.modes != 0 && r.has(base) {
				return true
			}
		}
	}
	return false
}

func (l *Layout) rows() []*Row {
	var all []*Row
	for _, m := range l.members {
		all = append(all, m.row)
	}
	for _, lb := range l.bits {
		all = append(all, lb.rows...)
	}
	return all
}
