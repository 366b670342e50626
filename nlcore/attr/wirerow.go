package attr

import (
	"reflect"
	"slices"
	"unsafe"
)

// WireRow is one row as it lies in a message: what the kernel's own tables
// say of it can be held against this. Package attr needs it for nothing.
type WireRow struct {
	Name    string // as error paths name it
	Key     string // "" where only the wire has it
	Aliases []string
	ID, ID6 uint16 // of an attribute; ID6 of the IPv6 address where it has its own
	// Member is a part of a C struct, at the byte Offset of it.
	Member bool
	Offset int
	// Bit is a flag in the number at Offset, NotBit one that is on when the
	// bit is off; 0 for other rows.
	Bit    uint64
	NotBit bool
	// Kind is the type as help and errors name it; Type is that on the wire: "u32", "be16", "s32", "uint", "flag", "string", "bytes",
	// "address", "nest", "struct"; "" where only Width is known.
	Kind   string
	Type   string
	Width  int  // bytes of the payload, 0 if it varies
	Nested bool // sent with NLA_F_NESTED
	Known  bool // known by id, but neither kept nor sent

	Lo, Hi  uint64 // bounds, where Bounded
	Bounded bool
	Words   []string // of a choice
	// Word and Number are of a choice, else nil: "" for a number without a
	// word, false for another word.
	Word   func(uint64) string
	Number func(string) (uint64, bool)
	Since  string // first kernel version
	Modes  Mode   // 0: read only
	// Rows are those of a nest or a struct in the same Go value, Sub the
	// schema of one in a value of its own.
	Rows []WireRow
	Sub  *Schema
	// Observe decodes a payload and returns what the key reads then; ok is
	// false where it reads nothing.
	Observe func(payload []byte) (v Value, ok bool)
}

// WireRows lists the header's members, then the attributes, in the order of
// their declaration. Keys without an attribute are left out.
func (s *Schema) WireRows(e *Env) []WireRow {
	var l []WireRow
	if s.header != nil {
		l = s.layoutRows(e, s.header)
	}
	return append(l, s.setRows(e, &s.set)...)
}

// HeaderSize is the size of the fixed header before the attributes, 0 without
// one.
func (s *Schema) HeaderSize() int {
	if s.header == nil {
		return 0
	}
	return s.header.size
}

func (s *Schema) setRows(e *Env, set *rowset) []WireRow {
	l := make([]WireRow, 0, len(set.all))
	for _, r := range set.all {
		l = append(l, s.wireRow(e, r))
	}
	return l
}

func (s *Schema) wireRow(e *Env, r *Row) WireRow {
	w := WireRow{
		Name: r.name, ID: r.id, ID6: r.id6, Nested: r.nested, Since: r.since, Modes: r.modes,
		Lo: r.check.lo, Hi: r.check.hi, Bounded: r.check.on,
	}
	switch form := r.form.(type) {
	case *rowset:
		w.Type, w.Rows = "nest", s.setRows(e, form)
		return w
	case *Layout:
		w.Type, w.Width, w.Rows = "struct", form.size, s.layoutRows(e, form)
		return w
	}
	if r.leaf == nil {
		if w.Known = r.path == nil; !w.Known {
			w.Type = "nest"
		}
		return w
	}
	if !r.hidden {
		w.Key, w.Aliases = r.name, r.aliases
	}
	w.Kind = r.leaf.kind()
	w.Width, w.Type = r.leaf.width(), wireType(r.leaf)
	if r.info.sub != nil {
		w.Sub = r.info.sub()
	}
	if r.info.words != nil {
		w.Words = r.info.words(e)
	}
	if l := lexiconOf(r.leaf); l != nil {
		w.Word = func(n uint64) string { return l.word(e, n) }
		w.Number = func(s string) (uint64, bool) { return l.number(e, s) }
	}
	w.Observe = func(payload []byte) (Value, bool) {
		p := reflect.New(s.goType).UnsafePointer()
		if err := r.decode(e, p, payload); err != nil || r.leaf == nil {
			return Value{}, false
		}
		return s.reads(e, r, p)
	}
	return w
}

func (s *Schema) reads(e *Env, r *Row, p unsafe.Pointer) (Value, bool) {
	if !r.has(p) {
		return Value{}, false
	}
	q, _ := r.at(p)
	return r.leaf.get(e, q), true
}

func (s *Schema) layoutRows(e *Env, l *Layout) []WireRow {
	var rows []WireRow
	for _, m := range l.members {
		w := s.wireRow(e, m.row)
		w.ID, w.Member, w.Offset = 0, true, m.off
		rows = append(rows, w)
	}
	for _, lb := range l.bits {
		for i, r := range lb.rows {
			d := lb.defs[i]
			rows = append(rows, WireRow{
				Name: r.name, Key: r.name, Member: true, Offset: lb.value, Bit: d.mask, NotBit: d.not,
				Type: lb.word.Kind(), Width: lb.word.bytes, Modes: r.modes, Since: r.since,
			})
		}
	}
	slices.SortStableFunc(rows, func(a, b WireRow) int { return a.Offset - b.Offset })
	return rows
}

// wireTyped is a codec that says its type on the wire, where its kind is that
// of the value.
type wireTyped interface{ WireType() string }

func wireType(l leaf) string {
	if t, ok := l.codec().(wireTyped); ok {
		return t.WireType()
	}
	return ""
}

// WireType is "u32", or "be16" in network order.
func (n num) WireType() string { return num{bytes: n.bytes, big: n.big}.Kind() }

// WireType is of a number of 4 or 8 bytes.
func (anyWidth[T]) WireType() string { return "uint" }

// WireType is of a number that may be negative.
func (signed32) WireType() string { return "s32" }

// WireType is of an attribute without payload.
func (flag) WireType() string { return "flag" }

// WireType is of text with a terminating zero.
func (strCodec) WireType() string { return "string" }

// WireType is of a byte string.
func (bytesCodec) WireType() string { return "bytes" }

// WireType is of a byte string.
func (macCodec) WireType() string { return "bytes" }

// WireType is of an address of either family.
func (ipCodec) WireType() string { return "address" }

// WireType is of an address of either family.
func (prefixCodec) WireType() string { return "address" }

// WireType is of an interface's index.
func (linkCodec) WireType() string { return "u32" }

// WireType is of a descriptor.
func (netnsCodec) WireType() string { return "u32" }

// WireType is of attributes in an attribute.
func (nestCodec[S]) WireType() string { return "nest" }

// WireType is of a C struct.
func (recordCodec[S]) WireType() string { return "struct" }

// WireType is of attributes in an attribute, or of structs side by side.
func (c listCodec[S]) WireType() string {
	if c.f.flat() {
		return "struct"
	}
	return "nest"
}

// WireType is of attributes in an attribute.
func (strsCodec) WireType() string { return "nest" }

// worded is a codec of numbers that have words.
type worded interface{ lexicon() lexicon }

func (c optEnum[T]) lexicon() lexicon   { return c.l }
func (c plainEnum[T]) lexicon() lexicon { return c.l }

func lexiconOf(l leaf) lexicon {
	if w, ok := l.codec().(worded); ok {
		return w.lexicon()
	}
	return nil
}
