package nlcore_test

import (
	"context"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

func firstView(l nlcore.Link) attr.View { return l.Views()[0] }
func lastView(l nlcore.Link) attr.View  { return l.Views()[len(l.Views())-1] }

func infoPart(name string) func(map[string]any) map[string]any {
	return func(link map[string]any) map[string]any {
		info, _ := link["linkinfo"].(map[string]any)
		part, _ := info[name].(map[string]any)
		return part
	}
}

func TestBridgeSetLikeIP(t *testing.T) {
	h, ns := newHandle(t)
	bridgeTwins(t, h, ns).try(t, bridgeSamples)
	compareLinks(t, h, ns)
}

// TestBridgeSTPModeLikeIP: it can be set only while STP is off.
func TestBridgeSTPModeLikeIP(t *testing.T) {
	nstest.NeedSince(t, "stp_mode of a bridge", "7.1")
	h, ns := newHandle(t)
	bridgeTwins(t, h, ns).try(t, []sample{{key: "stp_mode", value: "user", ip: "stp_mode user"}})
}

// bridgeTwins are two fresh bridges.
func bridgeTwins(t *testing.T, h *nlcore.Handle, ns *netns.NS) twins {
	t.Helper()
	newestIP(t, ns)
	ipAll(t, ns, "link add us0 type bridge", "link add ip0 type bridge")
	return twins{
		h: h, ns: ns, ours: "us0", ips: "ip0", ipSet: "link set ip0 type bridge ", keys: bridgeKeys, view: firstView,
		set: func(key string, v attr.Value) error {
			b := &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Of: nlcore.LinkName("us0")}}
			must(t, nlcore.SetField(h.Env(), b, key, v))
			return h.LinkSet(context.Background(), b)
		},
		part: func(link map[string]any) map[string]any {
			// The identities hold the address.
			return without(infoPart("info_data")(link), "bridge_id", "root_id")
		},
	}
}

// TestBridgeAddLikeSet says all at creation that this kernel takes.
func TestBridgeAddLikeSet(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	whole := &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "us0"}}
	words := "link add ip0 type bridge"
	samples := known(t, h.Env(), firstView(whole).Schema(), bridgeSamples)
	for _, s := range samples {
		if s.hangs == "" {
			must(t, nlcore.SetField(h.Env(), whole, s.key, s.val()))
			words += " " + s.ip
		}
	}
	must(t, h.LinkAdd(ctx, whole))
	ipAll(t, ns, words)
	w := twins{
		h: h, ns: ns, ours: "us0", ips: "ip0", keys: bridgeKeys, view: firstView,
		part: func(link map[string]any) map[string]any {
			return without(infoPart("info_data")(link), "bridge_id", "root_id")
		},
	}
	w.compare(t, samples)
	compareLinks(t, h, ns)
}

func TestBridgePortSetLikeIP(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	// After the delay a port that learns forwards: not before all is read, also in slow guests.
	ipAll(t, ns, "link add name br type bridge forward_delay 3000", "link set dev br up",
		"link add spare type veth peer name spare2", "link set spare up", "link set spare2 up",
		"link add us0 type veth peer name us1", "link set us1 up",
		"link add ip0 type veth peer name ip1", "link set ip1 up",
		"link set ip0 up", "link set us0 up")
	for _, port := range []string{"us0", "ip0", "spare"} {
		must(t, h.LinkSetMaster(ctx, nlcore.LinkName(port), nlcore.LinkName("br")))
	}
	awaitState(t, h, ns, "up", "br", "us0", "us1", "ip0", "ip1", "spare", "spare2")
	portView := func(l nlcore.Link) attr.View {
		return (&nlcore.BridgeLink{BridgePort: *l.Attrs().BridgeSlave}).Views()[0]
	}
	twins{
		h: h, ns: ns, ours: "us0", ips: "ip0", ipSet: "link set ip0 type bridge_slave ", keys: bridgePortKeys,
		view: portView,
		set: func(key string, v attr.Value) error {
			p := &nlcore.BridgeLink{Dev: nlcore.LinkName("us0")}
			must(t, nlcore.SetField(h.Env(), p, key, v))
			return h.BridgeLinkSet(ctx, p)
		},
		part: func(link map[string]any) map[string]any {
			// Each port has its own number.
			return without(infoPart("info_slave_data")(link), "id", "no", "designated_port")
		},
	}.try(t, bridgePortSamples)
	compareLinks(t, h, ns)

	// No backup any more, by both.
	must(t, h.BridgeLinkSet(ctx, &nlcore.BridgeLink{
		Dev: nlcore.LinkName("us0"), BridgePort: nlcore.BridgePort{BackupPort: nlcore.NoLink()},
	}))
	if got, ok := infoPart("info_slave_data")(ipShow(t, ns)["us0"])["backup_port"]; ok {
		t.Errorf("the backup port is still %v", got)
	}
}

func TestLinkSetLikeIP(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	ipAll(t, ns, "link add us0 type veth peer name us1", "link add ip0 type veth peer name ip1")
	twins{
		h: h, ns: ns, ours: "us0", ips: "ip0", ipSet: "link set ip0 ", keys: linkKeys, view: lastView,
		set: func(key string, v attr.Value) error {
			l := &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Of: nlcore.LinkName("us0")}}
			must(t, nlcore.SetField(h.Env(), l, key, v))
			return h.LinkSet(ctx, l)
		},
		part: func(link map[string]any) map[string]any {
			return without(link, "ifindex", "ifname", "link")
		},
		settle: func() { awaitState(t, h, ns, "lowerlayerdown", "us0", "ip0") },
		shownFlags: map[string]string{
			"up": "UP", "arp": "NOARP", "multicast": "!MULTICAST", "allmulticast": "ALLMULTI",
			"promisc": "PROMISC", "dynamic": "DYNAMIC", "trailers": "NOTRAILERS",
		},
	}.try(t, linkSamples)
	compareLinks(t, h, ns)
}
