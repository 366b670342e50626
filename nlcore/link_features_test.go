package nlcore_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// tellsRxQueues: a kernel without receive packet steering takes the number of
// receive queues and keeps it to itself (net/core/rtnetlink.c).
var tellsRxQueues = nstest.Feature{
	Name: "number of receive queues", Config: "CONFIG_RPS",
	Probe: func(t testing.TB, ns *netns.NS) error {
		if !strings.Contains(nstest.IP(t, ns, "-d", "link", "show", "lo"), "numrxqueues") {
			return errors.New("it is not in a link's messages")
		}
		return nil
	},
}

// filtersVlans: without it a bridge takes none of the attributes of VLANs.
var filtersVlans = nstest.Feature{
	Name: "bridge VLAN filtering", Config: vlanFiltering,
	Probe: nstest.ByIP("link add br0 type bridge vlan_filtering 1"),
}

// TestBridgeSetVlanLikeIP is TestBridgeSetLikeIP for those attributes, none of
// which may be refused.
func TestBridgeSetVlanLikeIP(t *testing.T) {
	filtersVlans.Need(t)
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	ipAll(t, ns, "link add us0 type bridge", "link add ip0 type bridge")
	var samples []sample
	for _, s := range bridgeSamples {
		if s.hangs == vlanFiltering {
			s.hangs = ""
			samples = append(samples, s)
		}
	}
	twins{
		h: h, ns: ns, ours: "us0", ips: "ip0", keys: bridgeKeys, view: firstView, ipSet: "link set ip0 type bridge ",
		set: func(key string, v attr.Value) error {
			b := &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Of: nlcore.LinkName("us0")}}
			must(t, nlcore.SetField(h.Env(), b, key, v))
			return h.LinkSet(ctx, b)
		},
		part: func(link map[string]any) map[string]any {
			return without(infoPart("info_data")(link), "bridge_id", "root_id")
		},
	}.try(t, samples)
}
