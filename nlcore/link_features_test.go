package nlcore_test

import (
	"errors"
	"strings"
	"testing"

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
	var samples []sample
	for _, s := range bridgeSamples {
		if s.hangs == vlanFiltering {
			s.hangs = ""
			samples = append(samples, s)
		}
	}
	bridgeTwins(t, h, ns).try(t, samples)
}
