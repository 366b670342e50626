package wire

import (
	"fmt"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// The yes-or-no words in the order of commands.sh.
var (
	bridgeBits = []string{
		"vlan_filtering", "vlan_stats_enabled", "vlan_stats_per_port", "mcast_snooping", "mcast_query_use_ifaddr",
		"mcast_querier", "mcast_stats_enabled", "mcast_vlan_snooping", "mst_enabled", "no_linklocal_learn",
		"mdb_offload_fail_notification", "fdb_local_vlan_0", "nf_call_iptables", "nf_call_ip6tables", "nf_call_arptables",
	}
	portBits = []string{
		"guard", "hairpin", "fastleave", "root_block", "learning", "flood", "proxy_arp", "proxy_arp_wifi", "mcast_flood",
		"bcast_flood", "mcast_to_unicast", "neigh_suppress", "neigh_vlan_suppress", "neigh_forward_grat", "vlan_tunnel",
		"isolated", "locked", "mab",
	}
)

// patterns are the captures in which each word has a pattern of its own: word
// i is on in capture j where bit j of i is set.
func patterns() []capture {
	var l []capture
	for j := range 5 {
		bridge, port := say("name", "br0"), say("dev", "v0")
		for i, key := range bridgeBits {
			bridge = append(bridge, attr.Pair{Key: key, Val: attr.BoolOf((i+1)>>j&1 == 1)})
		}
		for i, key := range portBits {
			port = append(port, attr.Pair{Key: key, Val: attr.BoolOf((i+1)>>j&1 == 1)})
		}
		l = append(l,
			capture{fmt.Sprintf("bridge-bits-%d", j), nlcore.Set, "bridge", bridge},
			capture{fmt.Sprintf("port-bits-%d", j), nlcore.Set, "port", port})
	}
	return l
}

// TestWordsAreApart: if all captures say the same of two keys, their ids could
// be exchanged and no test would see it.
func TestWordsAreApart(t *testing.T) {
	verbs := map[val.Verb]string{nlcore.Add: "add", nlcore.Set: "set", nlcore.Del: "del"}
	said := map[string]string{} // by key: its values over all captures
	for _, c := range allCaptures() {
		for _, view := range c.object(t).Views() {
			for _, f := range view.Fields(nil) {
				text := f.Val.String()
				switch {
				case f.Val.Kind() == attr.KindBool:
					text = map[bool]string{true: "1", false: "0"}[f.Val.Bool()]
				case f.Val.Kind() == attr.KindEnum:
					text = fmt.Sprint(f.Val.Uint())
				}
				said[view.Schema().Name()+"."+f.Key] += " " + verbs[c.verb] + " " + c.name + "=" + text
			}
		}
	}
	seen := map[string]string{}
	for key, values := range said {
		if other := seen[values]; other != "" {
			t.Errorf("%s and %s have the same values in all captures:%s", key, other, values)
		}
		seen[values] = key
	}
}
