package attr

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// Schema is a table without its type.
type Schema struct {
	name   string
	key    string
	more   []string // fields of the positional values after the key's
	goType reflect.Type
	behind []reflect.Type
	header *Layout
	rest   *Row // all bytes after the header, instead of attributes
	set    rowset
	read   func(*Env, unsafe.Pointer, []byte) error
	write  func(*Env, unsafe.Pointer, []byte) error
	done   func(*Env, unsafe.Pointer) error
	tail   func(*Env, unsafe.Pointer, []byte) ([]byte, error)

	keysOnce sync.Once
	keys     map[string]*Row
	order    []*Row
}

// Name is what error paths and help call the table.
func (s *Schema) Name() string { return s.name }

// Key is the field that a bare value stands for, "" if none.
func (s *Schema) Key() string { return s.key }

func (s *Schema) decode(e *Env, base unsafe.Pointer, b []byte) error {
	if s.header != nil {
		if len(b) < s.header.size {
			return fmt.Errorf("%s header has %d bytes, needs %d", s.name, len(b), s.header.size)
		}
		head := b[:s.header.size]
		if err := s.header.decode(e, base, head); err != nil {
			return err
		}
		if s.read != nil {
			if err := s.read(e, base, head); err != nil {
				return err
			}
		}
		b = b[min(Align(s.header.size), len(b)):]
	}
	if s.rest != nil {
		if err := s.rest.decode(e, base, b); err != nil {
			return err
		}
	} else if err := s.set.decode(e, base, b); err != nil {
		return err
	}
	if s.done != nil {
		return s.done(e, base)
	}
	return nil
}

func (s *Schema) append(e *Env, b []byte, base unsafe.Pointer) ([]byte, error) {
	var err error
	if s.header != nil {
		start := len(b)
		if b, err = s.header.append(e, b, base); err != nil {
			return b, err
		}
		if s.write != nil {
			if err = s.write(e, base, b[start:]); err != nil {
				return b, err
			}
		}
		b = Pad(b)
	}
	if s.rest != nil {
		if s.rest.modes == 0 {
			return b, nil
		}
		if b, err = s.rest.append(e, b, base); err != nil {
			return b, within(s.rest.name, err)
		}
		return b, nil
	}
	if b, err = s.set.append(e, b, base); err != nil || s.tail == nil {
		return b, err
	}
	return s.tail(e, base, b)
}

// keyed builds the map of keys, apart from the wire's needs and on first use.
func (s *Schema) keyed() map[string]*Row {
	s.keysOnce.Do(func() {
		s.keys = map[string]*Row{}
		if s.header != nil {
			s.collect(s.header.rows())
		}
		if s.rest != nil {
			s.collect([]*Row{s.rest})
		}
		s.collect(s.set.rows())
	})
	return s.keys
}

func (s *Schema) collect(rows []*Row) {
	for _, r := range rows {
		switch {
		case r.form != nil:
			s.collect(r.form.rows())
		case r.leaf == nil || r.hidden || r.name == "":
		case s.keys[r.name] != nil:
			panic(fmt.Sprintf("attr: table %s: two rows have the key %q", s.name, r.name))
		default:
			s.keys[r.name] = r
			s.order = append(s.order, r)
			for _, a := range r.aliases {
				if s.keys[a] != nil {
					panic(fmt.Sprintf("attr: table %s: two rows have the key %q", s.name, a))
				}
				s.keys[a] = r
			}
		}
	}
}

// Member is one key of a schema, as help, completion and checks see it.
type Member struct {
	Key      string
	Aliases  []string
	Kind     string   // "u32", "boolean", "word", "link", "table", ...
	Words    []string // of a word
	Lo, Hi   uint64   // bounds, where Bounded
	Bounded  bool
	Unit     string // "1/100 s"
	Since    string // first kernel version
	Modes    Mode   // 0: read only, unless Local
	Local    bool   // no attribute of its own
	Required bool
	List     bool
	Sub      *Schema // of a table or of a list's elements
	Field    string  // the Go field: "Bridge.AgeingTime"
	ID       uint16
}

// Members lists the keys in the order of their rows.
func (s *Schema) Members(e *Env) []Member {
	s.keyed()
	l := make([]Member, len(s.order))
	for i, r := range s.order {
		l[i] = s.member(e, r)
	}
	return l
}

// Member finds one key or synonym.
func (s *Schema) Member(e *Env, key string) (Member, bool) {
	r, ok := s.keyed()[key]
	if !ok {
		return Member{}, false
	}
	return s.member(e, r), true
}

func (s *Schema) member(e *Env, r *Row) Member {
	m := Member{
		Key: r.name, Aliases: r.aliases, Kind: r.leaf.kind(), Lo: r.check.lo, Hi: r.check.hi,
		Bounded: r.check.on, Unit: r.info.unit, Since: r.since, Modes: r.modes, Local: r.virtual,
		Required: r.required, List: r.info.list, Field: s.goField(r), ID: r.id,
	}
	if r.info.words != nil {
		m.Words = r.info.words(e)
	}
	if r.info.sub != nil {
		m.Sub = r.info.sub()
	}
	return m
}

// goField names the Go field behind a row, through embedded structs.
func (s *Schema) goField(r *Row) string {
	types := []reflect.Type{s.goType}
	if r.scope != nil {
		types = s.behind
	}
	for _, t := range types {
		if t.Kind() != reflect.Struct || r.scope != nil && t.Size() != r.scope.size {
			continue
		}
		if name := fieldAt(t, r.off); name != "" {
			return name
		}
	}
	return ""
}

func fieldAt(t reflect.Type, off uintptr) string {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && off >= f.Offset && off < f.Offset+f.Type.Size() {
			return fieldAt(f.Type, off-f.Offset)
		}
		if f.Offset == off && f.Type.Size() > 0 {
			return t.Name() + "." + f.Name
		}
	}
	return ""
}

// Path names the attribute that holds the byte at off in a message body:
// "linkinfo.data.id". It is "" where the offset is in no known attribute.
func (s *Schema) Path(body []byte, off int) string {
	start := 0
	if s.header != nil {
		start = Align(s.header.size)
	}
	if off < start || off >= len(body) {
		return ""
	}
	return s.set.path(body[start:], off-start)
}

// Missing names the attribute id that a request lacks, at the top of its body
// or in the nest that begins at byte nest of it (negative: the top).
func (s *Schema) Missing(body []byte, nest int, id uint16) string {
	at := ""
	if nest >= 0 {
		at = s.Path(body, nest)
	}
	if at == "" {
		if r := s.set.row(id); r != nil {
			return r.name
		}
		return fmt.Sprintf("attribute %d", id)
	}
	return fmt.Sprintf("attribute %d of %s", id, at)
}

func (s *rowset) path(b []byte, off int) string {
	pos := 0
	for pos < len(b) {
		t, rest, err := Next(b[pos:])
		if err != nil {
			return ""
		}
		end := len(b) - len(rest)
		if off < end {
			return s.pathIn(t, off-pos-headerLen)
		}
		pos = end
	}
	return ""
}

func (s *rowset) pathIn(t TLV, off int) string {
	r := s.row(t.ID)
	if r == nil {
		return fmt.Sprintf("attribute %d", t.ID)
	}
	inner := ""
	switch {
	case off < 0: // the attribute's own header
	case r.path != nil:
		inner = r.path(t.Data, off)
	case r.info.sub != nil && !r.info.list:
		inner = r.info.sub().Path(t.Data, off)
	default:
		if sub, ok := r.form.(*rowset); ok {
			inner = sub.path(t.Data, off)
		}
	}
	if inner == "" {
		return r.name
	}
	return r.name + "." + inner
}
