package attr

import (
	"fmt"
	"math"
	"net/netip"
	"unsafe"
)

// rowset is a group of attributes at one level of nesting, with its index by
// id and its encode plan.
type rowset struct {
	all   []*Row
	keyed []*Row  // Local rows
	index []uint8 // id to position in all, plus one
	plan  []*Row  // rows that are ever sent
	extra *Row
}

func (s *rowset) add(r *Row) { s.all = append(s.all, r) }

// seal builds index and plan; a double id is a mistake in the table.
func (s *rowset) seal(name string) {
	top := uint16(0)
	for _, r := range s.all {
		top = max(top, r.id, r.id6)
	}
	if len(s.all) >= math.MaxUint8 {
		panic("attr: table " + name + ": too many rows")
	}
	s.index = make([]uint8, int(top)+1)
	for i, r := range s.all {
		s.place(name, r, r.id, i)
		if r.id6 != 0 {
			s.place(name, r, r.id6, i)
		}
		if r.modes != 0 && (r.leaf != nil || r.form != nil) {
			s.plan = append(s.plan, r)
		}
	}
	s.skips()
}

// skips notes for each row of the plan where the rows end that stand behind
// the same pointer, so that none of them is looked at while it is nil. Where
// one of them is required they are all looked at.
func (s *rowset) skips() {
	for i := 0; i < len(s.plan); {
		end, required := i, false
		for end < len(s.plan) && s.plan[end].scope == s.plan[i].scope {
			required = required || s.plan[end].required
			end++
		}
		for ; i < end; i++ {
			if s.plan[i].scope != nil && !required {
				s.plan[i].past = end
			}
		}
	}
}

func (s *rowset) place(name string, r *Row, id uint16, i int) {
	if j := s.index[id]; j != 0 {
		panic(fmt.Sprintf("attr: table %s: %s and %s share id %d", name, s.all[j-1].name, r.name, id))
	}
	s.index[id] = uint8(i + 1)
}

func (s *rowset) row(id uint16) *Row {
	if int(id) < len(s.index) {
		if i := s.index[id]; i != 0 {
			return s.all[i-1]
		}
	}
	return nil
}

func (s *rowset) decode(e *Env, base unsafe.Pointer, b []byte) error {
	for len(b) > 0 {
		t, rest, err := Next(b)
		if err != nil {
			return err
		}
		if r := s.row(t.ID); r != nil {
			if err := r.decode(e, base, t.Data); err != nil {
				return err
			}
		} else if s.extra != nil {
			x := (*Raw)(s.extra.make(base))
			*x = append(*x, b[:headerLen+len(t.Data)]...)
			*x = Pad(*x)
		}
		b = rest
	}
	return nil
}

func (s *rowset) append(e *Env, b []byte, base unsafe.Pointer) ([]byte, error) {
	for i := 0; i < len(s.plan); i++ {
		r := s.plan[i]
		if r.past != 0 && r.scope.isNil(base) {
			i = r.past - 1
			continue
		}
		if r.modes&e.Mode == 0 {
			continue
		}
		if r.plain() {
			if out, ok := r.appendFast(b, base); ok {
				b = out
				continue
			}
		}
		if r.required && e.Mode == Create && !r.has(base) {
			return b, &FieldError{Field: r.name, Msg: "is required"}
		}
		if !r.nested && !r.has(base) || r.when != nil && !r.when(base) {
			continue
		}
		var err error
		if b, err = r.appendTLV(e, b, base); err != nil {
			return b, within(r.name, err)
		}
	}
	return b, nil
}

func (r *Row) appendTLV(e *Env, b []byte, base unsafe.Pointer) ([]byte, error) {
	if r.nested && r.form == nil && !r.has(base) {
		return b, nil
	}
	id := r.id
	if r.id6 != 0 {
		if p, _ := r.at(base); (*netip.Addr)(p).Is6() {
			id = r.id6
		}
	}
	if r.nested {
		id |= nestedFlag
	}
	b, start := Open(b, id)
	b, err := r.append(e, b, base)
	if err != nil {
		return b, err
	}
	if r.nested && len(b) == start+headerLen {
		return b[:start], nil // an empty nest says nothing
	}
	return Close(b, start)
}

func (s *rowset) has(base unsafe.Pointer) bool {
	for _, r := range s.plan {
		if r.has(base) {
			return true
		}
	}
	return false
}

func (s *rowset) rows() []*Row { return append(append([]*Row(nil), s.all...), s.keyed...) }
