package attr_test

import (
	"strings"
	"testing"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/val"
)

func TestMembers(t *testing.T) {
	s := sampleTable.Schema()
	for _, want := range []attr.Member{
		{Key: "proto", Kind: "u8", Modes: attr.Write, Field: "sample.Proto"},
		{Key: "flag1", Kind: "boolean", Modes: attr.Write, Field: "sample.Flag1"},
		{Key: "kernel", Kind: "boolean", Field: "sample.Kernel"},
		{Key: "num8", Kind: "u8", Modes: attr.Write, Bounded: true, Lo: 2, Hi: 200, Field: "sample.Num8", ID: 1},
		{Key: "num32", Aliases: []string{"n32"}, Since: "5.3", Kind: "u32", Modes: attr.Write, Field: "sample.Num32", ID: 3},
		{Key: "plain", Kind: "u32", Modes: attr.All, Field: "sample.Plain", ID: 7},
		{Key: "mode", Kind: "word", Words: []string{"off", "fast"}, Modes: attr.Write, Field: "sample.Mode", ID: 10},
		{Key: "table", Kind: "word", Words: []string{"unspec", "default", "main", "local"}, Modes: attr.Write, Field: "sample.Table", ID: 11},
		{Key: "timer", Kind: "u32", Unit: "1/100 s", Modes: attr.Write, Field: "sample.Timer", ID: 23},
		{Key: "state", Kind: "u32", Field: "sample.State", ID: 25},
		{Key: "hops", Kind: "list", List: true, Sub: hopTable.Schema(), Modes: attr.Write, Field: "sample.Hops", ID: 27},
		{Key: "mark", Kind: "u32", Modes: attr.Write, Field: "more.Mark", ID: 30},
	} {
		t.Run(want.Key, func(t *testing.T) {
			got, ok := s.Member(nil, want.Key)
			if !ok {
				t.Fatal("no such member")
			}
			if got.Sub != want.Sub {
				t.Errorf("Sub: got %v, want %v", got.Sub, want.Sub)
			}
			got.Sub, want.Sub = nil, nil
			if d := diff(want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
	if m, ok := s.Member(nil, "n32"); !ok || m.Key != "num32" {
		t.Errorf("a synonym: got %v %v", m.Key, ok)
	}
	if _, ok := s.Member(nil, "skip33"); ok {
		t.Error("a skipped attribute has a key")
	}
	var keys []string
	for _, m := range s.Members(nil) {
		keys = append(keys, m.Key)
	}
	const want = "proto scope flag1 arp kernel num8 num16 num32 num64 port big32 plain bool flag mode table remote ip ip4 ip6 " +
		"mac name short key dev netns timer inner const state sub hops items alias mark text cleared"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("keys in order:\ngot  %s\nwant %s", got, want)
	}
}

func TestPath(t *testing.T) {
	body := cat(head(), tlv(1, 9), tlv(24, cat(tlv(1, u16(1)...), tlv(2, u32(0)...))...), tlv(26, cat(u32(0), u32(0), tlv(5, u32(0)...))...), tlv(99, 1))
	for _, c := range []struct {
		off  int
		want string
	}{
		{0, ""}, {11, ""},
		{12, "num8"}, {16, "num8"}, {19, "num8"},
		{20, "outer"}, {23, "outer"}, {24, "outer.inner"}, {28, "outer.inner"}, {32, "outer.pair"}, {36, "outer.pair"},
		{40, "sub"}, {44, "sub"}, {52, "sub.via"}, {56, "sub.via"},
		{60, "attribute 99"}, {len(body), ""}, {-1, ""},
	} {
		if got := sampleTable.Schema().Path(body, c.off); got != c.want {
			t.Errorf("offset %d: got %q, want %q", c.off, got, c.want)
		}
	}
}

func TestMissing(t *testing.T) {
	body := cat(head(), tlv(24, tlv(1, u16(1)...)...))
	for _, c := range []struct {
		nest int
		id   uint16
		want string
	}{
		{-1, 3, "num32"}, {-1, 77, "attribute 77"}, {12, 2, "attribute 2 of outer"},
	} {
		if got := sampleTable.Schema().Missing(body, c.nest, c.id); got != c.want {
			t.Errorf("nest %d id %d: got %q, want %q", c.nest, c.id, got, c.want)
		}
	}
}

// A wrong declaration is found when its table is first used, or, where keys
// clash, when a key is first asked for.
func TestWrongDeclarations(t *testing.T) {
	type T struct {
		A, B val.Opt[uint32]
		P    *sample
	}
	var foreign val.Opt[uint32]
	for _, c := range []struct {
		name string
		rows func(*T, *attr.Def)
		want string
	}{
		{"foreign field", func(_ *T, d *attr.Def) { d.Attr(1, "a", attr.Uint32(&foreign)) }, `attr: table bad: row "a" points outside its struct`},
		{"double id", func(v *T, d *attr.Def) { d.Attr(1, "a", attr.Uint32(&v.A)); d.Attr(1, "b", attr.Uint32(&v.B)) },
			"attr: table bad: a and b share id 1"},
		{"overlap", func(v *T, d *attr.Def) { d.Header(8).At(0, "a", attr.Uint32(&v.A)).At(2, "b", attr.Uint32(&v.B)) },
			`attr: table bad: member "b" overlaps "a"`},
		{"overlong", func(v *T, d *attr.Def) { d.Struct(1, "s", 6).At(4, "a", attr.Uint32(&v.A)) }, `attr: table bad: member "a" does not fit its struct`},
		{"nil pointer", func(v *T, d *attr.Def) { d.Attr(1, "a", attr.Uint32(&v.P.Num32)) }, "attr: table bad: "},
		{"double key", func(v *T, d *attr.Def) { d.Attr(1, "a", attr.Uint32(&v.A)); d.Attr(2, "a", attr.Uint32(&v.B)) },
			`attr: table bad: two rows have the key "a"`},
		{"synonym of a key", func(v *T, d *attr.Def) {
			d.Attr(1, "a", attr.Uint32(&v.A))
			d.Attr(2, "b", attr.Uint32(&v.B)).Alias("a")
		}, `attr: table bad: two rows have the key "a"`},
		{"unit of text", func(v *T, d *attr.Def) { d.Attr(1, "a", attr.Str(&v.P.Name).Unit(attr.Seconds)) }, "attr: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if got, _ := recover().(string); !strings.HasPrefix(got, c.want) {
					t.Errorf("got panic %q, want %q", got, c.want)
				}
			}()
			bad := attr.Table[T]{Name: "bad", Rows: c.rows}
			bad.Schema().Members(nil)
		})
	}
}

// Required is asked for on creation only, in nests that are said too.
func TestRequired(t *testing.T) {
	type T struct {
		A val.Opt[uint32]
		B hop
	}
	plain := attr.Table[T]{Name: "plain", Rows: func(v *T, d *attr.Def) { d.Attr(1, "a", attr.Uint32(&v.A)).Required() }}
	nest := attr.Table[T]{Name: "nest", Rows: func(v *T, d *attr.Def) { d.Attr(1, "b", attr.Nest(&v.B, &hopTable)).Required() }}
	for _, c := range []struct {
		name  string
		table *attr.Table[T]
		mode  attr.Mode
		want  string
	}{
		{"create", &plain, attr.Create, "a is required"},
		{"change", &plain, attr.Change, ""},
		{"nest", &nest, attr.Create, "b is required"},
	} {
		got := ""
		if _, err := c.table.Append(&attr.Env{Mode: c.mode}, nil, new(T)); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// Hooks run at their places: the header's after its rows, Done and Tail at the
// end; When decides by the value.
func TestHooks(t *testing.T) {
	type T struct {
		A, B val.Opt[uint8]
		Log  string
	}
	table := attr.Table[T]{Name: "hooked", Rows: func(v *T, d *attr.Def) {
		d.Header(4).At(0, "a", attr.Uint8(&v.A))
		attr.When(d.Attr(1, "b", attr.Uint8(&v.B)), func(v *T) bool { return v.A.Or(0) == 1 })
		attr.Hook(d, attr.Hooks[T]{
			Read:  func(_ *attr.Env, v *T, h []byte) error { v.Log += "read " + string(h[1:3]); return nil },
			Write: func(_ *attr.Env, v *T, h []byte) error { h[1], h[2] = 'o'+v.A.Or(0)-1, 'k'; return nil },
			Done:  func(_ *attr.Env, v *T) error { v.Log += " b=" + v.B.String(); return nil },
			Tail:  func(_ *attr.Env, _ *T, b []byte) ([]byte, error) { return append(b, "tail"...), nil },
		})
	}}
	e := &attr.Env{Mode: attr.Create}
	b, err := table.Append(e, nil, &T{A: val.U8(1), B: val.U8(2)})
	if want := cat([]byte{1, 'o', 'k', 0}, tlv(1, 2), []byte("tail")); err != nil || string(b) != string(want) {
		t.Errorf("got %q %v, want %q", b, err, want)
	}
	var got T
	if err := table.Decode(e, &got, b[:12]); err != nil || got.Log != "read ok b=2" {
		t.Errorf("decoded %q, %v", got.Log, err)
	}
	if b, _ = table.Append(e, nil, &T{A: val.U8(0), B: val.U8(2)}); len(b) != 8 {
		t.Errorf("When: got %q", b)
	}
}

// Names read from files are used in place of the built-in ones.
func TestNames(t *testing.T) {
	names := rtnames.Builtin()
	e := &attr.Env{Names: names}
	*names.Tables = rtnames.Table{}
	s := sample{Table: val.U32(254)}
	if v, _ := sampleTable.Get(e, &s, "table"); v.String() != "254" {
		t.Errorf("got %v, want 254", v)
	}
	if v, _ := sampleTable.Get(nil, &s, "table"); v.String() != "main" {
		t.Errorf("got %v, want main", v)
	}
}

// What runs for each route must not allocate: encoding from a literal,
// decoding into a reused value, both without lists and text.
func TestAllocations(t *testing.T) {
	buf := make([]byte, 0, 512)
	e := &attr.Env{Mode: attr.Create}
	s := filled()
	if n := testing.AllocsPerRun(100, func() { buf, _ = sampleTable.Append(e, buf[:0], s) }); n != 0 {
		t.Errorf("encoding every form: %v allocations", n)
	}
	light := encode(t, create, &sample{Flag1: val.On, Num32: val.U32(1), Remote: s.Remote, Dev: s.Dev, Inner: s.Inner, Mode: s.Mode, Cleared: val.U32(1)})
	var got sample
	if n := testing.AllocsPerRun(100, func() {
		got = sample{}
		if err := sampleTable.Decode(e, &got, light); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("decoding: %v allocations", n)
	}
}
