package attr_test

import (
	"errors"
	"net/netip"
	"testing"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// What each form writes, byte by byte, written out by hand.
func TestAppend(t *testing.T) {
	const nested = 0x8000
	versioned := tlv(32, cat(u32(3), u32(0))...)
	for _, c := range []struct {
		name string
		mode attr.Mode
		in   sample
		want []byte
	}{
		{"nothing said", attr.Create, sample{}, head()},
		{"header member and fill", attr.Create, sample{Proto: val.U8(4), Scope: val.U8(0)}, cat([]byte{0, 4, 0, 0}, u32(0), u32(0))},
		{"bits with mask", attr.Create, sample{Flag1: val.On}, cat([]byte{0, 0, 255, 0}, u32(1), u32(1))},
		{"a bit off is in the mask", attr.Create, sample{Flag1: val.Off}, cat([]byte{0, 0, 255, 0}, u32(0), u32(1))},
		{"inverted bit off", attr.Create, sample{NoArp: val.Off}, cat([]byte{0, 0, 255, 0}, u32(0x80), u32(0x80))},
		{"inverted bit on", attr.Create, sample{NoArp: val.On}, cat([]byte{0, 0, 255, 0}, u32(0), u32(0x80))},
		{"read-only bit", attr.Create, sample{Kernel: val.On}, head()},
		{"zero said", attr.Create, sample{Num32: val.U32(0)}, cat(head(), tlv(3, u32(0)...))},
		{"plain zero", attr.Create, sample{Plain: 0}, head()},
		{"padding", attr.Create, sample{Num8: val.U8(9)}, cat(head(), []byte{5, 0, 1, 0, 9, 0, 0, 0})},
		{"network order", attr.Create, sample{Port: val.U16(0x1234), Big32: val.U32(0x01020304)},
			cat(head(), tlv(5, 0x12, 0x34), tlv(6, 1, 2, 3, 4))},
		{"flag", attr.Create, sample{Flag: true}, cat(head(), tlv(9))},
		{"string", attr.Create, sample{Name: "abc"}, cat(head(), tlv(18, 'a', 'b', 'c', 0))},
		{"IPv4 id", attr.Create, sample{Remote: netip.MustParseAddr("10.0.0.1")}, cat(head(), tlv(12, 10, 0, 0, 1))},
		{"IPv6 id", attr.Create, sample{Remote: netip.MustParseAddr("::1")}, cat(head(), tlv(13, []byte{15: 1}...))},
		{"no link", attr.Create, sample{Dev: val.NoLink()}, cat(head(), tlv(21, u32(0)...))},
		{"fixed text", attr.Create, sample{More: &more{Text: "ab"}}, cat(head(), tlv(31, []byte{'a', 'b', 15: 0}...))},
		{"nest", attr.Create, sample{Inner: val.U16(9)}, cat(head(), tlv(24|nested, tlv(1, u16(9)...)...))},
		{"struct in a nest", attr.Create, sample{Const: val.U16(9)}, cat(head(), tlv(24|nested, tlv(2, 0, 9, 0, 0)...))},
		{"read-only row", attr.Create, sample{State: val.U32(1)}, head()},
		{"struct with a constant", attr.Create, sample{Cleared: val.U32(0)}, cat(head(), versioned)},
		{"nested struct with header", attr.Create, sample{Sub: hop{Weight: val.U8(1)}},
			cat(head(), tlv(26|nested, 0, 0, 0, 1, 0, 0, 0, 0))},
		{"list that frames itself", attr.Create, sample{Hops: []hop{{Weight: val.U8(1)}, {Via: netip.MustParseAddr("10.0.0.1")}}},
			cat(head(), tlv(27, cat(u16(8), []byte{0, 1, 0, 0, 0, 0}, u16(16), []byte{0, 0, 0, 0, 0, 0}, tlv(5, 10, 0, 0, 1))...))},
		{"list of attributes", attr.Create, sample{Items: []item{{ID: val.U32(1)}, {Name: "x"}}},
			cat(head(), tlv(28|nested, cat(tlv(3, tlv(1, u32(1)...)...), tlv(3, tlv(2, 'x', 0)...))...))},
		{"strings", attr.Create, sample{Alias: []string{"ab", "c"}}, cat(head(), tlv(29|nested, cat(tlv(53, 'a', 'b', 0), tlv(53, 'c', 0))...))},
		{"only some rows are sent on delete", attr.Delete, sample{Plain: 1, Num32: val.U32(1)}, cat(head(), tlv(7, u32(1)...))},
		{"extra is never sent", attr.Create, sample{Extra: attr.Raw(tlv(99, 1))}, head()},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := encode(t, &attr.Env{Mode: c.mode}, &c.in)
			if d := diff(c.want, got); d != "" {
				t.Error("bytes, -want +got:\n", d)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	zero := sample{Proto: val.U8(0), Scope: val.U8(255), Flag1: val.Off, NoArp: val.On, Kernel: val.Off}
	with := func(f func(*sample)) sample { s := zero; f(&s); return s }
	for _, c := range []struct {
		name string
		in   []byte
		want sample
	}{
		{"header", head(), zero},
		{"kernel bit", cat([]byte{0, 0, 255, 0}, u32(2), u32(0)), with(func(s *sample) { s.Kernel = val.On })},
		{"read-only row", cat(head(), tlv(25, u32(6)...)), with(func(s *sample) { s.State = val.U32(6) })},
		{"skipped", cat(head(), tlv(33, 1)), zero},
		{"nested flag set", cat(head(), tlv(24|0x8000, tlv(1, u16(3)...)...)), with(func(s *sample) { s.Inner = val.U16(3) })},
		{"nested flag missing", cat(head(), tlv(24, tlv(1, u16(3)...)...)), with(func(s *sample) { s.Inner = val.U16(3) })},
		{"longer than its type", cat(head(), tlv(8, 1, 2, 3)), with(func(s *sample) { s.Bool = val.On })},
		{"string without a zero", cat(head(), tlv(18, 'a', 'b')), with(func(s *sample) { s.Name = "ab" })},
		{"unknown attributes are kept whole and padded", cat(head(), tlv(99, 1, 2), tlv(3, u32(1)...), tlv(98)[:4]),
			with(func(s *sample) { s.Num32 = val.U32(1); s.Extra = attr.Raw(cat(tlv(99, 1, 2), tlv(98))) })},
		{"unknown word stays a number", cat(head(), tlv(10, 77)), with(func(s *sample) { s.Mode = val.U8(77) })},
		{"behind a pointer", cat(head(), tlv(30, u32(1)...)), with(func(s *sample) { s.More = &more{Mark: val.U32(1)} })},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got sample
			if err := sampleTable.Decode(&attr.Env{}, &got, c.in); err != nil {
				t.Fatal(err)
			}
			if d := diff(c.want, got); d != "" {
				t.Error("value, -want +got:\n", d)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"short header", head()[:11], "sample header has 11 bytes, needs 12"},
		{"cut header of an attribute", cat(head(), []byte{4, 0, 1}), "attribute header is cut short: 3 bytes"},
		{"length below the header", cat(head(), u16(3), u16(1)), "attribute length 3 does not fit in 4 bytes"},
		{"length past the end", cat(head(), u16(9), u16(1), u32(0)), "attribute length 9 does not fit in 8 bytes"},
		{"short u8", cat(head(), tlv(1)), "num8 has 0 bytes, a u8 needs 1"},
		{"short u32", cat(head(), tlv(3, 1, 2, 3)), "num32 has 3 bytes, a u32 needs 4"},
		{"short u64", cat(head(), tlv(4, 1)), "num64 has 1 bytes, a u64 needs 8"},
		{"short be16", cat(head(), tlv(5, 1)), "port has 1 bytes, a be16 needs 2"},
		{"short boolean", cat(head(), tlv(8)), "bool has 0 bytes, a u8 needs 1"},
		{"short word", cat(head(), tlv(10)), "mode has 0 bytes, a u8 needs 1"},
		{"odd address", cat(head(), tlv(14, 1, 2, 3)), "ip has 3 bytes, an address has 4 or 16"},
		{"IPv6 for IPv4", cat(head(), tlv(15, make([]byte, 16)...)), "ip4 has 16 bytes, an IPv4 address has 4"},
		{"IPv4 for IPv6", cat(head(), tlv(16, make([]byte, 4)...)), "ip6 has 4 bytes, an IPv6 address has 16"},
		{"short link", cat(head(), tlv(21, 1)), "dev has 1 bytes, a u32 needs 4"},
		{"in a nest", cat(head(), tlv(24, tlv(1, 1)...)), "outer.inner has 1 bytes, a u16 needs 2"},
		{"short struct", cat(head(), tlv(32, 1)), "versioned has 1 bytes, needs 8"},
		{"element of a list", cat(head(), tlv(27, cat(u16(8), u16(0), u32(0), u16(16), u16(0), u32(0), tlv(5, 1))...)),
			"hops[2].via has 1 bytes, an address has 4 or 16"},
		{"element longer than its list", cat(head(), tlv(27, u16(9)...)), "hops element length 9 does not fit in 2 bytes"},
		{"list cut short", cat(head(), tlv(27, 1)), "hops element is cut short: 1 bytes"},
		{"strings cut short", cat(head(), tlv(29, 1)), "alias attribute header is cut short: 1 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := sampleTable.Decode(&attr.Env{}, new(sample), c.in)
			if err == nil || err.Error() != c.want {
				t.Errorf("got error %v, want %s", err, c.want)
			}
		})
	}
}

func TestAppendRefuses(t *testing.T) {
	gone := errors.New("no such link")
	for _, c := range []struct {
		name string
		env  attr.Env
		in   sample
		want string
	}{
		{"range", attr.Env{}, sample{Num8: val.U8(1)}, "num8 wants a number from 2 to 200, got 1"},
		{"range in a list", attr.Env{}, sample{Items: []item{{ID: val.U32(5)}, {ID: val.U32(0)}}}, "items[2].id wants a number from 1 to 100, got 0"},
		{"family", attr.Env{}, sample{IP4: netip.IPv6Loopback()}, "ip4 wants an IPv4 address, got ::1"},
		{"zone", attr.Env{}, sample{IP: netip.MustParseAddr("fe80::1%eth0")}, "ip wants an address without a zone (say dev=), got fe80::1%eth0"},
		{"text", attr.Env{}, sample{Short: "12345678"}, `short wants at most 7 characters, got "12345678"`},
		{"zero byte", attr.Env{}, sample{Name: "a\x00b"}, `name wants text without a zero byte, got "a\x00b"`},
		{"element of a list of strings", attr.Env{}, sample{Alias: []string{"ok", "much too long"}}, `alias[2] wants at most 9 characters, got "much too long"`},
		{"no resolver", attr.Env{}, sample{Dev: val.LinkName("eth0")}, "dev no way to look up link eth0"},
		{"resolver", attr.Env{LinkIndex: func(val.LinkRef) (int32, error) { return 0, gone }}, sample{Dev: val.LinkName("eth0")}, "dev no such link"},
		{"no opener", attr.Env{}, sample{Netns: val.NetnsName("h1")}, "netns no way to open namespace h1"},
		{"more than an attribute holds", attr.Env{}, sample{Key: make([]byte, 65532)}, "key attribute of 65536 bytes: at most 65535 fit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.env.Mode = attr.Create
			_, err := sampleTable.Append(&c.env, nil, &c.in)
			if err == nil || err.Error() != c.want {
				t.Errorf("got error %v, want %s", err, c.want)
			}
			if c.name == "resolver" && !errors.Is(err, gone) {
				t.Errorf("%v does not unwrap to the resolver's error", err)
			}
		})
	}
}

// What is written and read again is the same, with every field said.
func TestRoundTrip(t *testing.T) {
	want := filled()
	b := encode(t, create, want)
	var got sample
	if err := sampleTable.Decode(&attr.Env{}, &got, b); err != nil {
		t.Fatal(err)
	}
	want.Kernel = val.Off // read, never sent
	if d := diff(want, &got); d != "" {
		t.Error("value, -want +got:\n", d)
	}
	if d := diff(b, encode(t, create, &got)); d != "" {
		t.Error("bytes, -first +second:\n", d)
	}
}

// Every writable row of the sample is said by filled, so that the round trip
// leaves none out.
func TestFilledSaysEveryRow(t *testing.T) {
	v := sampleTable.View(filled())
	for _, m := range sampleTable.Schema().Members(nil) {
		if m.Modes != 0 && m.Key != "netns" && !v.Has(m.Key) {
			t.Errorf("filled does not say %s", m.Key)
		}
	}
}

// Encoding never changes the value, and resolvers are asked.
func TestAppendResolves(t *testing.T) {
	s := sample{Dev: val.LinkName("eth0"), Netns: val.NetnsName("h1")}
	before := s
	e := &attr.Env{
		Mode:      attr.Create,
		LinkIndex: func(r val.LinkRef) (int32, error) { return int32(len(r.Name)), nil },
		NetnsFd:   func(r val.NetnsRef) (int, error) { return len(r.String()), nil },
	}
	got := encode(t, e, &s)
	if d := diff(cat(head(), tlv(21, u32(4)...), tlv(22, u32(2)...)), got); d != "" {
		t.Error("bytes, -want +got:\n", d)
	}
	if d := diff(before, s); d != "" {
		t.Error("the value changed:\n", d)
	}
}

// A name is what the Env says it is; other ways to say a namespace are not
// asked about.
func TestSetResolvesNamespaces(t *testing.T) {
	e := &attr.Env{Netns: func(name string) (val.NetnsRef, error) {
		if name != "h1" {
			return val.NetnsRef{}, errors.New("there is no " + name)
		}
		return val.NetnsFd(7, name), nil
	}}
	for _, c := range []struct {
		name string
		v    attr.Value
		want val.NetnsRef
		err  string
	}{
		{"a name", attr.StringOf("h1"), val.NetnsFd(7, "h1"), ""},
		{"a name in a reference", attr.NetnsOf(val.NetnsName("h1")), val.NetnsFd(7, "h1"), ""},
		{"an unknown name", attr.StringOf("h2"), val.NetnsRef{}, "netns there is no h2"},
		{"a path", attr.StringOf("/x/h1"), val.NetnsPath("/x/h1"), ""},
		{"a process", attr.IntOf(3), val.NetnsPid(3), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s sample
			err := sampleTable.Set(e, &s, "netns", c.v)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if d := diff([]any{c.want, c.err}, []any{s.Netns, text}); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	b, err := sampleTable.Append(create, nil, filled())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(head())
	f.Fuzz(func(t *testing.T, b []byte) {
		var s sample
		if sampleTable.Decode(&attr.Env{}, &s, b) != nil {
			return
		}
		sampleTable.Value(&attr.Env{}, &s)
		first, err := sampleTable.Append(create, nil, &s)
		if err != nil {
			return // what is out of range, or text without room for its zero
		}
		var again sample
		if err := sampleTable.Decode(&attr.Env{}, &again, first); err != nil {
			t.Fatalf("our own bytes: %v", err)
		}
		second, err := sampleTable.Append(create, nil, &again)
		if err != nil {
			t.Fatalf("what we read: %v", err)
		}
		if d := diff(first, second); d != "" {
			t.Error("bytes, -first +second:\n", d)
		}
		for off := range b {
			sampleTable.Schema().Path(b, off)
		}
	})
}
