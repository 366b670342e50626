package nlcore_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// diff compares whole values, also those with unexported parts.
func diff(want, got any) string {
	return cmp.Diff(want, got,
		cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}, val.LinkRef{}),
		cmp.Comparer(func(a, b val.Opt[bool]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[uint8]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[uint16]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[uint32]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[int32]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[nlcore.Family]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[nlcore.RouteType]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[nlcore.RoutePref]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[nlcore.TTLPropagate]) bool { return a == b }),
		cmp.Comparer(func(a, b val.Opt[nlcore.IPProto]) bool { return a == b }))
}

func TestParseAddr(t *testing.T) {
	for _, c := range []struct{ in, want, wantErr string }{
		{"169.254.169.254/32", "169.254.169.254/32", ""},
		{"10.0.0.1/24", "10.0.0.1/24", ""},
		{"10.0.0.1", "10.0.0.1/32", ""},
		{"2001:DB8::1/64", "2001:db8::1/64", ""},
		{"10.0.0/24", "", `address wants a prefix like "10.0.0.0/8" or "2001:db8::/32", got "10.0.0/24"`},
		{"10.0.0.1/33", "", `address wants a prefix like "10.0.0.0/8" or "2001:db8::/32", got "10.0.0.1/33"`},
	} {
		got, err := nlcore.ParseAddr(c.in)
		switch {
		case c.wantErr != "":
			if err == nil || err.Error() != c.wantErr {
				t.Errorf("%s: got error %v, want %s", c.in, err, c.wantErr)
			}
		case err != nil || got.String() != c.want:
			t.Errorf("%s: got %v %v, want %s", c.in, got, err, c.want)
		}
	}
}

// verbCase is a verb's message type and flags, as `strace ip` shows them.
type verbCase struct {
	verb        val.Verb
	typ, flags  uint16
	wantRefused bool
}

func checkVerbs(t *testing.T, o nlcore.Object, cases []verbCase) {
	t.Helper()
	for _, c := range cases {
		typ, flags, err := o.Header(c.verb)
		if typ != c.typ || flags != c.flags || (err != nil) != c.wantRefused {
			t.Errorf("%v: got type %d flags %#x error %v, want type %d flags %#x", c.verb, typ, flags, err, c.typ, c.flags)
		}
	}
}

func TestAddrVerbs(t *testing.T) {
	checkVerbs(t, &nlcore.Addr{}, []verbCase{
		{nlcore.Add, uapi.RTM_NEWADDR, 0x600, false},
		{nlcore.Replace, uapi.RTM_NEWADDR, 0x500, false},
		{nlcore.Update, uapi.RTM_NEWADDR, 0x100, false},
		{nlcore.Del, uapi.RTM_DELADDR, 0, false},
		{nlcore.Append, 0, 0, true},
		{nlcore.Set, 0, 0, true},
	})
}

// What a change refuses before the kernel is asked.
func TestAddrRefused(t *testing.T) {
	lo := val.LinkIndex(1)
	v4, v6 := netip.MustParsePrefix("10.0.0.1/24"), netip.MustParsePrefix("fd00::1/64")
	for _, c := range []struct {
		name string
		in   nlcore.Addr
		want string
	}{
		{"no address", nlcore.Addr{Dev: lo}, "address is required"},
		{"no dev", nlcore.Addr{Address: v4}, "dev is required"},
		{"peer of the other family", nlcore.Addr{Address: v4, Peer: v6, Dev: lo}, "peer wants an inet address as address is, got fd00::1/64"},
		{"family", nlcore.Addr{Address: v4, Dev: lo, Family: val.Some(nlcore.Inet6)}, "family is inet6, but address is 10.0.0.1/24"},
		{"broadcast", nlcore.Addr{Address: v6, Dev: lo, Broadcast: netip.MustParseAddr("10.0.0.255")}, "broadcast is for IPv4 only"},
		{"no life", nlcore.Addr{Address: v4, Dev: lo, ValidLft: val.U32(0)}, "valid_lft wants at least 1 second"},
		{"preferred above valid", nlcore.Addr{Address: v4, Dev: lo, ValidLft: val.U32(5), PreferredLft: val.U32(6)}, "preferred_lft must not be above valid_lft"},
		{"label", nlcore.Addr{Address: v4, Dev: lo, Label: "sixteen letters!"}, `label wants at most 15 characters, got "sixteen letters!"`},
	} {
		_, err := c.in.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

// What is set by key reads back as ip prints it.
func TestAddrKeys(t *testing.T) {
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"address", attr.StringOf("10.0.0.1/24"), "10.0.0.1/24"},
		{"local_", attr.StringOf("10.0.0.1"), "10.0.0.1/32"},
		{"peer", attr.StringOf("10.0.0.2/24"), "10.0.0.2/24"},
		{"dev", attr.StringOf("eth0"), "eth0"},
		{"brd", attr.StringOf("10.0.0.255"), "10.0.0.255"},
		{"label", attr.StringOf("eth0:1"), "eth0:1"},
		{"scope", attr.StringOf("link"), "link"},
		{"valid_lft", attr.StringOf("forever"), "forever"},
		{"valid_lft", attr.IntOf(300), "300sec"},
		{"preferred_lft", attr.StringOf("5min"), "300sec"},
		{"metric", attr.IntOf(5), "5"},
		{"proto", attr.StringOf("kernel_ra"), "kernel_ra"},
		{"family", attr.StringOf("inet6"), "inet6"},
		{"nodad", attr.BoolOf(true), "true"},
		{"home", attr.StringOf("off"), "false"},
	} {
		a := &nlcore.Addr{}
		if err := nlcore.SetField(nil, a, c.key, c.in); err != nil {
			t.Errorf("%s=%v: %v", c.key, c.in, err)
			continue
		}
		if got, ok := nlcore.Field(nil, a, c.key); !ok || got.String() != c.want {
			t.Errorf("%s=%v: got %v, want %s", c.key, c.in, got, c.want)
		}
	}
	a := nlcore.MustParseAddr("10.0.0.1/24")
	if ip, _ := nlcore.Field(nil, a, "ip"); ip.String() != "10.0.0.1" {
		t.Errorf("ip: got %v", ip)
	}
	if err := nlcore.SetField(nil, a, "ip", attr.StringOf("10.0.0.2")); err == nil {
		t.Error("ip could be set")
	}
}
