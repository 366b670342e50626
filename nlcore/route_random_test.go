package nlcore_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// routeMaker makes random routes that this kernel takes, in the namespace that
// routed makes.
type routeMaker struct {
	*rand.Rand
	realms bool
}

var routeRealms = nstest.Feature{
	Name: "routes with realms", Config: "CONFIG_IP_ROUTE_CLASSID",
	Probe: nstest.ByIP("route add 10.9.0.0/16 dev lo realms 1/2"),
}

func (g *routeMaker) route() nlcore.Route {
	var r nlcore.Route
	if g.IntN(2) == 0 {
		g.four(&r)
	} else {
		g.six(&r)
	}
	opt(g.Rand, 3, &r.Priority, 1+g.Uint32()>>g.IntN(31))
	opt(g.Rand, 3, &r.Table, 1+g.Uint32()>>g.IntN(31))
	opt(g.Rand, 3, &r.Protocol, uint8(1+g.IntN(255)))
	// The kernel gives routes by one nexthop object the metrics of the first
	// (fib_find_info_nh, Linux 7.2).
	object := r.More != nil && !r.More.NHID.IsZero()
	if g.IntN(3) == 0 && r.Type.Or(uapi.RTN_UNICAST) == uapi.RTN_UNICAST && !object {
		g.metrics(&more(&r).RouteMetrics)
	}
	return r
}

func more(r *nlcore.Route) *nlcore.RouteMore {
	if r.More == nil {
		r.More = new(nlcore.RouteMore)
	}
	return r.More
}

// refusing are the types of routes that lead nowhere.
var refusing = []nlcore.RouteType{uapi.RTN_BLACKHOLE, uapi.RTN_UNREACHABLE, uapi.RTN_PROHIBIT, uapi.RTN_THROW}

func (g *routeMaker) four(r *nlcore.Route) {
	r.Family.Set(nlcore.Inet)
	if bits := g.IntN(33); bits > 7 {
		r.Dst = netip.PrefixFrom(netip.AddrFrom4([4]byte{20, byte(g.IntN(256)), byte(g.IntN(256)), byte(g.IntN(256))}), bits).Masked()
	} // else it is a default route
	opt4 := func(n int) bool { return g.IntN(n) == 0 }
	if opt4(4) {
		r.Tos = uint8(g.IntN(8)) << 2
	}
	switch g.IntN(8) {
	case 0:
		r.Type.Set(refusing[g.IntN(4)])
		return
	case 1:
		if r.Dst.IsValid() { // or every address would be one of this machine
			r.Type.Set(uapi.RTN_LOCAL)
		}
		r.Dev = val.LinkName("v0")
		return
	case 2:
		more(r).NHID.Set(5 + uint32(g.IntN(3)))
		return
	case 3:
		for range 2 + g.IntN(3) {
			m := more(r)
			m.Hops = append(m.Hops, g.hop4())
		}
	default:
		h := g.hop4()
		r.Via, r.Dev, r.Flags = h.Via, h.Dev, h.Flags
		if g.realms && opt4(4) {
			more(r).Realms.Set(g.Uint32() | 1)
		}
	}
	if opt4(3) {
		r.Src = netip.MustParseAddr("10.0.0.1")
	}
}

// hop4 is a way out of v0.
func (g *routeMaker) hop4() nlcore.Hop {
	near := netip.AddrFrom4([4]byte{10, 0, 0, byte(2 + g.IntN(250))})
	h := nlcore.Hop{Weight: uint16(g.IntN(257))}
	switch g.IntN(4) {
	case 0:
		h.Via, h.Dev, h.Flags = netip.AddrFrom4([4]byte{192, 0, 2, byte(1 + g.IntN(250))}), val.LinkName("v0"), nlcore.OnLink
	case 1:
		h.Via, h.Dev = netip.AddrFrom16([16]byte{0: 0xfe, 1: 0x80, 15: byte(2 + g.IntN(250))}), val.LinkName("v0")
	case 2:
		h.Dev = val.LinkName("v1")
	default:
		h.Via = near
	}
	return h
}

func (g *routeMaker) six(r *nlcore.Route) {
	r.Family.Set(nlcore.Inet6)
	prefix := func(first byte) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0: first, 1: 1, 5: byte(g.IntN(256)), 15: byte(g.IntN(256))}), 9+g.IntN(120)).Masked()
	}
	if g.IntN(5) > 0 {
		r.Dst = prefix(0xfd)
	}
	near := func() netip.Addr {
		return netip.AddrFrom16([16]byte{0: 0xfd, 15: byte(2 + g.IntN(250))})
	}
	opt(g.Rand, 4, &r.Pref, nlcore.RoutePref([]int{1, 3}[g.IntN(2)]))
	switch g.IntN(7) {
	case 0:
		r.Type.Set(refusing[g.IntN(4)])
		r.Pref.Clear()
		return
	case 1:
		first := near()
		for i := range 2 + g.IntN(3) {
			m := more(r)
			m.Hops = append(m.Hops, nlcore.Hop{Via: first, Weight: uint16(1 + g.IntN(256))})
			first = netip.AddrFrom16([16]byte{0: 0xfd, 14: byte(i + 1), 15: 1})
			m.Hops[i].Dev, m.Hops[i].Flags = val.LinkName("v0"), nlcore.OnLink
		}
	case 2:
		r.Dev = val.LinkName("v1")
	case 3:
		r.Via, r.Dev = netip.MustParseAddr("fe80::9"), val.LinkName("v0")
	default:
		r.Via = near()
	}
	if g.IntN(4) == 0 {
		more(r).Expires.Set(100 * uint32(2+g.IntN(1000)))
	}
	if g.IntN(4) == 0 && r.Dst.IsValid() {
		more(r).From = prefix(0xfc)
	} else if g.IntN(3) == 0 {
		r.Src = netip.MustParseAddr("fd00::1")
	}
}

func (g *routeMaker) metrics(m *nlcore.RouteMetrics) {
	opt(g.Rand, 2, &m.MTU, 1280+uint32(g.IntN(60000)))
	opt(g.Rand, 4, &m.Window, 1+g.Uint32()>>8)
	opt(g.Rand, 4, &m.RTT, 8*(1+uint32(g.IntN(10000))))
	opt(g.Rand, 4, &m.RTTVar, 4*(1+uint32(g.IntN(10000))))
	opt(g.Rand, 4, &m.RTOMin, 1+uint32(g.IntN(100000)))
	opt(g.Rand, 4, &m.SSThresh, 1+g.Uint32()>>8)
	opt(g.Rand, 4, &m.CWnd, 1+g.Uint32()>>8)
	opt(g.Rand, 4, &m.AdvMSS, 1+uint32(g.IntN(65000)))
	opt(g.Rand, 4, &m.Reordering, 1+g.Uint32()>>8)
	opt(g.Rand, 4, &m.HopLimit, 1+uint32(g.IntN(255)))
	opt(g.Rand, 4, &m.InitCWnd, 1+g.Uint32()>>8)
	opt(g.Rand, 4, &m.InitRWnd, 1+g.Uint32()>>8)
	opt(g.Rand, 4, &m.QuickAck, 1)
	opt(g.Rand, 4, &m.FastOpenNoCookie, 1)
	if g.IntN(4) == 0 {
		m.Features = 1 // ecn
	}
	if g.IntN(4) == 0 {
		m.CongCtl = []string{"cubic", "reno"}[g.IntN(2)]
	}
	if g.IntN(4) == 0 && !m.MTU.IsZero() {
		m.Lock = 1 << 2 // of the mtu
	}
}

// Random routes of both families: ip sees what we list; what list returns goes
// to del and then to add, as it is or field by field, and the list is the same
// again.
func TestRouteRandom(t *testing.T) {
	ctx := context.Background()
	h, ns := routed(t)
	newestIP(t, ns)
	why, err := routeRealms.Missing(t)
	must(t, err)
	g := &routeMaker{rand.New(rand.NewPCG(3, 4)), why == ""}
	kernels := sortedRoutes(t, h)
	made, defaults := map[string]*nlcore.Route{}, map[nlcore.Family]int{}
	for range 300 {
		r := g.route()
		key := routeKey(&r)
		if made[key] != nil {
			continue
		}
		if err := h.RouteAdd(ctx, &r); err != nil {
			t.Fatalf("%v %+v %+v: %v", &r, r, r.More, err)
		}
		made[key] = &r
		if !r.Dst.IsValid() {
			defaults[r.Family.Or(0)]++
		}
	}
	if defaults[nlcore.Inet] < 5 || defaults[nlcore.Inet6] < 5 {
		t.Errorf("default routes made: %v", defaults)
	}
	before := slices.DeleteFunc(sortedRoutes(t, h), func(r nlcore.Route) bool { return made[routeKey(&r)] == nil })
	if len(before) != len(made) {
		t.Fatalf("made %d, listed %d", len(made), len(before))
	}
	for f, flag := range map[nlcore.Family]string{nlcore.Inet: "-4", nlcore.Inet6: "-6"} {
		ours, _ := ourRoutes(t, h, f)
		if d := diff(byText(ipRoutes(t, ns, flag)), byText(ours)); d != "" {
			t.Error("-ip +ours:\n", d)
		}
	}
	for i := range before {
		said := made[routeKey(&before[i])]
		kept(t, said, &before[i], "expires", "nexthop")
		if d := gocmp.Diff(hopWords(said), hopWords(&before[i])); d != "" && (said.More == nil || said.More.NHID.IsZero()) {
			t.Errorf("%v, -said +read:\n%s", said, d)
		}
	}
	for i := range before {
		must(t, h.RouteDel(ctx, &before[i]))
	}
	if d := deep(kernels, sortedRoutes(t, h)); d != "" {
		t.Fatal("after the deletion, -before +after:\n", d)
	}
	for i := range before {
		r := &before[i]
		if i%2 == 1 {
			r = byKey(t, r, &nlcore.Route{})
		}
		if err := h.RouteAdd(ctx, r); err != nil {
			t.Fatalf("%v %+v %+v: %v", r, r, r.More, err)
		}
	}
	after := slices.DeleteFunc(sortedRoutes(t, h), func(r nlcore.Route) bool { return made[routeKey(&r)] == nil })
	if d := deep(before, after); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
}

// hopWords are the ways of a route, without the interface where only the kernel
// says it.
func hopWords(r *nlcore.Route) (l []string) {
	if r.More == nil {
		return nil
	}
	for _, h := range r.More.Hops {
		dev := ""
		if !h.Via.IsValid() {
			dev = h.Dev.Name
		}
		l = append(l, fmt.Sprint(h.Via, dev, max(h.Weight, 1), h.Flags))
	}
	return l
}

// routeKey is what the kernel tells routes apart by.
func routeKey(r *nlcore.Route) string {
	dst, table, metric := r.Dst, r.Table.Or(254), r.Priority.Or(0)
	if dst.Bits() == 0 {
		dst = netip.Prefix{}
	}
	if r.Table.IsZero() && r.Type.Or(0) == uapi.RTN_LOCAL {
		table = 255
	}
	var from netip.Prefix
	if r.More != nil {
		from = r.More.From
	}
	if r.Family.Or(0) == nlcore.Inet6 && metric == 0 {
		metric = 1024
	}
	return fmt.Sprint(r.Family, dst, table, metric, r.Tos, from)
}

// sortedRoutes are all routes, without what the clock says.
func sortedRoutes(t *testing.T, h *nlcore.Handle) []nlcore.Route {
	t.Helper()
	l, err := h.RouteList(context.Background(), nil)
	must(t, err)
	for i := range l {
		if m := l[i].More; m != nil && !m.Expires.IsZero() {
			m.Expires.Set((m.Expires.Or(0) + 99) / 100 * 100)
		}
	}
	slices.SortFunc(l, func(a, b nlcore.Route) int {
		return cmp.Or(cmp.Compare(routeKey(&a), routeKey(&b)), cmp.Compare(a.Ident(), b.Ident()))
	})
	return l
}

// byText sorts what ip prints by all of it.
func byText(l []ipRoute) []ipRoute {
	slices.SortFunc(l, func(a, b ipRoute) int { return cmp.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b)) })
	return l
}
