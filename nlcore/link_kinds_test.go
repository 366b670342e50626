package nlcore_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// kindTrial makes a link of a kind in one namespace with our words, and in
// another with those of ip.
type kindTrial struct {
	name, kind string
	needs      *nstest.Feature // nil: every kernel we run on has the kind
	below      []string        // what ip makes before, in both
	link       string          // the lower link, "" for none
	add        []sample        // said at creation
	set        []sample        // changed afterwards, one by one
}

func hasKind(kind, config string) *nstest.Feature {
	return &nstest.Feature{Name: kind + " links", Config: config, Probe: nstest.ByIP(
		"link add low0 type veth peer name low1",
		map[string]string{
			"vlan":  "link add link low0 name x0 type vlan id 5",
			"dummy": "link add x0 type dummy",
		}[kind])}
}

var lowVeth = []string{"link add low0 address 02:00:00:00:00:f0 type veth peer name low1"}

// The lists of vxlan together name all its fields; some exclude others.
var kindTrials = []kindTrial{
	{name: "dummy", kind: "dummy", needs: hasKind("dummy", "CONFIG_DUMMY")},
	{name: "ifb", kind: "ifb"},
	{name: "vlan", kind: "vlan", needs: hasKind("vlan", "CONFIG_VLAN_8021Q"), below: lowVeth, link: "low0", add: []sample{
		{key: "id", value: 77, ip: "id 77"},
		{key: "protocol", value: "802.1ad", ip: "protocol 802.1ad"},
		{key: "reorder_hdr", value: false, ip: "reorder_hdr off"},
		{key: "loose_binding", value: true, ip: "loose_binding on"},
		{key: "ingress_qos_map", value: []string{"1:5", "3:4000000000"}, ip: "ingress-qos-map 1:5 3:4000000000"},
		{key: "egress_qos_map", value: []string{"4000000000:7"}, ip: "egress-qos-map 4000000000:7"},
	}, set: []sample{
		{key: "loose_binding", value: false, ip: "loose_binding off"},
		{key: "egress_qos_map", value: []string{"6:3"}, ip: "egress-qos-map 6:3"},
	}},
	{name: "vlan flags", kind: "vlan", needs: hasKind("vlan", "CONFIG_VLAN_8021Q"), below: lowVeth, link: "low0", add: []sample{
		{key: "id", value: 4094, ip: "id 4094"},
		{key: "bridge_binding", value: true, ip: "bridge_binding on"},
		{key: "reorder_hdr", value: true, ip: "reorder_hdr on"},
	}},
	{name: "vxlan over IPv4", kind: "vxlan", below: lowVeth, add: []sample{
		{key: "id", value: 0xabcdef, ip: "id 11259375"},
		{key: "group", value: "239.1.2.3", ip: "group 239.1.2.3"},
		{key: "local", value: "127.0.0.1", ip: "local 127.0.0.1"},
		{key: "dev", value: "low0", ip: "dev low0"},
		{key: "dstport", value: 4799, ip: "dstport 4799"},
		{key: "srcport", value: "1000-2000", ip: "srcport 1000 2000"},
		{key: "ttl", value: 5, ip: "ttl 5"},
		{key: "tos", value: 16, ip: "tos 0x10"},
		{key: "df", value: "set", ip: "df set"},
		{key: "ageing", value: 77, ip: "ageing 77"},
		{key: "maxaddress", value: 5, ip: "maxaddress 5"},
		{key: "learning", value: false, ip: "nolearning"},
		{key: "proxy", value: true, ip: "proxy"},
		{key: "rsc", value: true, ip: "rsc"},
		{key: "l2miss", value: true, ip: "l2miss"},
		{key: "udpcsum", value: false, ip: "noudpcsum"},
		{key: "udp6zerocsumtx", value: true, ip: "udp6zerocsumtx"},
		{key: "remcsumtx", value: true, ip: "remcsumtx"},
		{key: "gbp", value: true, ip: "gbp"},
	}, set: []sample{
		{key: "group", value: "239.1.2.4", ip: "group 239.1.2.4 dev low0"},
		{key: "local", value: "127.0.0.2", ip: "local 127.0.0.2"},
		{key: "ttl", value: 6, ip: "ttl 6"},
		{key: "tos", value: 1, ip: "tos inherit"},
		{key: "df", value: "inherit", ip: "df inherit"},
		{key: "ageing", value: 88, ip: "ageing 88"},
		{key: "learning", value: true, ip: "learning"},
	}},
	{name: "vxlan over IPv6", kind: "vxlan", below: lowVeth, add: []sample{
		{key: "id", value: 6, ip: "id 6"},
		{key: "remote", value: "fe80::2", ip: "remote fe80::2"},
		{key: "local", value: "fe80::1", ip: "local fe80::1"},
		{key: "dev", value: "low0", ip: "dev low0"},
		{key: "dstport", value: 4789, ip: "dstport 4789"},
		{key: "ttl", value: "inherit", ip: "ttl inherit"},
		{key: "flowlabel", value: 0x12345, ip: "flowlabel 0x12345"},
		{key: "l3miss", value: true, ip: "l3miss"},
		{key: "udp6zerocsumrx", value: true, ip: "udp6zerocsumrx"},
		{key: "remcsumrx", value: true, ip: "remcsumrx"},
		{key: "localbypass", value: false, ip: "nolocalbypass"},
	}, set: []sample{
		{key: "flowlabel", value: 0x54321, ip: "flowlabel 0x54321"},
		{key: "remote", value: "fe80::3", ip: "remote fe80::3"},
		{key: "dev", value: "low1", ip: "dev low1"},
		{key: "localbypass", value: true, ip: "localbypass"},
	}},
	{name: "vxlan external", kind: "vxlan", add: []sample{
		{key: "external", value: true, ip: "external"},
		{key: "vnifilter", value: true, ip: "vnifilter"},
		{key: "gpe", value: true, ip: "gpe"},
		{key: "dstport", value: 4790, ip: "dstport 4790"},
		{key: "reserved_bits", value: "0xff", ip: "reserved_bits 0xff"},
	}},
	{name: "macvlan source", kind: "macvlan", below: lowVeth, link: "low0", add: []sample{
		{key: "mode", value: "source", ip: "mode source"},
		{key: "nodst", value: true, ip: "nodst"},
		{key: "bcqueuelen", value: 1234, ip: "bcqueuelen 1234"},
		{key: "bclim", value: -5, ip: "bclim -5"},
		{key: "macaddr", value: []string{"02:00:00:00:00:01"}, ip: "macaddr set 02:00:00:00:00:01"},
	}, set: []sample{
		{key: "bcqueuelen", value: 77, ip: "bcqueuelen 77"},
		{key: "bclim", value: 9, ip: "bclim 9"},
		{key: "macaddr", value: []string{"02:00:00:00:00:02"}, ip: "macaddr set 02:00:00:00:00:02"},
	}},
	{name: "macvlan passthru", kind: "macvlan", below: lowVeth, link: "low0", add: []sample{
		{key: "mode", value: "passthru", ip: "mode passthru"},
		{key: "nopromisc", value: true, ip: "nopromisc"},
	}},
	{name: "macvtap", kind: "macvtap", below: lowVeth, link: "low0", add: []sample{
		{key: "mode", value: "private", ip: "mode private"},
		{key: "bcqueuelen", value: 99, ip: "bcqueuelen 99"},
	}, set: []sample{{key: "mode", value: "bridge", ip: "mode bridge"}}},
}

// kindApart are settable keys that are tried elsewhere, by kind.
var kindApart = map[string]map[string]string{
	"vlan":    {"gvrp": "tests/wire; it needs a module of its own", "mvrp": "tests/wire; it needs a module of its own"},
	"vxlan":   {"remcsum_nopartial": "TestVxlanAlone", "mcroute": "tests/wire: the kernel does not say it back"},
	"macvlan": {"macaddr_mode": "TestMacvlanSources"},
	"tun": {
		"mode": "TestTunLikeIP", "user": "TestTunLikeIP", "group": "TestTunLikeIP",
		"pi": "TestTunLikeIP", "vnet_hdr": "TestTunLikeIP", "multi_queue": "TestTunLikeIP",
	},
}

func TestKindsLikeIP(t *testing.T) {
	for _, tt := range kindTrials {
		t.Run(tt.name, func(t *testing.T) {
			if tt.needs != nil {
				tt.needs.Need(t)
			}
			h, ns := newHandle(t)
			newestIP(t, ns)
			h2, ns2 := newHandle(t)
			ipAll(t, ns, tt.below...)
			ipAll(t, ns2, tt.below...)
			tt.make(t, h, ns2)
			tt.agree(t, h, ns, h2, ns2)
			tt.change(t, h, ns2)
			tt.agree(t, h, ns, h2, ns2)
		})
	}
}

// make creates the link with our words here and with those of ip there.
func (k kindTrial) make(t *testing.T, h *nlcore.Handle, there *netns.NS) {
	t.Helper()
	l := nlcore.NewLink(k.kind)
	l.Attrs().Name = "x0"
	words := "link add"
	if k.link != "" {
		l.Attrs().Link = nlcore.LinkName(k.link)
		words += " link " + k.link
	}
	words += " name x0 type " + k.kind
	add := known(t, h.Env(), firstView(l).Schema(), k.add)
	for _, s := range add {
		must(t, nlcore.SetField(h.Env(), l, s.key, s.val()))
		words += " " + s.ip
	}
	must(t, h.LinkAdd(context.Background(), l))
	ipAll(t, there, words)
	k.read(t, h, add)
}

// change sets one field after the other.
func (k kindTrial) change(t *testing.T, h *nlcore.Handle, there *netns.NS) {
	t.Helper()
	for _, s := range known(t, h.Env(), firstView(nlcore.NewLink(k.kind)).Schema(), k.set) {
		l := nlcore.NewLink(k.kind)
		l.Attrs().Of = nlcore.LinkName("x0")
		must(t, nlcore.SetField(&attr.Env{Mode: attr.Change}, l, s.key, s.val()))
		if err := h.LinkSet(context.Background(), l); err != nil {
			t.Errorf("%s: %v", s.key, err)
		}
		ipAll(t, there, "link set x0 type "+k.kind+" "+s.ip)
		k.read(t, h, []sample{s})
	}
}

// read looks whether what was said is there. Lists are compared with ip only:
// the kernel has an order of its own, and keeps what was mapped before.
func (k kindTrial) read(t *testing.T, h *nlcore.Handle, said []sample) {
	t.Helper()
	l, err := h.LinkByName(context.Background(), "x0")
	must(t, err)
	for _, s := range said {
		got, _ := firstView(l).Get(h.Env(), s.key)
		if want := canonical(t, firstView(l), s); got.String() != want && got.Kind() != attr.KindList {
			t.Errorf("%s reads %v, want %s", s.key, got, want)
		}
	}
}

// agree compares ip's view of both links, and ours of each with ip's.
func (k kindTrial) agree(t *testing.T, h *nlcore.Handle, ns *netns.NS, h2 *nlcore.Handle, ns2 *netns.NS) {
	t.Helper()
	apart := []string{"address", "ifindex"} // random, and counted
	if d := cmp.Diff(without(ipShow(t, ns2)["x0"], apart...), without(ipShow(t, ns)["x0"], apart...)); d != "" {
		t.Errorf("ip prints, -made by ip +made by us:\n%s", d)
	}
	compareLinks(t, h, ns)
	compareLinks(t, h2, ns2)
}

// TestKindTrialsAreComplete: a new row of a kind needs a sample and a place
// in the table of iproute2's keys.
func TestKindTrialsAreComplete(t *testing.T) {
	for kind, keys := range kindKeys {
		if kind == "macvtap" { // has the rows of macvlan
			continue
		}
		tried := map[string]bool{}
		for _, k := range kindTrials {
			for _, s := range k.add {
				tried[s.key] = tried[s.key] || k.kind == kind
			}
		}
		shown := map[string]bool{}
		for _, k := range keys.keys {
			shown[k.key] = true
		}
		for _, m := range schemaOf(kind).Members(nil) {
			if settable := m.Modes&attr.Write != 0; settable && tried[m.Key] == (kindApart[kind][m.Key] != "") {
				t.Errorf("%s: %s is tried in the table: %v; elsewhere: %q", kind, m.Key, tried[m.Key], kindApart[kind][m.Key])
			}
			if !shown[m.Key] && keys.unprinted[m.Key] == "" && keys.words[m.Key] == "" {
				t.Errorf("%s: %s has no key of iproute2 and no reason for having none", kind, m.Key)
			}
			delete(shown, m.Key)
		}
		for key := range shown {
			t.Errorf("%s: %s is printed and no row", kind, key)
		}
	}
}
