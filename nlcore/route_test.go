package nlcore_test

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
	"unsafe"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// A million routes are kept in memory: the rare parts are elsewhere.
func TestRouteSize(t *testing.T) {
	if got := unsafe.Sizeof(nlcore.Route{}); got > 144 {
		t.Errorf("a Route has %d bytes, want at most 144", got)
	}
}

func TestRouteVerbs(t *testing.T) {
	checkVerbs(t, &nlcore.Route{}, []verbCase{
		{nlcore.Add, uapi.RTM_NEWROUTE, 0x600, false},
		{nlcore.Append, uapi.RTM_NEWROUTE, 0xc00, false},
		{nlcore.Prepend, uapi.RTM_NEWROUTE, 0x400, false},
		{nlcore.Replace, uapi.RTM_NEWROUTE, 0x500, false},
		{nlcore.Update, uapi.RTM_NEWROUTE, 0x100, false},
		{nlcore.Del, uapi.RTM_DELROUTE, 0, false},
		{nlcore.Set, 0, 0, true},
	})
}

// route7 is a route with seven attributes.
func route7() *nlcore.Route {
	return &nlcore.Route{
		Dst: netip.MustParsePrefix("10.1.0.0/16"), Via: netip.MustParseAddr("10.0.0.2"), Dev: val.LinkIndex(3),
		Src: netip.MustParseAddr("10.0.0.1"), Priority: val.U32(100), Table: val.U32(1000), Pref: val.Some(nlcore.RoutePref(0)),
	}
}

func encodeRoute(t testing.TB, v val.Verb, r *nlcore.Route) []byte {
	t.Helper()
	mode := attr.Create
	if v == nlcore.Del {
		mode = attr.Delete
	}
	b, err := r.Append(&attr.Env{Mode: mode}, v, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The fixed header, with ip's defaults: family, lengths, tos, table, protocol,
// scope, type, flags.
func TestRouteHeader(t *testing.T) {
	p, a := netip.MustParsePrefix, netip.MustParseAddr
	for _, c := range []struct {
		name string
		verb val.Verb
		in   nlcore.Route
		want string
	}{
		{"nothing is the IPv4 default", nlcore.Add, nlcore.Route{}, "02000000 fe03fd01 00000000"},
		{"gateway", nlcore.Add, nlcore.Route{Via: a("10.0.0.1")}, "02000000 fe030001 00000000"},
		{"default by gateway", nlcore.Add, nlcore.Route{Via: a("fe80::1")}, "0a000000 fe030001 00000000"},
		{"default by family", nlcore.Add, nlcore.Route{Family: val.Some(nlcore.Inet6)}, "0a000000 fe030001 00000000"},
		{"IPv4 default by IPv6", nlcore.Add, nlcore.Route{Family: val.Some(nlcore.Inet), Via: a("fe80::1")}, "02000000 fe030001 00000000"},
		{"device", nlcore.Add, nlcore.Route{Dst: p("10.0.0.0/8"), Dev: val.LinkIndex(1)}, "02080000 fe03fd01 00000000"},
		{"IPv6 device", nlcore.Add, nlcore.Route{Dst: p("fd00::/8"), Dev: val.LinkIndex(1)}, "0a080000 fe030001 00000000"},
		{"local", nlcore.Add, nlcore.Route{Dst: p("10.0.0.1/32"), Type: val.Some(nlcore.RouteType(2))}, "02200000 ff03fe02 00000000"},
		{"broadcast", nlcore.Add, nlcore.Route{Dst: p("10.0.0.1/32"), Type: val.Some(nlcore.RouteType(3))}, "02200000 ff03fd03 00000000"},
		{"unreachable", nlcore.Add, nlcore.Route{Dst: p("10.0.0.0/8"), Type: val.Some(nlcore.RouteType(7))}, "02080000 fe030007 00000000"},
		{"all said", nlcore.Add, nlcore.Route{Dst: p("10.0.0.0/8"), Tos: 0x10, Table: val.U32(7), Protocol: val.U8(4), Scope: val.U8(200), Type: val.Some(nlcore.RouteType(6)), Flags: nlcore.OnLink},
			"02080010 0704c806 04000000"},
		{"kernel's flags are not sent", nlcore.Add, nlcore.Route{Via: a("10.0.0.1"), Flags: 0xffffffff}, "02000000 fe030001 06000000"},
		{"large table", nlcore.Add, nlcore.Route{Via: a("10.0.0.1"), Table: val.U32(1000)}, "02000000 00030001 00000000"},
		{"source", nlcore.Add, nlcore.Route{Dst: p("fd00::/8"), More: &nlcore.RouteMore{From: p("fd01::/64")}}, "0a084000 fe030001 00000000"},
		{"delete any", nlcore.Del, nlcore.Route{Dst: p("10.0.0.0/8")}, "02080000 fe00ff00 00000000"},
		{"delete this", nlcore.Del, nlcore.Route{Dst: p("10.0.0.0/8"), Scope: val.U8(0), Protocol: val.U8(2), Type: val.Some(nlcore.RouteType(1))}, "02080000 fe020001 00000000"},
	} {
		if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
			t.Skip("the bytes are for little-endian machines")
		}
		got := hex.EncodeToString(encodeRoute(t, c.verb, &c.in)[:12])
		if want := strings.ReplaceAll(c.want, " ", ""); got != want {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
}

func TestRouteRefused(t *testing.T) {
	p, a := netip.MustParsePrefix, netip.MustParseAddr
	for _, c := range []struct {
		name string
		in   nlcore.Route
		want string
	}{
		{"family", nlcore.Route{Dst: p("10.0.0.0/8"), Family: val.Some(nlcore.Inet6)}, "family is inet6, but dst is 10.0.0.0/8"},
		{"unknown family", nlcore.Route{Family: val.Some(nlcore.MPLS)}, "dst wants an MPLS label from 0 to 1048575"},
		{"gateway", nlcore.Route{Dst: p("fd00::/8"), Via: a("10.0.0.1")}, "via wants an inet6 address, got 10.0.0.1"},
		{"source address", nlcore.Route{Dst: p("10.0.0.0/8"), Src: a("fd00::1")}, "src wants an inet address, got fd00::1"},
		{"source", nlcore.Route{Dst: p("10.0.0.0/8"), More: &nlcore.RouteMore{From: p("fd00::/8")}}, "from wants an inet address, got fd00::/8"},
		{"hop", nlcore.Route{Dst: p("fd00::/8"), More: &nlcore.RouteMore{Hops: []nlcore.Hop{{Via: a("fd00::1")}, {Via: a("10.0.0.1")}}}}, "nexthop[2].via wants an inet6 address, got 10.0.0.1"},
		{"weight", nlcore.Route{More: &nlcore.RouteMore{Hops: []nlcore.Hop{{Weight: 257}}}}, "nexthop[1].weight wants a number from 1 to 256, got 257"},
		{"zone", nlcore.Route{Via: a("fe80::1%eth0")}, "via wants an address without a zone (say dev=), got fe80::1%eth0"},
		{"hop limit", nlcore.Route{More: &nlcore.RouteMore{RouteMetrics: nlcore.RouteMetrics{HopLimit: val.U32(256)}}}, "metrics.hoplimit wants a number from 0 to 255, got 256"},
	} {
		_, err := c.in.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

func TestRouteKeys(t *testing.T) {
	text := attr.StringOf
	hop := func(pairs ...attr.Pair) attr.Value { return attr.TableOf(pairs) }
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"dst", text("10.0.0.0/8"), "10.0.0.0/8"},
		{"dst", text("10.0.0.1"), "10.0.0.1"},
		{"dst", text("10.0.0.1/32"), "10.0.0.1"},
		{"dst", text("default"), "default"},
		{"dst", text("::/0"), "default"},
		{"via", text("inet6 fe80::1"), "fe80::1"},
		{"gateway", text("10.0.0.1"), "10.0.0.1"},
		{"oif", text("eth0"), "eth0"},
		{"priority", attr.IntOf(0), "0"},
		{"table", text("main"), "main"},
		{"type", text("blackhole"), "blackhole"},
		{"proto", text("static"), "static"},
		{"scope", text("link"), "link"},
		{"tos", text("0x28"), "AF11"},
		{"onlink", attr.BoolOf(true), "true"},
		{"pref", text("high"), "high"},
		{"family", text("inet6"), "inet6"},
		{"mtu", attr.IntOf(1400), "1400"},
		{"rtt", attr.IntOf(3), "0.375ms"},
		{"rtt", text("1.5s"), "1.5s"},
		{"rttvar", text("50ms"), "50ms"},
		{"rto_min", text("20ms"), "20ms"},
		{"lock", text("mtu"), "mtu"},
		{"lock", attr.ListOf([]attr.Value{text("rtt"), text("mtu")}), "mtu,rtt"},
		{"features", text("ecn"), "ecn"},
		{"quickack", attr.BoolOf(true), "1"},
		{"congctl", text("cubic"), "cubic"},
		{"realms", text("1/2"), "1/2"},
		{"realms", attr.IntOf(2), "2"},
		{"expires", text("5min"), "300"},
		{"ttl_propagate", text("enabled"), "enabled"},
		{"nhid", attr.IntOf(7), "7"},
		{"ipproto", text("tcp"), "tcp"},
		{"sport", attr.IntOf(80), "80"},
		{"from", text("fd00::/8"), "fd00::/8"},
		{"from", text("10.0.0.1"), "10.0.0.1"},
		{"fibmatch", attr.BoolOf(true), "true"},
		{"nexthop", hop(attr.Pair{Key: "via", Val: text("10.0.0.1")}), "{via=10.0.0.1}"},
		{"nexthop", attr.ListOf([]attr.Value{text("10.0.0.1"), hop(attr.Pair{Key: "dev", Val: text("eth0")}, attr.Pair{Key: "weight", Val: attr.IntOf(2)})}),
			"{via=10.0.0.1},{dev=eth0 weight=2}"},
	} {
		r := &nlcore.Route{}
		if err := nlcore.SetField(nil, r, c.key, c.in); err != nil {
			t.Errorf("%s=%v: %v", c.key, c.in, err)
			continue
		}
		if got, ok := nlcore.Field(nil, r, c.key); !ok || got.String() != c.want {
			t.Errorf("%s=%v: got %v, want %s", c.key, c.in, got, c.want)
		}
	}
}

func TestRouteKeysRefused(t *testing.T) {
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"dst", attr.StringOf("10.0.0"), `dst wants a prefix like "10.0.0.0/8" or "2001:db8::/32", got "10.0.0"`},
		{"via", attr.StringOf("eth0"), `via wants an address like "10.0.0.1" or "fe80::1", got "eth0"`},
		{"lock", attr.StringOf("mtu,mut"), "lock wants a list of mtu, window, rtt, rttvar, ssthresh, cwnd, advmss, reordering, hoplimit, initcwnd, features, rto_min, initrwnd, quickack, congctl, got \"mut\""},
		{"realms", attr.StringOf("1/70000"), `realms wants realms like "2" or "1/2", each 0 to 65535 or a name, got "1/70000"`},
		{"nexthop", attr.ListOf([]attr.Value{attr.TableOf([]attr.Pair{{Key: "vai", Val: attr.IntOf(1)}})}), `unknown field "nexthop[1].vai"`},
		{"nexthop", attr.TableOf([]attr.Pair{{Key: "weight", Val: attr.IntOf(0)}}), "nexthop[1].weight wants a number from 1 to 256, got 0"},
		{"quickack", attr.IntOf(2), "quickack wants a number from 0 to 1, got 2"},
	} {
		err := nlcore.SetField(nil, &nlcore.Route{}, c.key, c.in)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v\nwant %s", c.key, err, c.want)
		}
	}
}

func TestRouteString(t *testing.T) {
	p, a := netip.MustParsePrefix, netip.MustParseAddr
	for _, c := range []struct {
		in   nlcore.Route
		want string
	}{
		{nlcore.Route{Via: a("10.0.0.1")}, "default via 10.0.0.1"},
		{nlcore.Route{Dst: p("10.0.0.0/8"), Dev: val.LinkName("eth0"), Table: val.U32(100)}, "10.0.0.0/8 dev eth0 table 100"},
		{nlcore.Route{Dst: p("10.0.0.1/32"), Type: val.Some(nlcore.RouteType(7)), Table: val.U32(254)}, "unreachable 10.0.0.1"},
		{nlcore.Route{Dst: p("10.0.0.0/8"), More: &nlcore.RouteMore{NHID: val.U32(3)}}, "10.0.0.0/8 nhid 3"},
	} {
		if got := c.in.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Everything said survives encoding and decoding.
func TestRouteRoundTrip(t *testing.T) {
	p, a := netip.MustParsePrefix, netip.MustParseAddr
	metrics := nlcore.RouteMetrics{
		MTU: val.U32(1), Window: val.U32(2), SSThresh: val.U32(3), AdvMSS: val.U32(4), RTT: val.U32(5), RTTVar: val.U32(6),
		RTOMin: val.U32(7), CWnd: val.U32(8), InitCWnd: val.U32(9), InitRWnd: val.U32(10), Reordering: val.U32(11),
		HopLimit: val.U32(12), QuickAck: val.U32(1), FastOpenNoCookie: val.U32(1), Features: 1, CongCtl: "cubic", Lock: 1<<2 | 1<<13,
	}
	head := nlcore.Route{Family: val.Some(nlcore.Inet), Table: val.U32(1000), Protocol: val.U8(3), Scope: val.U8(0), Type: val.Some(nlcore.RouteType(1))}
	with := func(f func(*nlcore.Route)) nlcore.Route { r := head; f(&r); return r }
	for _, c := range []struct {
		name string
		in   nlcore.Route
	}{
		{"seven attributes", with(func(r *nlcore.Route) {
			r.Dst, r.Via, r.Src, r.Dev = p("10.1.0.0/16"), a("10.0.0.2"), a("10.0.0.1"), val.LinkIndex(3)
			r.Priority, r.Tos, r.Flags = val.U32(0), 4, nlcore.OnLink
		})},
		{"other family", with(func(r *nlcore.Route) { r.Dst, r.Via = p("0.0.0.0/0"), a("fe80::1") })},
		{"hops", with(func(r *nlcore.Route) {
			r.Dst = p("10.0.0.0/8")
			r.More = &nlcore.RouteMore{Hops: []nlcore.Hop{
				{Via: a("10.0.0.1"), Dev: val.LinkIndex(1), Weight: 256, Flags: nlcore.OnLink},
				{Via: a("fe80::1"), Weight: 1, Realms: val.U32(1<<16 | 2), Encap: &nlcore.MPLSEncap{Labels: []uint32{100, 200}, TTL: 3}},
			}}
		})},
		{"metrics", with(func(r *nlcore.Route) { r.Dst = p("10.0.0.0/8"); r.More = &nlcore.RouteMore{RouteMetrics: metrics} })},
		{"the rest", with(func(r *nlcore.Route) {
			r.Dst, r.Family, r.Pref = p("fd00::/8"), val.Some(nlcore.Inet6), val.Some(nlcore.RoutePref(3))
			r.More = &nlcore.RouteMore{
				From: p("fd01::/64"), Realms: val.U32(5), Expires: val.U32(300), TTLPropagate: val.Some(nlcore.TTLPropagate(0)),
				Encap: &nlcore.RawEncap{Type: val.U16(99), Data: []byte{1, 2, 3, 4}},
			}
		})},
		{"nexthop object", with(func(r *nlcore.Route) { r.Dst = p("10.0.0.0/8"); r.More = &nlcore.RouteMore{NHID: val.U32(9)} })},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := c.in
			b := encodeRoute(t, nlcore.Add, &c.in)
			if d := diff(before, c.in); d != "" {
				t.Error("encoding changed the route:\n", d)
			}
			var got nlcore.Route
			if err := got.Views()[0].Decode(&attr.Env{}, b); err != nil {
				t.Fatal(err)
			}
			if d := diff(c.in, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

// What runs for each of a million routes must not allocate.
func TestRouteAllocations(t *testing.T) {
	e := &attr.Env{Mode: attr.Create, LinkName: func(int32) string { return "eth0" }}
	r := route7()
	buf := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { buf, _ = r.Append(e, nlcore.Add, buf[:0]) }); n != 0 {
		t.Errorf("encoding: %v allocations", n)
	}
	var got nlcore.Route
	view := got.Views()[0]
	if n := testing.AllocsPerRun(100, func() {
		got = nlcore.Route{}
		if err := view.Decode(e, buf); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("decoding: %v allocations", n)
	}
	if got.Via != r.Via || got.Table != r.Table {
		t.Errorf("decoded %+v", got)
	}
}

// What a decoder refuses of bytes that no kernel sends.
func TestRefusesBytes(t *testing.T) {
	route, addr := &nlcore.Route{}, &nlcore.Addr{}
	head := func(b ...byte) []byte { return append(b, make([]byte, 12-len(b))...) }
	for _, c := range []struct {
		name string
		o    nlcore.Object
		in   []byte
		want string
	}{
		{"short route", route, head(2)[:11], "route header has 11 bytes, needs 12"},
		{"long prefix", route, head(2, 33), "header has prefix length 33 for family inet"},
		{"long source", route, head(10, 0, 129), "header has prefix length 129 for family inet6"},
		{"unknown family", route, head(77, 1), "header has prefix length 1 for family 77"},
		{"destination of the other family", route, append(head(10, 64), 8, 0, 1, 0, 10, 0, 0, 0), "dst has 4 bytes and length 64"},
		{"gateway", route, append(head(2), 5, 0, 5, 0, 1, 0, 0, 0), "via has an address of 1 bytes, wants 4 or 16"},
		{"hop", route, append(head(2), 6, 0, 9, 0, 9, 0, 0, 0), "nexthop is cut short"},
		{"hop's length", route, append(head(2), 12, 0, 9, 0, 9, 0, 0, 0, 0, 0, 0, 0), "nexthop element length 9 does not fit in 8 bytes"},
		{"cacheinfo", route, append(head(2), 4, 0, 12, 0), "cacheinfo has 0 bytes, needs 32"},
		{"short address", addr, []byte{2}, "addr header has 1 bytes, needs 8"},
		{"long prefix of an address", addr, head(2, 48)[:8], "header has prefix length 48 for family inet"},
		{"lifetime", addr, append(head(2)[:8], 4, 0, 6, 0), "cacheinfo has 0 bytes, needs 16"},
	} {
		err := c.o.Views()[0].Decode(&attr.Env{}, c.in)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

func FuzzRoute(f *testing.F) {
	f.Add(encodeRoute(f, nlcore.Add, route7()))
	f.Add(encodeRoute(f, nlcore.Add, &nlcore.Route{More: &nlcore.RouteMore{Hops: []nlcore.Hop{{Via: netip.MustParseAddr("10.0.0.1")}}}}))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzObject(t, &nlcore.Route{}, &nlcore.Route{}, b) })
}

func FuzzAddr(f *testing.F) {
	a := nlcore.MustParseAddr("10.0.0.1/24")
	a.Dev, a.ValidLft, a.NoDAD = val.LinkIndex(1), val.U32(5), val.On
	b, err := a.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) { fuzzObject(t, &nlcore.Addr{}, &nlcore.Addr{}, b) })
}

// fuzzObject decodes b into first; what that encodes, decoded into second,
// must encode to the same.
func fuzzObject(t *testing.T, first, second nlcore.Object, b []byte) {
	e := &attr.Env{Mode: attr.Create}
	if first.Views()[0].Decode(e, b) != nil {
		return
	}
	_, _ = first.String(), first.Ident()
	first.Views()[0].Fields(e)
	once, err := first.Append(e, nlcore.Add, nil)
	if err != nil {
		return
	}
	if err := second.Views()[0].Decode(e, once); err != nil {
		t.Fatalf("our own bytes: %v", err)
	}
	twice, err := second.Append(e, nlcore.Add, nil)
	if err != nil {
		t.Fatalf("what we read: %v", err)
	}
	if d := diff(once, twice); d != "" {
		t.Error("-first +second:\n", d)
	}
}
