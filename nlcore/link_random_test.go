package nlcore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// linkMaker makes random links that this kernel takes. Values are given by
// key, as scripts give them.
type linkMaker struct {
	*rand.Rand
	kinds    []string
	vlans    bool // bridges filter VLANs
	inherits bool // vxlans inherit flow labels
	offload  bool // bridges tell of failed offload
	users    bool // other users than this one can be named
	queues   bool // the number of receive queues is told
	made     int
}

// any of some values, numbers of a range, and both answers.
func (g *linkMaker) any(l ...any) any       { return l[g.IntN(len(l))] }
func (g *linkMaker) from(low, high int) int { return low + g.IntN(high-low+1) }
func (g *linkMaker) coin() bool             { return g.IntN(2) == 0 }
func (g *linkMaker) mac(first byte) string {
	return fmt.Sprintf("%02x:00:00:00:%02x:%02x", first, g.IntN(256), g.made)
}

// words are what is said of a link, by key.
type words map[string]any

// some keeps each word with one chance in n.
func (g *linkMaker) some(n int, w words) words {
	for _, key := range sortedKeys(w) {
		if g.IntN(n) != 0 {
			delete(w, key)
		}
	}
	return w
}

func sortedKeys(w words) []string {
	var keys []string
	for key := range w {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// general are words for links of every kind.
func (g *linkMaker) general() words {
	w := g.some(3, words{
		"address": g.mac(2), "mtu": g.from(1280, 1400), "txqueuelen": g.from(0, 5000), "alias": fmt.Sprintf("link %d of %d", g.made, g.IntN(99)),
		"link_group": g.from(0, 1<<30), "link_mode": g.any("default", "dormant"), "gso_max_size": g.from(1000, 65536),
		"gso_max_segs": g.from(1, 65535), "gro_max_size": g.from(1, 65536), "gso_ipv4_max_size": g.from(1000, 65536),
		"gro_ipv4_max_size": g.from(1, 65536), "addrgenmode": g.any("eui64", "none", "random"), "arp": g.coin(), "multicast": g.coin(),
		"allmulticast": g.coin(), "promisc": g.coin(), "dynamic": g.coin(), "trailers": g.coin(),
		"altnames":    []string{fmt.Sprintf("also-%d", g.made), fmt.Sprintf("also-known-by-a-longer-name-%d", g.made)},
		"numtxqueues": g.from(1, 8), "numrxqueues": g.from(1, 8), "broadcast": "ff:ff:ff:ff:ff:" + fmt.Sprintf("%02x", g.IntN(256)),
	})
	w["name"], w["index"] = fmt.Sprintf("x%d", g.made), 1000+7*g.made
	return w
}

// link makes one of a kind, on links of its own below.
func (g *linkMaker) link(kind string) words {
	g.made++
	w := g.general()
	add := func(more words) {
		for key, v := range more {
			w[key] = v
		}
	}
	w["type"] = kind
	if kind != "vlan" && kind != "macvlan" && kind != "macvtap" { // those below are down
		w["up"] = g.coin()
	}
	switch kind {
	case "bridge":
		add(g.some(3, g.bridge()))
	case "vlan":
		w["link"], w["id"] = "low0", g.made
		add(g.some(2, words{
			"protocol": g.any("802.1Q", "802.1ad"), "reorder_hdr": g.coin(), "loose_binding": g.coin(), "bridge_binding": g.coin(),
			"ingress_qos_map": []string{fmt.Sprintf("%d:%d", g.IntN(8), g.from(1, 1<<32-1))},
			"egress_qos_map":  []string{fmt.Sprintf("%d:%d", g.from(0, 1<<32-1), g.from(1, 7))},
		}))
	case "vxlan":
		add(g.vxlan())
	case "macvlan", "macvtap":
		add(g.macvlan(kind))
		if w["mode"] == "passthru" {
			delete(w, "address") // the kernel takes the lower link's (drivers/net/macvlan.c)
		}
	case "tun":
		add(g.tun(w))
	case "veth":
		w["peer"] = fmt.Sprintf("y%d", g.made)
	}
	if !g.queues {
		delete(w, "numrxqueues")
	}
	return w
}

// bridge says times in multiples of 40 ms, see bridgeSamples.
func (g *linkMaker) bridge() words {
	cs := func(low, high int) int { return 4 * g.from(low/4, high/4) }
	w := words{
		"forward_delay": cs(400, 3000), "hello_time": cs(100, 1000), "max_age": cs(600, 4000), "ageing_time": cs(0, 60000),
		"stp_state": g.from(0, 1), "priority": g.from(0, 65535), "group_fwd_mask": g.from(0, 0x1fff) << 3, "fdb_max_learned": g.from(0, 1<<31),
		"group_address": fmt.Sprintf("01:80:c2:00:00:%02x", g.from(4, 15)), "mcast_router": g.from(0, 2), "mcast_snooping": true,
		"mcast_query_use_ifaddr": g.coin(), "mcast_querier": g.coin(), "mcast_hash_max": 1 << g.from(0, 15), "mcast_last_member_count": g.from(0, 1000),
		"mcast_startup_query_count": g.from(0, 1000), "mcast_last_member_interval": cs(4, 10000), "mcast_membership_interval": cs(4, 100000),
		"mcast_querier_interval": cs(4, 100000), "mcast_query_interval": cs(100, 100000), "mcast_query_response_interval": cs(4, 10000),
		"mcast_startup_query_interval": cs(100, 10000), "mcast_stats_enabled": g.coin(), "mcast_igmp_version": g.from(2, 3),
		"mcast_mld_version": g.from(1, 2), "no_linklocal_learn": g.coin(), "mdb_offload_fail_notification": g.coin(),
		"nf_call_iptables": g.coin(), "nf_call_ip6tables": g.coin(), "nf_call_arptables": g.coin(),
	}
	if g.vlans {
		w["vlan_filtering"], w["vlan_protocol"], w["vlan_default_pvid"] = g.coin(), g.any("802.1Q", "802.1ad"), g.from(0, 4094)
		w["vlan_stats_enabled"] = g.coin()
	}
	if !g.offload { // 6.12 refuses it, 6.1 ignores it
		delete(w, "mdb_offload_fail_notification")
	}
	return w
}

func (g *linkMaker) vxlan() words {
	w := g.some(2, words{
		"srcport": fmt.Sprintf("%d-%d", g.from(1, 1000), g.from(1000, 65535)), "tos": g.from(0, 255), "df": g.any("unset", "set", "inherit"),
		"ageing": g.from(0, 1<<31), "maxaddress": g.from(0, 1<<31), "proxy": g.coin(), "rsc": g.coin(), "l2miss": g.coin(), "l3miss": g.coin(),
		"udpcsum": g.coin(), "udp6zerocsumtx": g.coin(), "udp6zerocsumrx": g.coin(), "remcsumtx": g.coin(), "remcsumrx": g.coin(),
		"localbypass": g.coin(), "ttl": g.any("auto", "inherit", g.from(1, 255)), "learning": g.coin(),
	})
	w["dstport"] = 10000 + g.made // each has a socket of its own
	switch g.IntN(3) {
	case 0:
		w["external"] = true
		if g.coin() {
			w["vnifilter"] = true // off is not told
		}
		delete(w, "learning")
		return w
	case 1:
		label := g.from(0, 1<<20-1)
		w["remote"], w["local"], w["flowlabel"] = "fe80::2", "fe80::1", g.any(label, "inherit")
		if !g.inherits {
			w["flowlabel"] = label
		}
		w["dev"] = "low0"
	default:
		w[g.any("remote", "local").(string)] = "192.0.2.1"
		if g.coin() {
			delete(w, "remote")
			w["group"], w["dev"] = "239.1.1.1", "low0"
		}
	}
	w["id"] = g.from(0, 1<<24-1)
	if g.coin() {
		w["gbp"] = true
	}
	return w
}

// macvlan gives each link a lower one of its own: a mode may want it for
// itself.
func (g *linkMaker) macvlan(kind string) words {
	modes := []any{"private", "vepa", "bridge", "passthru", "source"}
	if kind == "macvtap" {
		modes = modes[:4]
	}
	w := g.some(2, words{"bcqueuelen": g.from(1, 1<<20), "bclim": g.from(-5, 20), "nodst": g.coin()})
	w["mode"], w["link"] = g.any(modes...), fmt.Sprintf("low%d", g.made)
	switch w["mode"] {
	case "passthru":
		w["nopromisc"] = g.coin()
	case "source":
		w["macaddr"] = []string{g.mac(4), g.mac(6)}[:g.from(1, 2)]
	}
	return w
}

// tun also takes words back that a link without a message of creation cannot
// be told.
func (g *linkMaker) tun(w words) words {
	for _, key := range []string{"numtxqueues", "numrxqueues"} {
		delete(w, key)
	}
	more := g.some(2, words{"pi": g.coin(), "vnet_hdr": g.coin(), "multi_queue": g.coin(), "user": g.from(0, 99999), "group": g.from(0, 99999)})
	if !g.users {
		delete(more, "user")
		delete(more, "group")
	}
	more["mode"] = g.any("tun", "tap")
	if more["mode"] == "tun" {
		for _, key := range []string{"address", "broadcast"} {
			delete(w, key)
		}
	}
	return more
}

// object is the link that words describe.
func (w words) object(t *testing.T) nlcore.Link {
	t.Helper()
	l := nlcore.NewLink(w["type"].(string))
	for _, key := range sortedKeys(w) {
		v := sample{value: w[key]}
		if key == "type" {
			continue
		}
		if key == "peer" {
			must(t, nlcore.SetField(nil, l, key, attr.TableOf([]attr.Pair{{Key: "name", Val: v.val()}})))
			continue
		}
		if err := nlcore.SetField(&attr.Env{Mode: attr.Create}, l, key, v.val()); err != nil {
			t.Fatalf("%v: %v", w, err)
		}
	}
	return l
}

// lowLinks are veth pairs that other links stand on.
func lowLinks(t *testing.T, ns *netns.NS, n int) {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("link add low%d mtu 1500 type veth peer name end%d", i, i), fmt.Sprintf("link set low%d addrgenmode none", i))
	}
	ipAll(t, ns, lines...)
}

// Random links of every kind that this kernel has: ip sees what we list, and
// what was said is there. What list returns goes to del and then to add as it is,
// and the list is the same again.
func TestLinkRandom(t *testing.T) {
	ctx := context.Background()
	h, ns := newHandle(t)
	newestIP(t, ns)
	g := newLinkMaker(t, 5, 6)
	lowLinks(t, ns, 7*len(g.kinds)+1)
	made := map[string]nlcore.Link{}
	for range 7 {
		for _, kind := range g.kinds {
			w := g.link(kind)
			l := w.object(t)
			if err := h.LinkAdd(ctx, l); err != nil {
				t.Fatalf("%v: %v", w, err)
			}
			made[l.Attrs().Name] = l
		}
	}
	likeIP(t, h, ns)
	before := madeLinks(t, h, made)
	if len(before) != len(made) {
		t.Fatalf("made %d, listed %d", len(made), len(before))
	}
	for _, l := range before {
		kept(t, made[l.Attrs().Name], l, "peer", "altnames", "macaddr", "operstate")
	}
	for _, l := range slices.Backward(before) {
		must(t, h.LinkDel(ctx, nlcore.LinkName(l.Attrs().Name)))
	}
	if left := madeLinks(t, h, made); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for _, l := range before {
		if err := h.LinkAdd(ctx, l); err != nil {
			t.Fatalf("%v: %v", l, err)
		}
	}
	if d := deep(before, madeLinks(t, h, made)); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
	likeIP(t, h, ns)
}

// likeIP is compareLinks where links are up, whose state and carrier the kernel
// sets from a work queue.
func likeIP(t *testing.T, h *nlcore.Handle, ns *netns.NS) {
	t.Helper()
	links, err := h.LinkList(context.Background())
	must(t, err)
	ours := map[string]map[string]any{}
	for _, l := range links {
		ours[l.Attrs().Name] = plain(ipLink(h.Env(), l))
	}
	carried := cmpopts.IgnoreMapEntries(func(k string, _ any) bool { return k == "operstate" || k == "qdisc" })
	lower := cmpopts.IgnoreSliceElements(func(v any) bool { return v == "LOWER_UP" })
	if d := cmp.Diff(ipShow(t, ns), ours, timers, carried, lower); d != "" {
		t.Errorf("links, -ip +ours:\n%s", d)
	}
}

// madeLinks are those of the links that the kernel lists, without what time
// and carriers change.
func madeLinks(t *testing.T, h *nlcore.Handle, made map[string]nlcore.Link) []nlcore.Link {
	t.Helper()
	l, err := h.LinkList(context.Background())
	must(t, err)
	l = slices.DeleteFunc(l, func(l nlcore.Link) bool { return made[l.Attrs().Name] == nil })
	for _, x := range l {
		a := x.Attrs()
		a.Stats, a.Operstate, a.Carrier, a.Flags, a.Qdisc = nil, val.Opt[nlcore.Operstate]{}, val.Opt[bool]{}, 0, ""
		a.CarrierChanges, a.CarrierUpCount, a.CarrierDownCount = val.Opt[uint32]{}, val.Opt[uint32]{}, val.Opt[uint32]{}
		slices.Sort(a.Altnames)
		if b, ok := x.(*nlcore.Bridge); ok {
			b.BridgeID, b.RootID = nlcore.BridgeID{}, nlcore.BridgeID{} // they follow from the address when that is set
			b.HelloTimer, b.TCNTimer, b.TopologyChangeTimer, b.GCTimer = noTimer, noTimer, noTimer, noTimer
		}
	}
	return l
}

var noTimer val.Opt[nlcore.Timer]

func newLinkMaker(t *testing.T, seed1, seed2 uint64) *linkMaker {
	t.Helper()
	missing := func(kind, config string) bool {
		why, err := hasKind(kind, config).Missing(t)
		must(t, err)
		return why != ""
	}
	g := &linkMaker{Rand: rand.New(rand.NewPCG(seed1, seed2)), kinds: []string{"bridge", "ifb", "macvlan", "macvtap", "veth", "vxlan"}}
	for kind, config := range map[string]string{"dummy": "CONFIG_DUMMY", "vlan": "CONFIG_VLAN_8021Q"} {
		if !missing(kind, config) {
			g.kinds = append(g.kinds, kind)
		}
	}
	if f, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0); err == nil {
		must(t, f.Close())
		g.kinds = append(g.kinds, "tun")
	}
	slices.Sort(g.kinds)
	ids, err := os.ReadFile("/proc/self/uid_map")
	must(t, err)
	f := strings.Fields(string(ids))
	g.users = len(f) != 3 || f[2] != "1"
	g.offload = !nstest.Older(t, "mdb_offload_fail_notification", "6.16")
	g.inherits = !nstest.Older(t, "flowlabel inherit of a vxlan", "6.8")
	g.vlans, g.queues = has(t, &filtersVlans), has(t, &tellsRxQueues)
	return g
}
