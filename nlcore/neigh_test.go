package nlcore_test

import (
	"net/netip"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

func TestNeighVerbs(t *testing.T) {
	checkVerbs(t, &nlcore.Neigh{}, []verbCase{
		{nlcore.Add, uapi.RTM_NEWNEIGH, 0x600, false},
		{nlcore.Replace, uapi.RTM_NEWNEIGH, 0x500, false},
		{nlcore.Update, uapi.RTM_NEWNEIGH, 0x100, false},
		{nlcore.Del, uapi.RTM_DELNEIGH, 0, false},
		{nlcore.Append, 0, 0, true},
		{nlcore.Set, 0, 0, true},
	})
}

// What a neighbour refuses before the kernel is asked.
func TestNeighRefused(t *testing.T) {
	a, lo := netip.MustParseAddr("10.0.0.2"), val.LinkIndex(1)
	for _, c := range []struct {
		name string
		in   nlcore.Neigh
		want string
	}{
		{"no address", nlcore.Neigh{Dev: lo}, "dst is required"},
		{"no link", nlcore.Neigh{Dst: a}, "dev is required"},
		{"family", nlcore.Neigh{Dst: a, Dev: lo, Family: val.Some(nlcore.Inet6)}, "family is inet6, but dst is 10.0.0.2"},
		{"address of a proxy", nlcore.Neigh{Dst: a, Dev: lo, Proxy: val.On, LLAddr: someMAC}, "lladdr is not for a proxy"},
		{"state of a proxy", nlcore.Neigh{Dst: a, Dev: lo, Proxy: val.On, State: val.Some(nlcore.NeighStale)}, "nud is not for a proxy"},
	} {
		_, err := c.in.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

// What is set by key reads back as ip prints it; "!" begins a refusal.
func TestNeighKeys(t *testing.T) {
	text := attr.StringOf
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"dst", text("FD00::2"), "fd00::2"},
		{"dev", text("eth0"), "eth0"},
		{"lladdr", text("02-00-00-00-00-0A"), "02:00:00:00:00:0a"},
		{"lladdr", text("192.0.2.1"), "192.0.2.1"},
		{"lladdr", text("2001:db8::1"), "2001:db8::1"},
		{"lladdr", text("02:00"), `!lladdr wants a link-layer address like "02:00:00:00:00:01", or an IP address, got "02:00"`},
		{"nud", text("stale"), "stale"},
		{"state", attr.IntOf(0x80), "permanent"},
		{"nud", text("fresh"), `!nud wants a number or one of permanent, reachable, stale, noarp, none, incomplete, delay, probe, failed, got "fresh"`},
		{"proxy", attr.BoolOf(true), "true"},
		{"router", text("on"), "true"},
		{"extern_learn", attr.BoolOf(false), "false"},
		{"managed", attr.BoolOf(true), "true"},
		{"proto", text("static"), "static"},
		{"vrf", text("red"), "red"},
		{"probes", attr.IntOf(1), "!probes is set by the kernel only"},
		{"vlan", attr.IntOf(1), "!vlan is set by the kernel only"},
	} {
		n := &nlcore.Neigh{}
		if err := nlcore.SetField(&attr.Env{Mode: attr.Create}, n, c.key, c.in); err != nil {
			if "!"+err.Error() != c.want {
				t.Errorf("%s=%v: got error %v, want %s", c.key, c.in, err, c.want)
			}
			continue
		}
		if got, ok := nlcore.Field(nil, n, c.key); !ok || got.String() != c.want {
			t.Errorf("%s=%v: got %v, want %s", c.key, c.in, got, c.want)
		}
	}
}

func FuzzNeigh(f *testing.F) {
	for _, c := range neighCases {
		c.ours.Dev = val.LinkIndex(1)
		b, err := c.ours.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { fuzzObject(t, &nlcore.Neigh{}, &nlcore.Neigh{}, b) })
}
