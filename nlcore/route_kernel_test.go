package nlcore_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// routed is pair with three nexthop objects.
func routed(t testing.TB) (*nlcore.Handle, *netns.NS) {
	h, ns := pair(t)
	nstest.IP(t, ns, "nexthop", "add", "id", "5", "via", "10.0.0.2", "dev", "v0")
	nstest.IP(t, ns, "nexthop", "add", "id", "6", "via", "10.0.0.3", "dev", "v0")
	nstest.IP(t, ns, "nexthop", "add", "id", "7", "group", "5/6")
	return h, ns
}

// ipRouteDo runs an ip route verb with the words of a case.
func ipRouteDo(t *testing.T, ns *netns.NS, verb, words string) {
	t.Helper()
	var args []string
	if strings.HasPrefix(words, "-") {
		args, words = []string{words[:2]}, words[3:]
	}
	nstest.IP(t, ns, append(append(args, "route", verb), strings.Fields(words)...)...)
}

// Each route is made by ip in one namespace and by us in another; ip must see
// the same in both, and we must read what ip reads. Then what we list is
// deleted as it is, and by what the caller said.
func TestRouteAgainstIP(t *testing.T) {
	ctx := context.Background()
	theirs, theirNS := routed(t)
	ours, ourNS := routed(t)
	for _, c := range routeCases {
		t.Run(c.name, func(t *testing.T) {
			flag, family := "-4", nlcore.Inet
			if strings.Contains(c.ip, "fd0") || strings.HasPrefix(c.ip, "-6") {
				flag, family = "-6", nlcore.Inet6
			}
			before, had := ourRoutes(t, theirs, family)
			ipRouteDo(t, theirNS, "add", c.ip)
			must(t, ours.RouteAdd(ctx, &c.ours))
			want := ipRoutes(t, theirNS, flag)
			if d := diff(want, ipRoutes(t, ourNS, flag)); d != "" {
				t.Error("ip sees, -made by ip +made by us:\n", d)
			}
			if len(want) != len(before)+1 {
				t.Fatalf("ip made no route: %v", want)
			}
			got, listed := ourRoutes(t, theirs, family)
			if d := diff(want, got); d != "" {
				t.Error("made by ip, -read by ip +read by us:\n", d)
			}
			for i := range listed {
				if !slices.ContainsFunc(had, func(r nlcore.Route) bool { return r.Ident() == listed[i].Ident() }) {
					must(t, theirs.RouteDel(ctx, &listed[i]))
				}
			}
			must(t, ours.RouteDel(ctx, &c.ours))
			for _, h := range []*nlcore.Handle{theirs, ours} {
				after, _ := ourRoutes(t, h, family)
				if d := diff(before, after); d != "" {
					t.Error("after the deletion, -before +after:\n", d)
				}
			}
		})
	}
}

// What list returns can be deleted, added and replaced as it is.
func TestRouteListed(t *testing.T) {
	h, ns := routed(t)
	for _, line := range []string{
		"default via 10.0.0.2", "default via fd00::2", "default via 10.0.0.3 metric 9", "10.1.0.0/16 via inet6 fe80::9 dev v0",
		"10.2.0.0/16 via 10.0.0.2 mtu lock 1400 rto_min 20ms realms 1/2 table 1000", "10.3.0.0/16 nhid 5", "10.4.0.0/16 nhid 7",
		"10.5.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.3", "unreachable 10.6.0.0/16", "throw 10.7.0.0/16 table 7",
		"fd01::/64 nexthop via fd00::2 weight 3 nexthop via fd00::3", "fd02::/64 via fd00::2 expires 900 pref low",
		"fd03::/64 from fd04::/64 via fd00::2", "prohibit fd05::/64", "local 10.9.0.1 dev v0", "10.8.0.0/16 dev v0 tos 0x10",
	} {
		ipRouteDo(t, ns, "add", line)
	}
	for _, f := range []nlcore.Family{nlcore.Inet, nlcore.Inet6} {
		_, l := ourRoutes(t, h, f)
		again(t, h, f, l)
	}
}

// again deletes all that is listed and adds it again: local addresses first,
// which sources need, then what needs no gateway. Where the kernel made
// several to one destination (ff00::/8 for each interface), they are appended.
func again(t *testing.T, h *nlcore.Handle, f nlcore.Family, l []nlcore.Route) {
	t.Helper()
	ctx := context.Background()
	before, _ := ourRoutes(t, h, f)
	for i := range before {
		if f == nlcore.Inet6 && before[i].Metric == 0 {
			before[i].Metric = 1024 // 0 is kept for the kernel's own (ip6_route_info_create)
		}
	}
	for i := len(l) - 1; i >= 0; i-- {
		must(t, h.RouteDel(ctx, &l[i]))
	}
	if left, _ := ourRoutes(t, h, f); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	order := func(r nlcore.Route) int {
		switch {
		case r.Via.IsValid() || r.More != nil && (len(r.More.Hops) > 0 || !r.More.NHID.IsZero()):
			return 2
		case r.Table.Or(0) == 255 && r.Dst.IsSingleIP():
			return 0
		}
		return 1
	}
	slices.SortStableFunc(l, func(a, b nlcore.Route) int { return order(a) - order(b) })
	seen := map[string]bool{}
	for i := range l {
		key := fmt.Sprint(l[i].Dst, l[i].Table, l[i].Priority, l[i].Tos)
		if seen[key] {
			must(t, h.RouteAppend(ctx, &l[i]))
			continue
		}
		seen[key] = true
		must(t, h.RouteAdd(ctx, &l[i]))
		must(t, h.RouteReplace(ctx, &l[i]))
	}
	after, _ := ourRoutes(t, h, f)
	if d := diff(before, after); d != "" {
		t.Error("after del, add and replace, -before +after:\n", d)
	}
}

// What verbs do to routes with the same destination, for each family.
func TestRouteVerbsInKernel(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name, dst, net string
		verbs          []val.Verb
		want           string
	}{
		{"append", "10.1.0.0/16", "10.0.0.", []val.Verb{nlcore.Add, nlcore.Append}, "10.0.0.2 10.0.0.3"},
		{"prepend", "10.1.0.0/16", "10.0.0.", []val.Verb{nlcore.Add, nlcore.Prepend}, "10.0.0.3 10.0.0.2"},
		{"replace", "10.1.0.0/16", "10.0.0.", []val.Verb{nlcore.Add, nlcore.Replace}, "10.0.0.3"},
		{"change", "10.1.0.0/16", "10.0.0.", []val.Verb{nlcore.Add, nlcore.Update}, "10.0.0.3"},
		{"replace creates", "10.1.0.0/16", "10.0.0.", []val.Verb{nlcore.Replace}, "10.0.0.2"},
		{"IPv6 append", "fd01::/64", "fd00::", []val.Verb{nlcore.Add, nlcore.Append}, "fd00::2+fd00::3"},
		{"IPv6 prepend", "fd01::/64", "fd00::", []val.Verb{nlcore.Add, nlcore.Prepend}, "fd00::2+fd00::3"},
		{"IPv6 replace", "fd01::/64", "fd00::", []val.Verb{nlcore.Add, nlcore.Replace}, "fd00::3"},
		{"IPv6 change", "fd01::/64", "fd00::", []val.Verb{nlcore.Add, nlcore.Update}, "fd00::3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := pair(t)
			dst := netip.MustParsePrefix(c.dst)
			for i, verb := range c.verbs {
				via := netip.MustParseAddr(c.net + string(rune('2'+i)))
				must(t, h.Apply(ctx, nlcore.Change{Verb: verb, Object: &nlcore.Route{Dst: dst, Via: via}}))
			}
			l, err := h.RouteList(ctx, &nlcore.Route{Dst: dst})
			must(t, err)
			var got []string
			for _, r := range l {
				via := []string{}
				if r.Via.IsValid() {
					via = append(via, r.Via.String())
				}
				if r.More != nil {
					for _, hop := range r.More.Hops {
						via = append(via, hop.Via.String())
					}
				}
				got = append(got, strings.Join(via, "+"))
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got %s, want %s", g, c.want)
			}
		})
	}
}

// Deleting one way of an IPv6 multipath route leaves the other.
func TestRouteDelHop(t *testing.T) {
	ctx := context.Background()
	h, _ := pair(t)
	dst, a := netip.MustParsePrefix("fd01::/64"), netip.MustParseAddr
	must(t, h.RouteAdd(ctx, &nlcore.Route{Dst: dst, More: &nlcore.RouteMore{Hops: []nlcore.Hop{{Via: a("fd00::2")}, {Via: a("fd00::3")}}}}))
	must(t, h.RouteDel(ctx, &nlcore.Route{Dst: dst, Via: a("fd00::2")}))
	l, err := h.RouteList(ctx, &nlcore.Route{Dst: dst})
	must(t, err)
	if len(l) != 1 || l[0].Via != a("fd00::3") {
		t.Errorf("left: %v", l)
	}
}

func TestRouteErrors(t *testing.T) {
	ctx := context.Background()
	h, _ := pair(t)
	p, a := netip.MustParsePrefix, netip.MustParseAddr
	connected := &nlcore.Route{Dst: p("10.0.0.0/24"), Dev: val.LinkName("v0")}
	_, noRoute := h.RouteGet(ctx, &nlcore.Route{Dst: p("192.0.2.1/32")})
	_, noDst := h.RouteGet(ctx, &nlcore.Route{})
	for _, c := range []struct {
		name  string
		err   error
		errno syscall.Errno
		text  string
	}{
		{"twice", h.RouteAdd(ctx, connected), syscall.EEXIST, "route add 10.0.0.0/24 dev v0: "},
		{"gateway", h.RouteAdd(ctx, &nlcore.Route{Dst: p("10.9.0.0/16"), Via: a("10.0.9.1")}), syscall.ENETUNREACH, "route add 10.9.0.0/16 via 10.0.9.1: Nexthop has invalid gateway (ENETUNREACH)"},
		{"absent", h.RouteDel(ctx, &nlcore.Route{Dst: p("10.9.0.0/16")}), syscall.ESRCH, "route del 10.9.0.0/16: "},
		{"other metric", h.RouteDel(ctx, &nlcore.Route{Dst: p("10.0.0.0/24"), Priority: val.U32(5)}), syscall.ESRCH, "route del 10.0.0.0/24: "},
		{"change what is absent", h.RouteChange(ctx, &nlcore.Route{Dst: p("10.9.0.0/16"), Dev: val.LinkName("v0")}), syscall.ENOENT, "route change 10.9.0.0/16 dev v0: "},
		{"no such link", h.RouteAdd(ctx, &nlcore.Route{Dst: p("10.9.0.0/16"), Dev: val.LinkName("gone")}), syscall.ENODEV, "route add 10.9.0.0/16 dev gone: dev: there is no link gone (ENODEV)"},
		{"lookup without a route", noRoute, syscall.ENETUNREACH, "route get 192.0.2.1: "},
		{"lookup of nothing", noDst, 0, "route get default: dst is required"},
	} {
		if c.err == nil || !strings.HasPrefix(c.err.Error(), c.text) || c.errno != 0 && !errors.Is(c.err, c.errno) {
			t.Errorf("%s: got %v, want %v, %q", c.name, c.err, c.errno, c.text)
		}
	}
}

// The kernel's lookup, as `ip route get` has it.
func TestRouteGet(t *testing.T) {
	nstest.NeedUsers(t)
	p := netip.MustParsePrefix
	h, ns := pair(t)
	for _, line := range []string{
		"route add 10.1.0.0/16 via 10.0.0.2 mtu 1300", "route add 10.1.0.0/16 via 10.0.0.5 tos 0x10", "-6 route add fd01::/64 via fd00::2",
		"rule add fwmark 5 lookup 50", "route add 10.1.0.0/16 via 10.0.0.3 table 50",
		"rule add ipproto tcp dport 80 lookup 60", "route add 10.1.0.0/16 via 10.0.0.4 table 60",
		"rule add uidrange 1000-1000 lookup 70", "route add 10.1.0.0/16 via 10.0.0.6 table 70",
		"addr add 10.7.0.1/24 dev v1", "rule add oif v1 lookup 80", "route add 10.1.0.0/16 via 10.7.0.2 dev v1 table 80",
	} {
		nstest.IP(t, ns, strings.Fields(line)...)
	}
	must(t, forward(ns)) // or a lookup with iif finds nothing
	for _, c := range []struct {
		name string
		ip   string
		like nlcore.Route
	}{
		{"plain", "10.1.2.3", nlcore.Route{Dst: p("10.1.2.3/32")}},
		{"mark", "10.1.2.3 mark 5", nlcore.Route{Dst: p("10.1.2.3/32"), More: &nlcore.RouteMore{Mark: val.U32(5)}}},
		{"port", "10.1.2.3 ipproto tcp sport 1 dport 80", nlcore.Route{Dst: p("10.1.2.3/32"), More: &nlcore.RouteMore{IPProto: val.Some(nlcore.IPProto(6)), SPort: val.U16(1), DPort: val.U16(80)}}},
		{"device", "10.1.2.3 oif v1", nlcore.Route{Dst: p("10.1.2.3/32"), Dev: val.LinkName("v1")}},
		{"from and iif", "10.1.2.3 from 10.0.0.9 iif v0", nlcore.Route{Dst: p("10.1.2.3/32"), More: &nlcore.RouteMore{From: p("10.0.0.9/32"), IIF: val.LinkName("v0")}}},
		{"uid", "10.1.2.3 uid 1000", nlcore.Route{Dst: p("10.1.2.3/32"), More: &nlcore.RouteMore{UID: val.U32(1000)}}},
		{"tos", "10.1.2.3 tos 0x10", nlcore.Route{Dst: p("10.1.2.3/32"), Tos: 0x10}},
		{"entry of the table", "fibmatch 10.1.2.3", nlcore.Route{Dst: p("10.1.2.3/32"), More: &nlcore.RouteMore{FibMatch: true}}},
		{"IPv6", "fd01::5", nlcore.Route{Dst: p("fd01::5/128")}},
		{"IPv6 source", "fd01::5 from fd00::1", nlcore.Route{Dst: p("fd01::5/128"), More: &nlcore.RouteMore{From: p("fd00::1/128")}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []ipRoute
			nstest.IPJSON(t, ns, &want, append([]string{"route", "get"}, strings.Fields(c.ip)...)...)
			r, err := h.RouteGet(context.Background(), &c.like)
			must(t, err)
			got := asIPRoute(&r)
			if want[0].Table == "" {
				want[0].Table = "main"
			}
			want[0].Type, got.Type = "", "" // ip leaves unicast out here
			want[0].Protocol, got.Protocol, want[0].Scope, got.Scope = "", "", "", ""
			got.Flags, want[0].Flags = nil, nil // ip hides "cloned"
			if d := diff(want[0], got); d != "" {
				t.Error("-ip +ours:\n", d)
			}
		})
	}
}

// forward turns forwarding on in a test's own namespace.
func forward(ns *netns.NS) error {
	return ns.Do(func() error { return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0) })
}

// A list agrees with all that like says; the iterator gives the same.
func TestRouteFilters(t *testing.T) {
	ctx := context.Background()
	h, ns := pair(t)
	for _, line := range []string{
		"route add 10.1.0.0/16 via 10.0.0.2 proto static", "route add 10.2.0.0/16 dev v1 table 1000", "route add blackhole 10.3.0.0/16",
		"-6 route add fd01::/64 via fd00::2 metric 5", "route add default via 10.0.0.2", "-6 route add default via fd00::2",
	} {
		nstest.IP(t, ns, strings.Fields(line)...)
	}
	main := val.U32(254)
	anyDefault := &nlcore.Route{Table: main}
	must(t, nlcore.SetField(nil, anyDefault, "dst", attr.StringOf("default")))
	for _, c := range []struct {
		name string
		like *nlcore.Route
		want string
	}{
		{"table", &nlcore.Route{Table: val.U32(1000)}, "10.2.0.0/16"},
		{"no such table", &nlcore.Route{Table: val.U32(4711)}, ""},
		{"proto", &nlcore.Route{Protocol: val.U8(4)}, "10.1.0.0/16"},
		{"type", &nlcore.Route{Type: val.Some(nlcore.RouteType(6))}, "10.3.0.0/16"},
		{"dev", &nlcore.Route{Dev: val.LinkName("v1"), Family: val.Some(nlcore.Inet)}, "10.2.0.0/16"},
		{"family", &nlcore.Route{Family: val.Some(nlcore.Inet6), Table: main}, "default fd00::/64 fd01::/64"},
		{"dst", &nlcore.Route{Dst: netip.MustParsePrefix("10.1.0.0/16")}, "10.1.0.0/16"},
		{"default of both families", anyDefault, "default default"},
		{"IPv6 default", &nlcore.Route{Dst: netip.MustParsePrefix("::/0")}, "default"},
		{"via", &nlcore.Route{Via: netip.MustParseAddr("10.0.0.2")}, "10.1.0.0/16 default"},
		{"metric", &nlcore.Route{Priority: val.U32(5)}, "fd01::/64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := h.RouteList(ctx, c.like)
			must(t, err)
			var list, iterated []string
			for i := range l {
				list = append(list, fields{l[i].Views()[0]}.word("dst"))
			}
			for r, err := range h.RouteIter(ctx, c.like) {
				must(t, err)
				iterated = append(iterated, fields{r.Views()[0]}.word("dst"))
			}
			slices.Sort(list)
			slices.Sort(iterated)
			if got := strings.Join(list, " "); got != c.want {
				t.Errorf("list: got %s, want %s", got, c.want)
			}
			if got := strings.Join(iterated, " "); got != c.want {
				t.Errorf("iterator: got %s, want %s", got, c.want)
			}
		})
	}
}

// Routes can be changed while they are iterated, and the loop left early.
func TestRouteIterChanges(t *testing.T) {
	ctx := context.Background()
	h, _ := pair(t)
	table := val.U32(1000)
	for i := range 5 {
		dst := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 1, byte(i), 0}), 24)
		must(t, h.RouteAdd(ctx, &nlcore.Route{Dst: dst, Dev: val.LinkName("v0"), Table: table}))
	}
	for _, err := range h.RouteIter(ctx, &nlcore.Route{Table: table}) {
		must(t, err)
		break
	}
	for r, err := range h.RouteIter(ctx, &nlcore.Route{Table: table}) {
		must(t, err)
		must(t, h.RouteDel(ctx, &r))
	}
	l, err := h.RouteList(ctx, &nlcore.Route{Table: table})
	must(t, err)
	if len(l) != 0 {
		t.Errorf("left: %v", l)
	}
}
