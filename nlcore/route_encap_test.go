package nlcore_test

import (
	"context"
	"net/netip"
	"os"
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// encaps are probed by making such a route.
func encaps(name, config, words string) nstest.Feature {
	return nstest.Feature{Name: name, Config: config, Probe: func(t testing.TB, ns *netns.NS) error {
		return nstest.ByIP("link set lo up", "addr add 10.0.0.1/24 dev lo", words)(t, ns)
	}}
}

var encapCases = []struct {
	feature nstest.Feature
	family  string
	ip      string
	ours    nlcore.Route
}{
	{encaps("mpls encapsulation", "CONFIG_MPLS_IPTUNNEL", "route add 10.9.0.0/16 encap mpls 100 via 10.0.0.2"), "-4",
		"10.1.0.0/16 encap mpls 100/200 ttl 64 via 10.0.0.2", nlcore.Route{
			Dst: netip.MustParsePrefix("10.1.0.0/16"), Via: netip.MustParseAddr("10.0.0.2"),
			More: &nlcore.RouteMore{Encap: &nlcore.MPLSEncap{Labels: []uint32{100, 200}, TTL: 64}}}},
	{encaps("ip encapsulation", "CONFIG_LWTUNNEL", "route add 10.9.0.0/16 encap ip id 5 dst 10.9.9.9 via 10.0.0.2"), "-4",
		"10.2.0.0/16 encap ip id 5 dst 10.9.9.9 src 10.0.0.1 tos 0x10 ttl 7 key csum seq via 10.0.0.2", nlcore.Route{
			Dst: netip.MustParsePrefix("10.2.0.0/16"), Via: netip.MustParseAddr("10.0.0.2"),
			More: &nlcore.RouteMore{Encap: &nlcore.IPEncap{ID: 5, Dst: netip.MustParseAddr("10.9.9.9"), Src: netip.MustParseAddr("10.0.0.1"),
				TOS: 16, TTL: 7, Flags: nlcore.TunnelKey | nlcore.TunnelCSum | nlcore.TunnelSeq}}}},
	{encaps("ip6 encapsulation", "CONFIG_LWTUNNEL", "route add 10.9.0.0/16 encap ip6 id 5 dst fd00::9 via 10.0.0.2"), "-4",
		"10.3.0.0/16 encap ip6 id 5 dst fd00::9 tc 0x10 hoplimit 7 key via 10.0.0.2", nlcore.Route{
			Dst: netip.MustParsePrefix("10.3.0.0/16"), Via: netip.MustParseAddr("10.0.0.2"),
			More: &nlcore.RouteMore{Encap: &nlcore.IP6Encap{ID: 5, Dst: netip.MustParseAddr("fd00::9"), TC: 16, HopLimit: 7, Flags: nlcore.TunnelKey}}}},
	{encaps("seg6 encapsulation", "CONFIG_IPV6_SEG6_LWTUNNEL", "-6 route add fd09::/64 encap seg6 mode encap segs fc00::1 dev lo"), "-6",
		"fd01::/64 encap seg6 mode inline segs fc00::1,fc00::2 via fd00::2", nlcore.Route{
			Dst: netip.MustParsePrefix("fd01::/64"), Via: netip.MustParseAddr("fd00::2"),
			More: &nlcore.RouteMore{Encap: &nlcore.Seg6Encap{Mode: val.Some(nlcore.Seg6Mode(0)),
				SegmentHeader: nlcore.SegmentHeader{Segs: []netip.Addr{netip.MustParseAddr("fc00::1"), netip.MustParseAddr("fc00::2")}}}}}},
	{encaps("seg6local encapsulation", "CONFIG_IPV6_SEG6_LWTUNNEL", "-6 route add fd09::/64 encap seg6local action End dev lo"), "-6",
		"fd02::/64 encap seg6local action End.X nh6 fd00::1 count dev v0", nlcore.Route{
			Dst: netip.MustParsePrefix("fd02::/64"), Dev: val.LinkName("v0"),
			More: &nlcore.RouteMore{Encap: &nlcore.Seg6LocalEncap{Action: val.Some(nlcore.Seg6Action(2)), NH6: netip.MustParseAddr("fd00::1"),
				Counters: nlcore.Seg6Counters{On: true}}}}},
	{encaps("mpls encapsulation", "CONFIG_MPLS_IPTUNNEL", "route add 10.9.0.0/16 encap mpls 100 via 10.0.0.2"), "-4",
		"10.4.0.0/16 nexthop encap mpls 100 via 10.0.0.2 weight 2 nexthop encap mpls 300/400 via 10.0.0.3", nlcore.Route{
			Dst: netip.MustParsePrefix("10.4.0.0/16"), More: &nlcore.RouteMore{Hops: []nlcore.Hop{
				{Via: netip.MustParseAddr("10.0.0.2"), Weight: 2, Encap: &nlcore.MPLSEncap{Labels: []uint32{100}}},
				{Via: netip.MustParseAddr("10.0.0.3"), Encap: &nlcore.MPLSEncap{Labels: []uint32{300, 400}}}}}}},
}

// Each is made by ip and by us; ip sees the same, and what we list makes the
// same again.
func TestEncapAgainstIP(t *testing.T) {
	for _, c := range encapCases {
		t.Run(c.feature.Name+" "+c.ours.Dst.String(), func(t *testing.T) {
			c.feature.Need(t)
			ctx := context.Background()
			theirs, theirNS := pair(t)
			ours, ourNS := pair(t)
			newestIP(t, theirNS)
			nstest.IP(t, theirNS, append([]string{c.family, "route", "add"}, strings.Fields(c.ip)...)...)
			must(t, ours.RouteAdd(ctx, &c.ours))
			want := rawRoutes(t, theirNS, c.family, c.ours.Dst.String())
			if d := diff(want, rawRoutes(t, ourNS, c.family, c.ours.Dst.String())); d != "" {
				t.Error("ip sees, -made by ip +made by us:\n", d)
			}
			l, err := theirs.RouteList(ctx, &nlcore.Route{Dst: c.ours.Dst})
			must(t, err)
			if len(l) != 1 {
				t.Fatalf("listed %v", l)
			}
			must(t, theirs.RouteDel(ctx, &l[0]))
			must(t, theirs.RouteAdd(ctx, &l[0]))
			if d := diff(want, rawRoutes(t, theirNS, c.family, c.ours.Dst.String())); d != "" {
				t.Error("-before +made again from the list:\n", d)
			}
		})
	}
}

// rawRoutes are the routes to a destination as ip tells all of them.
func rawRoutes(t *testing.T, ns *netns.NS, family, dst string) []map[string]any {
	t.Helper()
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, family, "route", "show", dst)
	if len(l) != 1 {
		t.Fatalf("ip shows %v", l)
	}
	return l
}

// An MPLS route by ip and by us: the machine's labels are a table of their own.
func TestMPLSAgainstIP(t *testing.T) {
	routes := nstest.Feature{Name: "mpls routes", Config: "CONFIG_MPLS_ROUTING", Probe: func(_ testing.TB, ns *netns.NS) error {
		return ns.Do(func() error { // without, ip lists none and is content
			_, err := os.Stat("/proc/sys/net/mpls/platform_labels")
			return err
		})
	}}
	routes.Need(t)
	ctx := context.Background()
	theirs, theirNS := pair(t)
	ours, ourNS := pair(t)
	newestIP(t, theirNS)
	for _, ns := range []*netns.NS{theirNS, ourNS} {
		must(t, ns.Do(func() error { return os.WriteFile("/proc/sys/net/mpls/platform_labels", []byte("1000"), 0) }))
	}
	inet := netip.MustParseAddr("10.0.0.2")
	for _, c := range []struct {
		ip   string
		ours nlcore.Route
	}{
		{"100 as 200/300 via inet 10.0.0.2 dev v0", nlcore.Route{Via: inet, Dev: val.LinkName("v0"),
			More: &nlcore.RouteMore{Label: val.U32(100), NewDst: []uint32{200, 300}}}},
		{"101 via inet6 fd00::2 dev v0 ttl-propagate disabled", nlcore.Route{Via: netip.MustParseAddr("fd00::2"), Dev: val.LinkName("v0"),
			More: &nlcore.RouteMore{Label: val.U32(101), TTLPropagate: val.Some(nlcore.TTLPropagate(0))}}},
		{"102 nexthop as 200 via inet 10.0.0.2 dev v0 nexthop as 300/400 via inet6 fd00::2 dev v0", nlcore.Route{
			More: &nlcore.RouteMore{Label: val.U32(102), Hops: []nlcore.Hop{
				{Via: inet, Dev: val.LinkName("v0"), NewDst: []uint32{200}},
				{Via: netip.MustParseAddr("fd00::2"), Dev: val.LinkName("v0"), NewDst: []uint32{300, 400}}}}}},
	} {
		nstest.IP(t, theirNS, append([]string{"-f", "mpls", "route", "add"}, strings.Fields(c.ip)...)...)
		must(t, ours.RouteAdd(ctx, &c.ours))
	}
	show := func(ns *netns.NS) (l []map[string]any) {
		nstest.IPJSON(t, ns, &l, "-f", "mpls", "route", "show")
		return l
	}
	want := show(theirNS)
	if d := diff(want, show(ourNS)); d != "" || len(want) != 3 {
		t.Error("ip sees, -made by ip +made by us:\n", d, want)
	}
	l, err := theirs.RouteList(ctx, &nlcore.Route{Family: val.Some(nlcore.MPLS)})
	must(t, err)
	for i := range l {
		must(t, theirs.RouteDel(ctx, &l[i]))
	}
	if left := show(theirNS); len(left) != 0 {
		t.Error("left:", left)
	}
	for i := range l {
		must(t, theirs.RouteAdd(ctx, &l[i]))
	}
	if d := diff(want, show(theirNS)); d != "" {
		t.Error("-before +made again from the list:\n", d)
	}
}

// vrf= is the table of a vrf, in a lookup the interface.
func TestRouteVRF(t *testing.T) {
	vrfs := nstest.Feature{Name: "vrf", Config: "CONFIG_NET_VRF", Probe: nstest.ByIP("link add r0 type vrf table 77")}
	vrfs.Need(t)
	ctx := context.Background()
	h, ns := pair(t)
	nstest.IP(t, ns, "link", "add", "r0", "type", "vrf", "table", "77")
	nstest.IP(t, ns, "link", "set", "r0", "up")
	vrf := func(dst string) *nlcore.Route {
		return &nlcore.Route{Dst: netip.MustParsePrefix(dst), Via: netip.MustParseAddr("10.0.0.2"), Dev: val.LinkName("v0"), Flags: nlcore.OnLink,
			More: &nlcore.RouteMore{VRF: val.LinkName("r0")}}
	}
	must(t, h.RouteAdd(ctx, vrf("10.8.0.0/16")))
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, "route", "show", "table", "77")
	if len(l) != 1 || l[0]["dst"] != "10.8.0.0/16" {
		t.Errorf("ip shows in the vrf's table %v", l)
	}
	listed, err := h.RouteList(ctx, &nlcore.Route{Family: val.Some(nlcore.Inet), More: &nlcore.RouteMore{VRF: val.LinkName("r0")}})
	must(t, err)
	if len(listed) != 1 || listed[0].Dst.String() != "10.8.0.0/16" {
		t.Errorf("listed in the vrf %v", listed)
	}
	got, err := h.RouteGet(ctx, &nlcore.Route{Dst: netip.MustParsePrefix("10.8.0.1/32"), More: &nlcore.RouteMore{VRF: val.LinkName("r0")}})
	must(t, err)
	if got.Table.Or(0) != 77 {
		t.Errorf("looked up %v", &got)
	}
	r := vrf("10.7.0.0/16")
	r.More.VRF = val.LinkName("v0")
	want := `route add 10.7.0.0/16 via 10.0.0.2 dev v0: vrf wants a link of type vrf, v0 is of type "veth"`
	if err := h.RouteAdd(ctx, r); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %s", err, want)
	}
}

// What is given by key, and how it reads.
func TestEncapKeys(t *testing.T) {
	text, num := attr.StringOf, attr.IntOf
	table := func(l ...any) attr.Value {
		var p []attr.Pair
		for i := 0; i < len(l); i += 2 {
			p = append(p, attr.Pair{Key: l[i].(string), Val: l[i+1].(attr.Value)})
		}
		return attr.TableOf(p)
	}
	for _, c := range []struct {
		name, want string
		in         attr.Value
	}{
		{"text", "{type=mpls dst=100/200}", text("mpls 100/200")},
		{"positional", "{type=mpls dst=100/200}", attr.ListOf([]attr.Value{text("mpls"), text("100/200")})},
		{"number", "{type=mpls dst=100 ttl=3}", table("#1", text("mpls"), "#2", num(100), "ttl", num(3))},
		{"labels", "{type=mpls dst=100/200}", table("type", text("mpls"), "dst", attr.ListOf([]attr.Value{num(100), num(200)}))},
		{"ip", "{type=ip id=5 dst=10.9.9.9 tos=AF11 key=true}", table("#1", text("ip"), "id", num(5), "dst", text("10.9.9.9"), "tos", num(0x28), "key", attr.BoolOf(true))},
		{"ip6", "{type=ip6 dst=fd00::9 hoplimit=7}", table("#1", text("ip6"), "dst", text("fd00::9"), "ttl", num(7))},
		{"seg6local", "{type=seg6local action=End.B6 srh={segs=fc00::1 tag=9}}", table("#1", text("seg6local"), "action", text("End.B6"), "srh", table("segs", text("fc00::1"), "tag", num(9)))},
		{"unknown", "{type=99 data=0x0102}", table("#1", num(99), "data", text("0x0102"))},
		{"by number", "{type=xfrm if_id=3}", table("#1", num(10), "if_id", num(3))},
		{"bpf", "{type=bpf in={prog=7} headroom=20}", table("#1", text("bpf"), "in", table("prog", num(7)), "headroom", num(20))},
		{"unknown kind", `encap wants a table like { "mpls", "100/200" } whose first value is one of mpls, ip, ip6, seg6, bpf, seg6local, rpl, ioam6, xfrm, got geneve`, text("geneve")},
		{"label", `encap.dst wants labels like 100 or "100/200", each from 0 to 1048575, got 100/x`, text("mpls 100/x")},
		{"field", `unknown field "encap.tll"`, table("#1", text("mpls"), "tll", num(3))},
		{"segment", `encap.segs wants IPv6 addresses like "fc00::1,fc00::2", got "10.0.0.1"`, table("#1", text("seg6"), "segs", text("fc00::1,10.0.0.1"))},
		{"outer", `encap.dst wants an inet address, got fd00::9`, table("#1", text("ip"), "dst", text("fd00::9"))},
	} {
		r := new(nlcore.Route)
		got := ""
		if err := nlcore.SetField(nil, r, "encap", c.in); err != nil {
			got = err.Error()
		} else {
			got = r.More.Encap.String()
		}
		if got != c.want {
			t.Errorf("%s: got  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// What is missing is said before the kernel is asked.
func TestEncapRefused(t *testing.T) {
	dst := netip.MustParsePrefix("fd00::/64")
	for _, c := range []struct {
		want string
		in   nlcore.Encap
	}{
		{"encap.dst is required", &nlcore.MPLSEncap{TTL: 3}},
		{"encap.segs wants 1 to 126 IPv6 addresses, got 0", &nlcore.Seg6Encap{}},
		{"encap.action is required", &nlcore.Seg6LocalEncap{}},
		{"encap.trace is required", &nlcore.IOAM6Encap{}},
		{"encap.in needs the descriptor of a program; its name does not find it", &nlcore.BPFEncap{ProgIn: nlcore.BPFProg{Name: "x"}}},
		{"encap.opts cannot be sent: a kernel of 6.18 dies of tunnel options", &nlcore.IPEncap{ID: 1, Opts: []byte{1}}},
	} {
		r := &nlcore.Route{Dst: dst, More: &nlcore.RouteMore{Encap: c.in}}
		_, err := r.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err == nil || err.Error() != c.want {
			t.Errorf("got error %v\nwant %s", err, c.want)
		}
	}
}
