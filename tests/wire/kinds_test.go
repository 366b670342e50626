package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// kindCaptures are those of commands.sh that make or alter links of other
// kinds than bridges and veth.
var kindCaptures = []capture{
	{"dummy-add", nlcore.Add, "dummy", say("name", "d0", "index", 40, "mtu", 1400)},
	{"ifb-add", nlcore.Add, "ifb", say("name", "i0", "index", 40, "txqueuelen", 32)},
	{"vlan-add", nlcore.Add, "vlan", say("link", "w1", "name", "x0", "index", 40, "id", 77, "protocol", "802.1ad",
		"reorder_hdr", false, "gvrp", true, "mvrp", false, "loose_binding", true, "bridge_binding", true,
		"ingress_qos_map", "1:5 3:4000000000", "egress_qos_map", "4000000000:7")},
	{"vlan-set", nlcore.Set, "vlan", say("name", "w1", "mvrp", true, "loose_binding", false, "egress_qos_map", "6:3")},
	{"vxlan-add", nlcore.Add, "vxlan", say("name", "x0", "index", 40, "id", 11259375, "group", "239.1.2.3",
		"local", "127.0.0.1", "dev", "w1", "dstport", 4799, "srcport", "1000-2000", "ttl", 5, "tos", 16, "df", "set",
		"ageing", 77, "maxaddress", 5, "learning", false, "proxy", true, "rsc", true, "l2miss", true, "l3miss", true,
		"udpcsum", false, "udp6zerocsumtx", true, "udp6zerocsumrx", true, "remcsumtx", true, "remcsumrx", true,
		"gbp", true, "localbypass", false, "mcroute", true)},
	{"vxlan-add6", nlcore.Add, "vxlan", say("name", "x0", "index", 40, "id", 6, "remote", "fe80::2", "local", "fe80::1",
		"dev", "w1", "dstport", 4789, "ttl", "inherit", "learning", true)}, // ip always says whether it learns
	{"vxlan-external", nlcore.Add, "vxlan", say("name", "x0", "index", 40, "external", true, "vnifilter", true, "gpe", true,
		"dstport", 4790, "reserved_bits", "0x77")},
	{"macvlan-add", nlcore.Add, "macvlan", say("link", "w1", "name", "x0", "index", 40, "mode", "source", "nodst", true,
		"bcqueuelen", 1234, "bclim", -5, "macaddr", []string{"02:00:00:00:00:01", "02:00:00:00:00:02"})},
	{"macvlan-source", nlcore.Set, "macvlan", say("name", "w1", "macaddr_mode", "add", "macaddr", "02:00:00:00:00:03")},
	{"macvlan-flush", nlcore.Set, "macvlan", say("name", "w1", "macaddr_mode", "flush")},
	{"macvtap-add", nlcore.Add, "macvtap", say("link", "w1", "name", "x0", "index", 40, "mode", "passthru", "nopromisc", true)},
}

func TestKindRequests(t *testing.T) {
	for _, c := range kindCaptures {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(captured(t, c.name), encode(t, c.verb, c.object(t))); d != "" {
				t.Errorf("-iproute2 +ours:\n%s", d)
			}
		})
	}
}

// unworded are settable keys for which iproute2 has no word.
var unworded = map[string]string{
	"vxlan.remcsum_nopartial": "nlcore's TestVxlanAlone",
	"vxlan.flowlabel":         "a second attribute goes with it; nlcore's TestKindsLikeIP and TestVxlanAlone",
}

// TestEveryKindIsCaptured: a new row of a kind needs bytes of iproute2. Tun
// links have no message of their own.
func TestEveryKindIsCaptured(t *testing.T) {
	said := map[string]bool{}
	for _, c := range kindCaptures {
		view := c.object(t).Views()[0]
		for _, f := range view.Fields(nil) {
			said[view.Schema().Name()+"."+f.Key] = true
		}
	}
	for _, kind := range []string{"vlan", "vxlan", "macvlan"} {
		for _, m := range nlcore.NewLink(kind).Views()[0].Schema().Members(nil) {
			key := kind + "." + m.Key
			if settable := m.Modes&attr.Write != 0; settable && said[key] == (unworded[key] != "") {
				t.Errorf("%s: captured is %v, without words %q", key, said[key], unworded[key])
			}
		}
	}
}
