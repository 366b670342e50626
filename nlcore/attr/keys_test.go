package attr_test

import (
	"errors"
	"net/netip"
	"testing"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

var (
	str = attr.StringOf
	num = attr.IntOf
	yes = attr.BoolOf(true)
	no  = attr.BoolOf(false)
)

// Set by key, then Get: what a value given in any customary form reads as.
func TestSetGet(t *testing.T) {
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"num8", num(200), "200"},
		{"num8", str("0x10"), "16"},
		{"num16", attr.FloatOf(5), "5"},
		{"num32", str("010"), "10"},
		{"n32", num(1), "1"},
		{"num64", attr.UintOf(1<<64 - 1), "18446744073709551615"},
		{"bool", str("on"), "true"},
		{"bool", num(0), "false"},
		{"flag1", no, "false"},
		{"arp", yes, "true"},
		{"flag", yes, "true"},
		{"mode", str("fast"), "fast"},
		{"mode", str("quick"), "fast"},
		{"mode", num(2), "fast"},
		{"mode", num(9), "9"},
		{"mode", attr.EnumOf(0, "off"), "off"},
		{"table", str("main"), "main"},
		{"table", num(255), "local"},
		{"table", str("100"), "100"},
		{"ip", str("2001:DB8:0::1"), "2001:db8::1"},
		{"remote", attr.AddrOf(netip.MustParseAddr("10.0.0.1")), "10.0.0.1"},
		{"mac", str("02-00-00-00-00-0A"), "02:00:00:00:00:0a"},
		{"key", str("0x00fF"), "0x00ff"},
		{"key", str("ab"), "0x6162"},
		{"dev", str("eth0"), "eth0"},
		{"dev", num(7), "if7"},
		{"dev", no, "none"},
		{"netns", str("h1"), "h1"},
		{"netns", str("/proc/1/ns/net"), "/proc/1/ns/net"},
		{"netns", num(77), "pid 77"},
		{"timer", num(500), "500"},
		{"timer", str("5s"), "500"},
		{"timer", str("1.25s"), "125"},
		{"timer", str("2min"), "12000"},
		{"sub", attr.TableOf([]attr.Pair{{Key: "weight", Val: num(3)}}), "{weight=3}"},
		{"items", attr.ListOf([]attr.Value{str("one"), attr.TableOf([]attr.Pair{{Key: "id", Val: num(3)}})}), "{name=one},{id=3}"},
		{"items", str("alone"), "{name=alone}"},
		{"alias", attr.ListOf([]attr.Value{str("a"), str("b")}), "a,b"},
		{"alias", str("a"), "a"},
		{"text", str("behind"), "behind"},
		{"state", num(3), "3"},
	} {
		t.Run(c.key+"="+c.in.String(), func(t *testing.T) {
			var s sample
			if err := sampleTable.Set(nil, &s, c.key, c.in); err != nil {
				t.Fatal(err)
			}
			got, ok := sampleTable.Get(nil, &s, c.key)
			if !ok || got.String() != c.want {
				t.Errorf("got %v %v, want %s", got, ok, c.want)
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"num8", num(1), "num8 wants a number from 2 to 200, got 1"},
		{"num8", num(300), "num8 wants a number from 0 to 255, got 300"},
		{"num16", num(-1), "num16 wants a number from 0 to 65535, got -1"},
		{"num32", attr.FloatOf(1.5), "num32 wants an integer, got 1.5"},
		{"num32", str("many"), `num32 wants a number, got "many"`},
		{"num32", no, "num32 wants a number, got false"},
		{"bool", num(2), `bool wants true, false, "on" or "off", got 2`},
		{"mode", str("fats"), `mode wants a number or one of off, fast, got "fats"`},
		{"mode", num(256), "mode wants a number from 0 to 255, got 256"},
		{"ip", str("10.0.0"), `ip wants an address like "10.0.0.1" or "fe80::1", got "10.0.0"`},
		{"ip4", str("::1"), "ip4 wants an IPv4 address, got ::1"},
		{"ip6", str("10.0.0.1"), "ip6 wants an IPv6 address, got 10.0.0.1"},
		{"mac", str("02"), `mac wants a link-layer address like "02:00:00:00:00:01", got "02"`},
		{"name", num(1), "name wants a string, got 1"},
		{"short", str("12345678"), `short wants at most 7 characters, got "12345678"`},
		{"key", str("0xf"), `key wants hex digits in pairs after 0x, got "0xf"`},
		{"dev", num(0), "dev wants an interface index from 1 to 2147483647, got 0"},
		{"dev", yes, "dev wants a link: its name, index or object, got true"},
		{"netns", str(""), `netns wants a namespace's name, got ""`},
		{"netns", yes, "netns wants a namespace: its name, path, process id or object, got true"},
		{"timer", str("5 apples"), `timer wants a number or a string like "10s", got "5 apples"`},
		{"timer", str("1ms"), `timer wants a number or a string like "10s", got "1ms"`},
		{"sub", str("x"), `sub wants named fields, got "x"`},
		{"sub", attr.TableOf([]attr.Pair{{Key: "wait", Val: num(3)}}), `unknown field "sub.wait"`},
		{"items", attr.ListOf([]attr.Value{str("a"), attr.TableOf([]attr.Pair{{Key: "id", Val: num(0)}})}), "items[2].id wants a number from 1 to 100, got 0"},
		{"alias", attr.ListOf([]attr.Value{num(1)}), "alias[1] wants a string, got 1"},
		{"nothing", num(1), `unknown field "nothing"`},
		{"dev_index", num(1), `unknown field "dev_index"`},
	} {
		t.Run(c.key+"="+c.in.String(), func(t *testing.T) {
			err := sampleTable.Set(nil, new(sample), c.key, c.in)
			if err == nil || err.Error() != c.want {
				t.Errorf("got error %v\nwant %s", err, c.want)
			}
			var fe *attr.FieldError
			if !errors.As(err, &fe) {
				t.Errorf("%T is no FieldError", err)
			}
		})
	}
}

// A field that only the kernel sets can be compared by, not written.
func TestReadOnly(t *testing.T) {
	for _, c := range []struct {
		mode attr.Mode
		key  string
		want string
	}{
		{0, "state", ""},
		{attr.Query, "state", ""},
		{attr.Create, "state", "state is set by the kernel only"},
		{attr.Change, "kernel", "kernel is set by the kernel only"},
		{attr.Delete, "kernel", "kernel is set by the kernel only"},
		{attr.Query, "kernel", ""},
	} {
		got := ""
		if err := sampleTable.Set(&attr.Env{Mode: c.mode}, new(sample), c.key, attr.IntOf(1)); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("mode %d, %s: got %q, want %q", c.mode, c.key, got, c.want)
		}
	}
}

func TestUnknownKey(t *testing.T) {
	if err := sampleTable.Set(nil, new(sample), "nothing", num(1)); !errors.Is(err, attr.ErrNoField) {
		t.Errorf("Set: %v is no ErrNoField", err)
	}
	if v, ok := sampleTable.Get(nil, filled(), "nothing"); ok {
		t.Errorf("Get gave %v", v)
	}
	if v, ok := sampleTable.Get(nil, new(sample), "num8"); ok {
		t.Errorf("Get of an unsaid field gave %v", v)
	}
	if v, ok := sampleTable.Get(nil, new(sample), "mark"); ok {
		t.Errorf("Get behind a nil pointer gave %v", v)
	}
}

// A link's index is read under its key with _index.
func TestIndexKey(t *testing.T) {
	for _, c := range []struct {
		name string
		ref  val.LinkRef
		want string
	}{
		{"both", val.LinkRef{Name: "eth0", Index: 7}, "eth0 7"},
		{"name only", val.LinkName("eth0"), "eth0 nil"},
		{"unsaid", val.LinkRef{}, "nil nil"},
	} {
		s := sample{Dev: c.ref}
		dev, _ := sampleTable.Get(nil, &s, "dev")
		index, ok := sampleTable.Get(nil, &s, "dev_index")
		if !ok {
			index = attr.Value{}
		}
		if got := dev.String() + " " + index.String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if _, ok := sampleTable.Get(nil, filled(), "num8_index"); ok {
		t.Error("num8_index: a number has no index")
	}
}

// The name of a decoded link comes from the reader's table.
func TestLinkName(t *testing.T) {
	e := &attr.Env{LinkName: func(i int32) string { return "link" + string(rune('0'+i)) }}
	var s sample
	if err := sampleTable.Decode(e, &s, cat(head(), tlv(21, u32(3)...))); err != nil {
		t.Fatal(err)
	}
	if want := (val.LinkRef{Name: "link3", Index: 3}); s.Dev != want {
		t.Errorf("got %+v, want %+v", s.Dev, want)
	}
}

// Fields lists what is said, in the order of the rows.
func TestFields(t *testing.T) {
	s := sample{Num8: val.U8(5), Proto: val.U8(4), More: &more{Mark: val.U32(6)}, NoArp: val.Off}
	if got, want := sampleTable.Value(nil, &s).String(), "{proto=4 arp=false num8=5 mark=6}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
