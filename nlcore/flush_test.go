package nlcore_test

import (
	"context"
	"net/netip"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// Each flush deletes what agrees and leaves the rest; ip sees it gone.
func TestFlush(t *testing.T) {
	ctx := context.Background()
	h, ns := pair(t)
	ipAll(t, ns, "route add 10.1.0.0/16 via 10.0.0.2 proto static", "route add 10.2.0.0/16 via 10.0.0.2 proto static table 77",
		"route add 10.3.0.0/16 via 10.0.0.2", "rule add priority 500 table 77", "rule add priority 501 table 78",
		"neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev v0", "neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev v0",
		"addr add 10.5.0.1/24 dev v1", "addr add 10.5.0.2/24 dev v1", "addr add 10.6.0.1/24 dev v1")
	type counts struct{ Static, Rest, Rules, Neighs, Addrs, None int }
	var got counts
	var err error
	got.Static, err = h.RouteFlush(ctx, &nlcore.Route{Protocol: val.U8(4)})
	must(t, err)
	got.Rest, err = h.RouteFlush(ctx, &nlcore.Route{Dst: netip.MustParsePrefix("10.3.0.0/16")})
	must(t, err)
	got.Rules, err = h.RuleFlush(ctx, &nlcore.Rule{Table: val.U32(77)})
	must(t, err)
	got.Neighs, err = h.NeighFlush(ctx, &nlcore.Neigh{Dev: val.LinkName("v0"), Dst: netip.MustParseAddr("10.0.0.7")})
	must(t, err)
	got.Addrs, err = h.AddrFlush(ctx, &nlcore.Addr{Dev: val.LinkName("v1"), Family: val.Some(nlcore.Inet)})
	must(t, err)
	got.None, err = h.RouteFlush(ctx, &nlcore.Route{Protocol: val.U8(4)})
	must(t, err)
	// Without promote_secondaries 10.5.0.2 goes with 10.5.0.1.
	if d := diff(counts{Static: 2, Rest: 1, Rules: 1, Neighs: 1, Addrs: 2}, got); d != "" {
		t.Error("-want +got:\n", d)
	}
	var left struct{ routes, rules, neighs, addrs []map[string]any }
	nstest.IPJSON(t, ns, &left.routes, "route", "show", "table", "all", "proto", "static")
	nstest.IPJSON(t, ns, &left.rules, "rule", "show", "priority", "501")
	nstest.IPJSON(t, ns, &left.neighs, "neigh", "show", "10.0.0.8")
	nstest.IPJSON(t, ns, &left.addrs, "-4", "addr", "show", "to", "10.4.0.0/14")
	if len(left.routes) != 0 || len(left.rules) != 1 || len(left.neighs) != 1 || len(left.addrs) != 0 {
		t.Errorf("ip sees %v", left)
	}
	if _, err := h.RuleFlush(ctx, &nlcore.Rule{Family: val.Some(nlcore.Inet)}); err != nil {
		t.Error(err)
	}
	var rules []map[string]any
	nstest.IPJSON(t, ns, &rules, "rule", "show")
	if len(rules) != 1 || rules[0]["priority"] != 0.0 {
		t.Errorf("all IPv4 rules flushed but that of priority 0, ip sees %v", rules)
	}
	if _, err := h.AddrFlush(ctx, nil); err == nil || err.Error() != "addr flush: like is nil; an empty one is all" {
		t.Errorf("flush of nil: %v", err)
	}
}
