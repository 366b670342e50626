package nlcore_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// picked is the named members of what ip prints of a link.
func picked(link map[string]any, keys ...string) map[string]any {
	out := map[string]any{}
	for _, k := range keys {
		if v, ok := link[k]; ok {
			out[k] = v
		}
	}
	return out
}

// TestLinkAddWhole says at creation whatever a veth can be told, of both
// ends, and reads it with ip.
func TestLinkAddWhole(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	mac := func(last byte) net.HardwareAddr { return net.HardwareAddr{2, 0, 0, 0, 0, last} }
	must(t, h.LinkAdd(context.Background(), &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{
			Name: "v0", Index: 101, Up: val.On, Address: mac(1), Broadcast: mac(2), MTU: val.U32(1400),
			TxQueueLen: val.U32(0), NumTxQueues: 3, NumRxQueues: 2, Alias: val.Some("this end"), Group: val.U32(7),
			Altnames: []string{"left", "left-hand-end-of-the-cable"}, ARP: val.Off, AddrGenMode: val.Some[nlcore.AddrGenMode](1),
			GSOMaxSize: val.U32(50000), GSOMaxSegs: val.U32(50), GROMaxSize: val.U32(51000),
			GSOIPv4MaxSize: val.U32(52000), GROIPv4MaxSize: val.U32(53000),
			Addrs: []nlcore.Addr{*nlcore.MustParseAddr("10.1.0.1/24"), *nlcore.MustParseAddr("2001:db8::1/64")},
		},
		Peer: &nlcore.LinkAttrs{
			Name: "v1", Index: 102, Up: val.On, Address: mac(3), MTU: val.U32(1300), TxQueueLen: val.U32(55),
			Alias: val.Some("that end"), Altnames: []string{"right"}, NumTxQueues: 4, NumRxQueues: 5,
			AddrGenMode: val.Some[nlcore.AddrGenMode](1),
		},
	}))
	awaitState(t, h, ns, "up", "v0", "v1")
	shown := ipShow(t, ns)
	keys := []string{
		"ifindex", "link", "flags", "mtu", "txqlen", "address", "broadcast", "group", "ifalias", "altnames", "num_tx_queues",
		"num_rx_queues", "gso_max_size", "gso_max_segs", "gro_max_size", "gso_ipv4_max_size", "gro_ipv4_max_size", "inet6_addr_gen_mode",
	}
	want := []map[string]any{
		{
			"ifindex": 101.0, "link": "v1", "flags": []any{"BROADCAST", "MULTICAST", "NOARP", "UP", "LOWER_UP"}, "mtu": 1400.0,
			"txqlen": 0.0, "address": mac(1).String(), "broadcast": mac(2).String(), "group": "7", "ifalias": "this end",
			"altnames": []any{"left", "left-hand-end-of-the-cable"}, "num_tx_queues": 3.0, "num_rx_queues": 2.0,
			"gso_max_size": 50000.0, "gso_max_segs": 50.0, "gro_max_size": 51000.0,
			"gso_ipv4_max_size": 52000.0, "gro_ipv4_max_size": 53000.0, "inet6_addr_gen_mode": "none",
		},
		{
			"ifindex": 102.0, "link": "v0", "flags": []any{"BROADCAST", "MULTICAST", "UP", "LOWER_UP"}, "mtu": 1300.0,
			"txqlen": 55.0, "address": mac(3).String(), "broadcast": "ff:ff:ff:ff:ff:ff", "group": "default", "ifalias": "that end",
			"altnames": []any{"right"}, "num_tx_queues": 4.0, "num_rx_queues": 5.0,
			"gso_max_size": 65536.0, "gso_max_segs": 65535.0, "gro_max_size": 65536.0,
			"gso_ipv4_max_size": 65536.0, "gro_ipv4_max_size": 65536.0, "inet6_addr_gen_mode": "none",
		},
	}
	why, err := tellsRxQueues.Missing(t)
	must(t, err)
	if nstest.Older(t, "gso_ipv4_max_size, gro_ipv4_max_size", "6.3") {
		for _, w := range want {
			delete(w, "gso_ipv4_max_size")
			delete(w, "gro_ipv4_max_size")
		}
	}
	if why != "" { // they were set all the same
		for _, w := range want {
			delete(w, "num_rx_queues")
		}
	}
	if d := cmp.Diff(want, []map[string]any{picked(shown["v0"], keys...), picked(shown["v1"], keys...)}); d != "" {
		t.Errorf("ip prints, -want +got:\n%s", d)
	}
	var addrs []struct {
		AddrInfo []struct{ Local string } `json:"addr_info"`
	}
	nstest.IPJSON(t, ns, &addrs, "addr", "show")
	got := map[string]bool{}
	for _, l := range addrs[1:] {
		for _, a := range l.AddrInfo {
			got[a.Local] = true
		}
	}
	if d := cmp.Diff(map[string]bool{"10.1.0.1": true, "2001:db8::1": true}, got); d != "" {
		t.Errorf("addresses (none is made by IPv6), -want +got:\n%s", d)
	}
	compareLinks(t, h, ns)
}

// TestAddrGenModeBeforeUp: a bridge has a carrier at once, so that IPv6 would
// make its address as soon as it comes up.
func TestAddrGenModeBeforeUp(t *testing.T) {
	h, ns := newHandle(t)
	for i, mode := range []nlcore.AddrGenMode{0, 1} { // eui64, none
		must(t, h.LinkAdd(context.Background(), &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{
			Name: "br" + mode.String(), Up: val.On, AddrGenMode: val.Some(mode),
		}}))
		var l []struct {
			Flags    []string
			AddrInfo []struct{ Local string } `json:"addr_info"`
		}
		nstest.IPJSON(t, ns, &l, "addr", "show", "dev", "br"+mode.String())
		if want := 1 - i; len(l[0].AddrInfo) != want || !slices.Contains(l[0].Flags, "UP") {
			t.Errorf("%v: %v, want it up with %d addresses", mode, l[0], want)
		}
	}
}

// TestAlias: 255 bytes are the most, and none takes the alias away.
func TestAlias(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	set := func(text string) error {
		return h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "lo", Alias: val.Some(text)}})
	}
	shown := func() any {
		var l []map[string]any
		nstest.IPJSON(t, ns, &l, "link", "show", "lo")
		return l[0]["ifalias"]
	}
	long := strings.Repeat("x", 255)
	var got []any
	must(t, set(long))
	got = append(got, shown())
	if err := set(long + "x"); err == nil || !strings.Contains(err.Error(), "alias wants at most 255 bytes") {
		t.Errorf("256 bytes: %v", err)
	}
	must(t, set(""))
	got = append(got, shown())
	// What is undone has no alias again.
	bad := *nlcore.MustParseAddr("ff02::1/64")
	err := h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "lo", Alias: val.Some("x"), Addrs: []nlcore.Addr{bad}}})
	if !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("a multicast address: %v, want EADDRNOTAVAIL", err)
	}
	got = append(got, shown())
	if d := cmp.Diff([]any{long, nil, nil}, got); d != "" {
		t.Errorf("ip prints, -want +got:\n%s", d)
	}
}

func TestLinkRename(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0", Altnames: []string{"lan"}}}))
	must(t, h.LinkSetName(ctx, nlcore.LinkName("br0"), "br1"))
	must(t, h.LinkSetName(ctx, nlcore.LinkName("lan"), "br2"))
	if err := h.LinkSetName(ctx, nlcore.LinkName("br2"), "lo"); !errors.Is(err, syscall.EEXIST) {
		t.Errorf("to a name that is taken: %v, want EEXIST", err)
	}
	if err := h.LinkSetName(ctx, nlcore.LinkName("br0"), "br3"); !errors.Is(err, syscall.ENODEV) {
		t.Errorf("of a name that went: %v, want ENODEV", err)
	}
	if !nstest.Older(t, "renaming of a link that is up", "6.2") {
		must(t, h.LinkSetUp(ctx, nlcore.LinkName("br2")))
	}
	must(t, h.LinkSetName(ctx, nlcore.LinkName("br2"), "br4"))
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, "link", "show", "type", "bridge")
	want := []map[string]any{{"ifname": "br4", "altnames": []any{"lan"}}}
	if d := cmp.Diff(want, []map[string]any{picked(l[0], "ifname", "altnames")}); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestLinkMoves moves an end of a veth to another namespace with a new index
// and name, and looks at both ends from where they are.
func TestLinkMoves(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	there := nstest.NewNS(t)
	h2 := handleAt(t, there)
	ctx := context.Background()
	ipAll(t, ns, "link add here index 11 type veth peer name away index 12")
	must(t, h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{
		Of: nlcore.LinkName("away"), Name: "eth0", Netns: val.NetnsFd(there.Fd(), "there"), NewIndex: 33, MTU: val.U32(1280),
	}}))
	compareLinks(t, h, ns)
	compareLinks(t, h2, there)
	away, err := h2.LinkByName(ctx, "eth0")
	must(t, err)
	here, err := h.LinkByName(ctx, "here")
	must(t, err)
	type end struct {
		Index   int32
		Link    val.LinkRef
		Netnsid bool
		MTU     uint32
	}
	ends := func(l nlcore.Link) end {
		a := l.Attrs()
		_, said := a.Netnsid.Get()
		return end{a.Index, a.Link, said, a.MTU.Or(0)}
	}
	want := []end{{11, val.LinkRef{Index: 33}, true, 1500}, {33, val.LinkRef{Index: 11}, true, 1280}}
	if d := cmp.Diff(want, []end{ends(here), ends(away)}, cmp.AllowUnexported(val.LinkRef{})); d != "" {
		t.Errorf("ends, -want +got:\n%s", d)
	}
	// A link of the other's index here must not lend it its name.
	ipAll(t, ns, "link add name twin index 33 type bridge")
	if here, err = h.LinkByName(ctx, "here"); err != nil || here.Attrs().Link.Name != "" {
		t.Errorf("here: %v, its link is %v, want an index alone", err, here.Attrs().Link)
	}
	compareLinks(t, h, ns)
	if err := h.LinkSetNetns(ctx, nlcore.LinkName("lo"), val.NetnsFd(there.Fd(), "there")); err == nil {
		t.Error("lo went to another namespace")
	}
	if err := h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "x", NewIndex: 5}}); err == nil {
		t.Error("new_index at creation was taken and lost")
	}
}

// TestMasterIsThere: the master of a link that goes elsewhere, and of a peer,
// is a link of where they are; one of that name here has another index.
func TestMasterIsThere(t *testing.T) {
	h, ns := newHandle(t)
	there := nstest.NewNS(t)
	h2 := handleAt(t, there)
	ctx := context.Background()
	bridge := func(index int32) nlcore.Link {
		return &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0", Index: index}}
	}
	must(t, h.LinkAdd(ctx, bridge(20)))
	must(t, h2.LinkAdd(ctx, bridge(40)))
	ref, br0 := val.NetnsFd(there.Fd(), "there"), nlcore.LinkName("br0")
	must(t, h.LinkAdd(ctx, &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{Name: "a0", Netns: ref, Master: br0}, Peer: &nlcore.LinkAttrs{Name: "a1", Master: br0},
	}))
	must(t, h.LinkAdd(ctx, &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{Name: "b0", Master: br0}, Peer: &nlcore.LinkAttrs{Name: "b1", Master: br0, Netns: ref},
	}))
	must(t, h.LinkAdd(ctx, &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "c0"}, Peer: &nlcore.LinkAttrs{Name: "c1"}}))
	must(t, h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "c1", Netns: ref, Master: br0}}))
	ports := func(h *nlcore.Handle) map[string]int32 {
		links, err := h.LinkList(ctx)
		must(t, err)
		out := map[string]int32{}
		for _, l := range links {
			if m := l.Attrs().Master; !m.IsZero() {
				out[l.Attrs().Name] = m.Index
			}
		}
		return out
	}
	want := []map[string]int32{{"a1": 20, "b0": 20}, {"a0": 40, "b1": 40, "c1": 40}}
	if d := cmp.Diff(want, []map[string]int32{ports(h), ports(h2)}); d != "" {
		t.Errorf("ports here and there, -want +got:\n%s", d)
	}
	// A move that fails at its last step comes back.
	err := h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "c0", Netns: ref, Master: nlcore.LinkName("none")}})
	if !errors.Is(err, syscall.ENODEV) {
		t.Errorf("a master that is not there: %v, want ENODEV", err)
	}
	if _, err := h.LinkByName(ctx, "c0"); err != nil {
		t.Errorf("c0 did not come back: %v; %s", err, nstest.IP(t, ns, "-br", "link"))
	}
}

// TestLinkOnAnother makes links that stand on others: here, and in another
// namespace by its id. macvlan is a kind without rows.
func TestLinkOnAnother(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	there := nstest.NewNS(t)
	h2 := handleAt(t, there)
	ctx := context.Background()
	ipAll(t, ns, "link add here type veth peer name away")
	must(t, h.LinkSetNetns(ctx, nlcore.LinkName("away"), val.NetnsFd(there.Fd(), "there")))
	macvlan := func(name string, on val.LinkRef, id val.Opt[int32]) nlcore.Link {
		return &nlcore.GenericLink{KindName: "macvlan", LinkAttrs: nlcore.LinkAttrs{Name: name, Link: on, Netnsid: id}}
	}
	must(t, h.LinkAdd(ctx, macvlan("mv0", nlcore.LinkName("here"), val.Opt[int32]{})))
	away, err := h2.LinkByName(ctx, "away")
	must(t, err)
	below, id := away.Attrs().Link, away.Attrs().Netnsid
	must(t, h2.LinkAdd(ctx, macvlan("mv1", val.LinkIndex(int(below.Index)), id)))
	compareLinks(t, h, ns)
	compareLinks(t, h2, there)
	shown := ipShow(t, there)["mv1"]
	want := map[string]any{"link_index": float64(below.Index), "link_netnsid": float64(id.Or(-1))}
	if d := cmp.Diff(want, picked(shown, "link", "link_index", "link_netnsid")); d != "" {
		t.Errorf("mv1, -want +got:\n%s", d)
	}
}

// TestOperstate: lo has no driver that would set it again.
func TestOperstate(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	must(t, h.LinkSet(context.Background(), &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{
		Of: nlcore.LinkName("lo"), Operstate: val.Some[nlcore.Operstate](5),
	}}))
	if got := ipShow(t, ns)["lo"]["operstate"]; got != "DORMANT" {
		t.Errorf("ip prints %v, want DORMANT", got)
	}
	compareLinks(t, h, ns)
}

// TestProtoDown uses a macvlan, whose driver has it, and says it at creation:
// the kernel heeds it only afterwards.
func TestProtoDown(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	ipAll(t, ns, "link add here type veth peer name away")
	must(t, h.LinkAdd(ctx, &nlcore.GenericLink{KindName: "macvlan", LinkAttrs: nlcore.LinkAttrs{
		Name: "mv0", Link: nlcore.LinkName("here"), ProtoDown: val.On,
		ProtoDownReason: nlcore.ProtoDownReason{Mask: val.U32(0xff), Value: val.U32(1<<3 | 1<<7)},
	}}))
	want := map[string]any{"proto_down": true, "proto_down_reason": []any{"3", "7"}}
	if d := cmp.Diff(want, picked(ipShow(t, ns)["mv0"], "proto_down", "proto_down_reason")); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	compareLinks(t, h, ns)
	ipAll(t, ns, "link set mv0 protodown_reason 3 off", "link set mv0 protodown_reason 7 off", "link set mv0 protodown off")
	l, err := h.LinkByName(ctx, "mv0")
	must(t, err)
	if a := l.Attrs(); a.ProtoDown.Or(true) || a.ProtoDownReason.Value.Or(0) != 0 {
		t.Errorf("after ip took it back: %v, reasons %v", a.ProtoDown, a.ProtoDownReason)
	}
}

// TestPromiscuityCounts: a port of a bridge is promiscuous once more.
func TestPromiscuityCounts(t *testing.T) {
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	ipAll(t, ns, "link add name br0 type bridge", "link add v0 type veth peer name v1")
	counts := func() [2]uint32 {
		l, err := h.LinkByName(ctx, "v0")
		must(t, err)
		compareLinks(t, h, ns)
		return [2]uint32{l.Attrs().Promiscuity.Or(99), l.Attrs().AllmultiCount.Or(99)}
	}
	var got [][2]uint32
	got = append(got, counts())
	must(t, h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "v0", Promisc: val.On, Allmulticast: val.On}}))
	got = append(got, counts())
	must(t, h.LinkSetMaster(ctx, nlcore.LinkName("v0"), nlcore.LinkName("br0")))
	got = append(got, counts())
	must(t, h.LinkSetNoMaster(ctx, nlcore.LinkName("v0")))
	must(t, h.LinkSet(ctx, &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "v0", Promisc: val.Off, Allmulticast: val.Off}}))
	got = append(got, counts())
	if d := cmp.Diff([][2]uint32{{0, 0}, {1, 1}, {2, 2}, {0, 0}}, got); d != "" {
		t.Errorf("promiscuity and allmulti, -want +got:\n%s", d)
	}
}

// TestLinkSys compares what ip does not print with /sys.
func TestLinkSys(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	nstest.IP(t, ns, "link", "add", "v0", "type", "veth", "peer", "name", "v1")
	for _, name := range []string{"v0", "v1"} {
		must(t, h.LinkSetUp(ctx, nlcore.LinkName(name)))
	}
	must(t, h.LinkSetDown(ctx, nlcore.LinkName("v1")))
	must(t, h.LinkSetUp(ctx, nlcore.LinkName("v1")))
	env := h.Env()
	l, err := h.LinkByName(ctx, "v0")
	must(t, err)
	got := map[string]string{}
	for _, key := range []string{"carrier", "carrier_changes", "carrier_up_count", "carrier_down_count"} {
		v, _ := nlcore.Field(env, l, key)
		if v.Kind() == attr.KindBool {
			v = attr.IntOf(map[bool]int64{true: 1}[v.Bool()])
		}
		got[key] = v.String()
	}
	want := sysfs(t, ns, "v0", "carrier", "carrier_changes", "carrier_up_count", "carrier_down_count")
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-/sys +ours:\n%s", d)
	}
	if got["carrier_down_count"] == "0" {
		t.Error("the carrier never went down: the test compares defaults")
	}
}
