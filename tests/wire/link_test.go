package wire

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)

// indexes are those of capture.sh.
var indexes = map[string]int32{"lo": 1, "br0": 10, "v0": 11, "v1": 12, "w0": 13, "w1": 14}

// encode writes the request of a change as it would be sent.
func encode(t *testing.T, verb val.Verb, o nlcore.Object) message {
	t.Helper()
	mode := map[val.Verb]attr.Mode{nlcore.Add: attr.Create, nlcore.Set: attr.Change, nlcore.Del: attr.Delete}[verb]
	env := &attr.Env{Mode: mode, LinkIndex: func(r val.LinkRef) (int32, error) {
		if i := indexes[r.Name]; i != 0 {
			return i, nil
		}
		return 0, fmt.Errorf("no link %s", r)
	}}
	typ, flags, err := o.Header(verb)
	if err != nil {
		t.Fatal(err)
	}
	b, err := o.Append(env, verb, make([]byte, nlHeader))
	if err != nil {
		t.Fatal(err)
	}
	ne.PutUint32(b, uint32(len(b)))
	ne.PutUint16(b[4:], typ)
	ne.PutUint16(b[6:], flags|1) // NLM_F_REQUEST
	return parse(t, b)
}

// pairs are fields by key, as a script gives them.
type pairs []attr.Pair

func say(l ...any) pairs {
	var p pairs
	for i := 0; i < len(l); i += 2 {
		var v attr.Value
		switch x := l[i+1].(type) {
		case bool:
			v = attr.BoolOf(x)
		case int:
			v = attr.IntOf(int64(x))
		case []string:
			var l []attr.Value
			for _, w := range x {
				l = append(l, attr.StringOf(w))
			}
			v = attr.ListOf(l)
		case string:
			v = attr.StringOf(x)
		case pairs:
			v = attr.TableOf(x)
		}
		p = append(p, attr.Pair{Key: l[i].(string), Val: v})
	}
	return p
}

// capture is one command of commands.sh in our words.
type capture struct {
	name string
	verb val.Verb
	kind string // of a link; "port" is a port of a bridge
	say  pairs
}

var captures = []capture{
	{"bridge-tree", nlcore.Set, "bridge", say("name", "br0", "forward_delay", 1236, "hello_time", 324, "max_age", 2348,
		"ageing_time", "401s", "stp_state", true, "stp_mode", "user", "priority", 4660, "group_fwd_mask", "0x4018",
		"group_address", "01:80:c2:00:00:0d", "fdb_flush", true, "fdb_max_learned", 70001)},
	{"bridge-vlan", nlcore.Set, "bridge", say("name", "br0", "vlan_filtering", true, "vlan_protocol", "802.1ad",
		"vlan_default_pvid", 4094, "vlan_stats_enabled", true, "vlan_stats_per_port", true)},
	{"bridge-vlan-off", nlcore.Set, "bridge", say("name", "br0", "vlan_filtering", false, "vlan_protocol", "802.1Q", "vlan_default_pvid", 0)},
	{"bridge-multicast", nlcore.Set, "bridge", say("name", "br0", "mcast_router", 2, "mcast_snooping", false,
		"mcast_query_use_ifaddr", true, "mcast_querier", true, "mcast_hash_elasticity", 5, "mcast_hash_max", 512,
		"mcast_last_member_count", 5, "mcast_startup_query_count", 6, "mcast_last_member_interval", 104,
		"mcast_membership_interval", 26004, "mcast_querier_interval", 25504, "mcast_query_interval", 12504,
		"mcast_query_response_interval", 1004, "mcast_startup_query_interval", 3128, "mcast_stats_enabled", true,
		"mcast_igmp_version", 3, "mcast_mld_version", 2)},
	{"bridge-options", nlcore.Set, "bridge", say("name", "br0", "mcast_vlan_snooping", true, "mst_enabled", false,
		"no_linklocal_learn", true, "mdb_offload_fail_notification", false, "fdb_local_vlan_0", true,
		"nf_call_iptables", true, "nf_call_ip6tables", true, "nf_call_arptables", false)},
	{"bridge-option", nlcore.Set, "bridge", say("name", "br0", "mst_enabled", true)},
	{"bridge-add", nlcore.Add, "bridge", say("name", "br1", "index", 20, "address", "02:00:00:00:00:20", "mtu", 1400,
		"txqueuelen", 0, "numtxqueues", 3, "numrxqueues", 2, "vlan_filtering", true, "stp_state", 0)},
	{"port-all", nlcore.Set, "port", say("dev", "v0", "fdb_flush", true, "state", "learning", "priority", 17, "cost", 4321,
		"guard", true, "hairpin", true, "fastleave", true, "root_block", true, "learning", false, "flood", false,
		"proxy_arp", true, "proxy_arp_wifi", true, "mcast_router", 3, "mcast_flood", false, "bcast_flood", false,
		"mcast_to_unicast", true, "group_fwd_mask", 0x4018, "neigh_suppress", true, "neigh_vlan_suppress", true,
		"neigh_forward_grat", true, "vlan_tunnel", true, "isolated", true, "locked", true, "mab", true,
		"backup_port", "w0", "backup_nhid", 77)},
	{"port-nobackup", nlcore.Set, "port", say("dev", "v0", "backup_port", false, "hairpin", false)},
	{"link-set", nlcore.Set, "", say("name", "w1", "address", "02:00:00:00:00:aa", "broadcast", "ff:ff:ff:ff:ff:0f",
		"mtu", 1401, "txqueuelen", 77, "alias", "cable", "link_group", 4242, "link_mode", "dormant", "operstate", "up",
		"carrier", false, "protodown", true, "gso_max_size", 60001, "gso_max_segs", 101, "gro_max_size", 60002,
		"gso_ipv4_max_size", 50003, "gro_ipv4_max_size", 50004, "addrgenmode", "none")},
	{"link-noalias", nlcore.Set, "", say("name", "w1", "alias", false)},
	{"bridge-numbers", nlcore.Set, "bridge", say("name", "br0", "mcast_router", 0, "mcast_mld_version", 1,
		"mcast_igmp_version", 2, "stp_state", 0, "mcast_startup_query_count", 0, "mcast_hash_elasticity", 6,
		"vlan_default_pvid", 3, "stp_mode", "kernel")},
	{"link-modes", nlcore.Set, "", say("name", "w1", "link_mode", "default", "operstate", "dormant", "carrier", true, "protodown", true)},
	{"link-more-flags", nlcore.Set, "", say("name", "w1", "up", true, "promisc", false, "allmulticast", true,
		"dynamic", false, "multicast", true, "trailers", false)},
	{"link-reason", nlcore.Set, "", say("name", "w1", "protodown_reason", say("mask", 1<<5, "value", 1<<5))},
	{"link-flags", nlcore.Set, "", say("name", "w1", "up", true, "arp", false, "multicast", false, "allmulticast", true,
		"promisc", true, "dynamic", true, "trailers", false)},
	{"link-down", nlcore.Set, "", say("name", "w1", "up", false, "arp", true, "promisc", false)},
	{"link-master", nlcore.Set, "", say("name", "w1", "master", "br0")},
	{"link-nomaster", nlcore.Set, "", say("name", "v0", "master", false)},
	{"link-del", nlcore.Del, "", say("name", "v0")},
	{"link-on", nlcore.Add, "macvlan", say("name", "mv0", "index", 40, "link", "w1")},
	{"veth-add", nlcore.Add, "veth", say("name", "x0", "index", 30, "mtu", 1400, "peer", say("name", "x1", "index", 31,
		"address", "02:00:00:00:00:31", "mtu", 1300, "txqueuelen", 55, "numtxqueues", 4))},
}

func allCaptures() []capture { return append(patterns(), captures...) }

// object is a capture's link or port. iproute2 says an existing link's index;
// so do we where we are given one.
func (c capture) object(t *testing.T) nlcore.Object {
	t.Helper()
	var o nlcore.Object = new(nlcore.BridgeLink)
	if c.kind != "port" {
		o = nlcore.NewLink(c.kind)
	}
	for _, p := range c.say {
		if p.Key == "name" && c.verb != nlcore.Add {
			o.(nlcore.Link).Attrs().Of = val.LinkIndex(int(indexes[p.Val.Word()]))
			continue
		}
		if err := nlcore.SetField(nil, o, p.Key, p.Val); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func TestLinkRequests(t *testing.T) {
	for _, c := range allCaptures() {
		t.Run(c.name, func(t *testing.T) {
			theirs := captured(t, c.name)
			if c.kind == "port" {
				slaveKind(theirs)
			}
			if d := cmp.Diff(theirs, encode(t, c.verb, c.object(t))); d != "" {
				t.Errorf("-iproute2 +ours:\n%s", d)
			}
		})
	}
}

// slaveKind puts the one difference aside that is meant: iproute2 names a
// port's options by a kind of link "bridge_slave", which the kernel ignores;
// we name the kind of the master, which it checks.
func slaveKind(m message) {
	info := m.Attrs[len(m.Attrs)-1].Nest
	for i, n := range info {
		if n.ID == 1 && n.Data == hex.EncodeToString([]byte("bridge_slave\x00")) {
			info[i] = node{ID: 4, Data: hex.EncodeToString([]byte("bridge\x00"))}
		}
	}
}

// TestLinkRename: the index says which link, the name is the new one.
func TestLinkRename(t *testing.T) {
	o := &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Of: nlcore.LinkName("w1"), Name: "wan"}}
	if d := cmp.Diff(captured(t, "link-name"), encode(t, nlcore.Set, o)); d != "" {
		t.Errorf("-iproute2 +ours:\n%s", d)
	}
}

// TestPortProtinfo: bridge sends a port's options in another message, with the
// same attributes inside.
func TestPortProtinfo(t *testing.T) {
	c := capture{"port-protinfo", nlcore.Set, "port", say("dev", "v0", "learning_sync", true, "mcast_max_groups", 7, "cost", 5)}
	theirs, ours := captured(t, c.name), encode(t, c.verb, c.object(t))
	if d := cmp.Diff(find(theirs.Attrs, 12), find(ours.Attrs, 18, 5)); d != "" {
		t.Errorf("-bridge +ours:\n%s", d)
	}
}

func find(l []node, path ...uint16) []node {
	for _, n := range l {
		if n.ID == path[0] {
			if len(path) == 1 {
				return n.Nest
			}
			return find(n.Nest, path[1:]...)
		}
	}
	return nil
}

// witnessed are settable keys whose bytes no capture has, and why.
var witnessed = map[string]string{
	"link.name":                          "TestLinkRename, and at creation",
	"link.type":                          "the kind in every linkinfo",
	"link.index":                         "in headers",
	"link.netns":                         "a descriptor, another number each time; nlcore's TestLinkMoves",
	"link.new_index":                     "iproute2 has no word; nlcore's TestLinkMoves",
	"link.link_netnsid":                  "nlcore's TestLinkOnAnother",
	"link.altnames":                      "TestAltnames",
	"link.addrs":                         "a request of another kind",
	"link.bridge_slave":                  "port-all",
	"link.slave_type":                    "read only",
	"bridge_slave.learning_sync":         "TestPortProtinfo",
	"bridge_slave.mcast_max_groups":      "TestPortProtinfo",
	"bridge_slave.mcast_eht_hosts_limit": "iproute2 has no word; nlcore's TestBridgePortLimits",
}

// TestEveryWordIsCaptured: a new row needs bytes of iproute2.
func TestEveryWordIsCaptured(t *testing.T) {
	said := map[string]bool{}
	for _, c := range captures {
		for _, view := range c.object(t).Views() {
			for _, f := range view.Fields(nil) {
				said[view.Schema().Name()+"."+f.Key] = true
			}
		}
	}
	port := new(nlcore.BridgeLink).Views()[0]
	views := append(nlcore.NewLink("bridge").Views(), nlcore.NewLink("veth").Views()[0], port)
	for _, view := range views {
		for _, m := range view.Schema().Members(nil) {
			key := view.Schema().Name() + "." + m.Key
			if (m.Modes&attr.Write != 0 || m.Local) && !said[key] && witnessed[key] == "" {
				t.Errorf("%s has no captured bytes", key)
			}
			if said[key] && witnessed[key] != "" && !strings.HasPrefix(witnessed[key], "the kind") && key != "link.name" && key != "link.index" && key != "link.bridge_slave" {
				t.Errorf("%s has captured bytes, take it off the list", key)
			}
		}
	}
	files, err := filepath.Glob("testdata/*.hex")
	if err != nil || len(files) < len(captures) {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// recorder keeps the requests of some types.
type recorder struct {
	types []uint16
	mu    sync.Mutex
	all   [][]byte
}

func (r *recorder) Trace(d nlcore.Dir, b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d == nlcore.Sent && slices.Contains(r.types, ne.Uint16(b[4:])) {
		r.all = append(r.all, append([]byte(nil), b...))
	}
}

// TestAltnames listens to a Handle, since the messages are no objects of their
// own.
func TestAltnames(t *testing.T) {
	const newProp, delProp = 108, 109 // RTM_NEWLINKPROP, RTM_DELLINKPROP
	r := &recorder{types: []uint16{newProp, delProp}}
	h, err := nlcore.NewHandleAt(nstest.NewNS(t), &nlcore.Options{Tracer: r})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	ctx := context.Background()
	if err := h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{
		Name: "w1", Index: 14, Altnames: []string{"left", "left-hand-end-of-the-cable"}, Address: net.HardwareAddr{2, 0, 0, 0, 0, 1},
	}}); err != nil {
		t.Fatal(err)
	}
	if err := h.LinkDelAltName(ctx, nlcore.LinkIndex(14), "left"); err != nil {
		t.Fatal(err)
	}
	if len(r.all) != 2 {
		t.Fatalf("%d messages with altnames, want 2", len(r.all))
	}
	for i, name := range []string{"link-altnames", "link-altname-del"} {
		if d := cmp.Diff(captured(t, name), parse(t, r.all[i])); d != "" {
			t.Errorf("%s, -iproute2 +ours:\n%s", name, d)
		}
	}
}

// TestXfrmFlushes, as TestAltnames: what deletes all of a protocol or a list.
func TestXfrmFlushes(t *testing.T) {
	const flushStates, flushPolicies = 0x1c, 0x1d // XFRM_MSG_FLUSHSA, XFRM_MSG_FLUSHPOLICY
	r := &recorder{types: []uint16{flushStates, flushPolicies}}
	h, err := nlcore.NewHandleAt(nstest.NewNS(t), &nlcore.Options{Tracer: r})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	// An empty list has nothing to delete, which some kernels answer with ESRCH.
	_ = h.XfrmStateFlush(t.Context(), xfrm.ESP)
	_ = h.XfrmPolicyFlush(t.Context(), xfrm.PolicyMain)
	if len(r.all) != 2 {
		t.Fatalf("%d messages, want 2", len(r.all))
	}
	for i, name := range []string{"xfrm-state-flush", "xfrm-policy-flush"} {
		theirs := capturedBytes(t, name)
		ours := r.all[i][:ne.Uint32(r.all[i])] // without what pads it
		for _, b := range [][]byte{theirs, ours} {
			clear(b[8:16]) // sequence and port
		}
		if d := cmp.Diff(theirs, ours); d != "" {
			t.Errorf("%s, -iproute2 +ours:\n%s", name, d)
		}
	}
}

// TestEveryCaptureIsUsed: bytes that nothing is compared with show nothing.
func TestEveryCaptureIsUsed(t *testing.T) {
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range append(tests, "../../nlcore/link_wire_test.go") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	files, err := filepath.Glob("testdata/*.hex")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".hex")
		pattern := strings.TrimRight(name, "01234") + "%d" // as apart_test.go writes it
		if !strings.Contains(text.String(), strconv.Quote(name)) && !strings.Contains(text.String(), strconv.Quote(pattern)) {
			t.Errorf("%s is compared by no test", name)
		}
	}
}
