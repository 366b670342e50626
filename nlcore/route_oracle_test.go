package nlcore_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// ipRoute is a route as `ip -d -j route` has it: the reviewed table of its
// keys.
type ipRoute struct {
	Type, Dst, Gateway, Dev, Table, Protocol, Scope, Prefsrc, Tos, From string

	Via      *ipVia
	Metric   uint32
	Flags    []string
	Pref     string
	Expires  uint32
	Flow     *ipFlow
	Metrics  []map[string]any
	Nexthops []ipHop
	Nhid     uint32
	TTL      any `json:"ttl-propagate"`
}

type (
	ipVia  struct{ Family, Host string }
	ipFlow struct{ From, To string }
	ipHop  struct {
		Gateway, Dev string
		Via          *ipVia
		Weight       int
		Flags        []string
		Flow         *ipFlow
	}
)

// asIPRoute is our route in ip's words.
func asIPRoute(r *nlcore.Route) ipRoute {
	f := fields{r.Views()[0]}
	x := ipRoute{
		Type: f.word("type"), Dst: f.word("dst"), Dev: f.word("dev"), Table: f.word("table"), Protocol: f.word("proto"),
		Scope: f.word("scope"), Prefsrc: f.word("src"), Tos: f.word("tos"), Metric: r.Priority.Or(0), Pref: f.word("pref"),
		Flags: []string{},
	}
	if v, ok := f.Get(nil, "tos"); ok && v.Word() == "" {
		x.Tos = fmt.Sprintf("0x%02x", v.Uint()) // ip prints what has no name so
	}
	x.Gateway, x.Via = gatewayWords(r.Via, r.Family.Or(0))
	if l, ok := f.Get(nil, "flags"); ok {
		for _, w := range l.List() {
			x.Flags = append(x.Flags, w.String())
		}
	}
	m := r.More
	if m == nil {
		return x
	}
	x.Expires, x.Nhid, x.Flow, x.From = (m.Expires.Or(0)+99)/100*100, m.NHID.Or(0), flowWords(m.Realms), f.word("from")
	for i := range m.Hops {
		h := &m.Hops[i]
		n := ipHop{Dev: h.Dev.Name, Weight: int(h.Weight), Flags: []string{}, Flow: flowWords(h.Realms)}
		n.Gateway, n.Via = gatewayWords(h.Via, r.Family.Or(0))
		if h.Flags&nlcore.OnLink != 0 {
			n.Flags = append(n.Flags, "onlink")
		}
		x.Nexthops = append(x.Nexthops, n)
	}
	x.Metrics = metricWords(f, m)
	return x
}

func metricWords(f fields, m *nlcore.RouteMore) []map[string]any {
	metrics := map[string]any{}
	for ours, theirs := range map[string]string{
		"mtu": "mtu", "window": "window", "ssthresh": "ssthresh", "cwnd": "cwnd", "advmss": "advmss", "reordering": "reordering",
		"hoplimit": "hoplimit", "initcwnd": "initcwnd", "initrwnd": "initrwnd", "quickack": "quickack", "fastopen_no_cookie": "fastopen_no_cookie",
	} {
		if v, ok := f.Get(nil, ours); ok {
			metrics[theirs] = float64(v.Uint())
		}
	}
	for key, o := range map[string]struct {
		v    val.Opt[uint32]
		unit float64
	}{"rtt": {m.RTT, 8}, "rttvar": {m.RTTVar, 4}, "rto_min": {m.RTOMin, 1}} {
		if n, ok := o.v.Get(); ok {
			metrics[key] = float64(n) / o.unit
		}
	}
	if m.CongCtl != "" {
		metrics["congestion"] = m.CongCtl
	}
	if m.Features&1 != 0 {
		metrics["ecn"] = nil
	}
	if len(metrics) == 0 {
		return nil
	}
	return []map[string]any{metrics}
}

type fields struct{ attr.View }

func (f fields) word(key string) string {
	if v, ok := f.Get(nil, key); ok {
		return v.String()
	}
	return ""
}

func gatewayWords(a netip.Addr, family nlcore.Family) (string, *ipVia) {
	switch {
	case !a.IsValid():
		return "", nil
	case a.Is6() && family == nlcore.Inet:
		return "", &ipVia{"inet6", a.String()}
	}
	return a.String(), nil
}

func flowWords(o val.Opt[uint32]) *ipFlow {
	n, ok := o.Get()
	if !ok {
		return nil
	}
	from, to := attr.UintOf(uint64(n>>16)).String(), attr.UintOf(uint64(n&0xffff)).String()
	if n>>16 == 0 {
		from = ""
	}
	return &ipFlow{from, to}
}

// ipRoutes are the routes that ip shows of a family, sorted.
func ipRoutes(t *testing.T, ns *netns.NS, family string) []ipRoute {
	t.Helper()
	var l []ipRoute
	nstest.IPJSON(t, ns, &l, family, "route", "show", "table", "all")
	for i := range l {
		if l[i].Table == "" {
			l[i].Table = "main" // ip leaves it out of what it takes for the default
		}
		l[i].Expires = (l[i].Expires + 99) / 100 * 100
	}
	return sorted(l)
}

// ourRoutes are ours in ip's words, and as they are.
func ourRoutes(t *testing.T, h *nlcore.Handle, f nlcore.Family) ([]ipRoute, []nlcore.Route) {
	t.Helper()
	l, err := h.RouteList(context.Background(), &nlcore.Route{Family: val.Some(f)})
	must(t, err)
	var words []ipRoute
	for i := range l {
		words = append(words, asIPRoute(&l[i]))
	}
	return sorted(words), l
}

func sorted(l []ipRoute) []ipRoute {
	key := func(r ipRoute) string { return strings.Join([]string{r.Table, r.Dst, r.Type, r.Dev, r.Gateway}, " ") }
	slices.SortFunc(l, func(a, b ipRoute) int { return strings.Compare(key(a), key(b)) })
	return l
}
