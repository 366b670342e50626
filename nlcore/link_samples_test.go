package nlcore_test

import (
	"testing"

	"nlsh/nlcore/attr"
)

// sample is a value that no fresh link has, and the words that make iproute2
// set the same.
type sample struct {
	key   string
	value any    // bool, int, string or []string
	ip    string // iproute2's words; "" where it has none
	// hangs says on what it depends that the kernel takes the value; iproute2
	// decides in the same run whether it does.
	hangs string
}

func (s sample) val() attr.Value {
	switch v := s.value.(type) {
	case bool:
		return attr.BoolOf(v)
	case int:
		return attr.IntOf(int64(v))
	case []string:
		l := make([]attr.Value, len(v))
		for i, x := range v {
			l[i] = attr.StringOf(x)
		}
		return attr.ListOf(l)
	}
	return attr.StringOf(s.value.(string))
}

const vlanFiltering = "CONFIG_BRIDGE_VLAN_FILTERING"

// Times are multiples of 40 ms: a kernel with 250 ticks a second rounds.
var bridgeSamples = []sample{
	{key: "forward_delay", value: 1236, ip: "forward_delay 1236"},
	{key: "hello_time", value: 324, ip: "hello_time 324"},
	{key: "max_age", value: 2348, ip: "max_age 2348"},
	{key: "ageing_time", value: 40100, ip: "ageing_time 40100"},
	{key: "stp_state", value: 1, ip: "stp_state 1"},
	{key: "priority", value: 0x1234, ip: "priority 4660"},
	{key: "group_fwd_mask", value: 0x4018, ip: "group_fwd_mask 0x4018"},
	{key: "group_address", value: "01:80:c2:00:00:0d", ip: "group_address 01:80:c2:00:00:0d"},
	{key: "fdb_max_learned", value: 70001, ip: "fdb_max_learned 70001"},
	{key: "vlan_protocol", value: "802.1ad", ip: "vlan_protocol 802.1ad", hangs: vlanFiltering},
	{key: "vlan_default_pvid", value: 7, ip: "vlan_default_pvid 7", hangs: vlanFiltering},
	{key: "vlan_stats_enabled", value: true, ip: "vlan_stats_enabled 1", hangs: vlanFiltering},
	{key: "vlan_stats_per_port", value: true, ip: "vlan_stats_per_port 1", hangs: vlanFiltering},
	{key: "vlan_filtering", value: true, ip: "vlan_filtering 1", hangs: vlanFiltering},
	{key: "mcast_router", value: 2, ip: "mcast_router 2"},
	{key: "mcast_query_use_ifaddr", value: true, ip: "mcast_query_use_ifaddr 1"},
	{key: "mcast_querier", value: true, ip: "mcast_querier 1"},
	{key: "mcast_hash_elasticity", value: 5, ip: "mcast_hash_elasticity 5", hangs: "Linux before 4.20; it reads 16 since"},
	{key: "mcast_hash_max", value: 512, ip: "mcast_hash_max 512"},
	{key: "mcast_last_member_count", value: 5, ip: "mcast_last_member_count 5"},
	{key: "mcast_startup_query_count", value: 6, ip: "mcast_startup_query_count 6"},
	{key: "mcast_last_member_interval", value: 104, ip: "mcast_last_member_interval 104"},
	{key: "mcast_membership_interval", value: 26004, ip: "mcast_membership_interval 26004"},
	{key: "mcast_querier_interval", value: 25504, ip: "mcast_querier_interval 25504"},
	{key: "mcast_query_interval", value: 12504, ip: "mcast_query_interval 12504"},
	{key: "mcast_query_response_interval", value: 1004, ip: "mcast_query_response_interval 1004"},
	{key: "mcast_startup_query_interval", value: 3128, ip: "mcast_startup_query_interval 3128"},
	{key: "mcast_stats_enabled", value: true, ip: "mcast_stats_enabled 1"},
	{key: "mcast_igmp_version", value: 3, ip: "mcast_igmp_version 3"},
	{key: "mcast_mld_version", value: 2, ip: "mcast_mld_version 2"},
	{key: "mcast_vlan_snooping", value: true, ip: "mcast_vlan_snooping 1", hangs: vlanFiltering},
	{key: "mst_enabled", value: true, ip: "mst_enabled 1", hangs: vlanFiltering},
	{key: "no_linklocal_learn", value: true, ip: "no_linklocal_learn 1"},
	{key: "mdb_offload_fail_notification", value: true, ip: "mdb_offload_fail_notification 1"},
	{key: "fdb_local_vlan_0", value: true, ip: "fdb_local_vlan_0 1"},
	{key: "nf_call_iptables", value: true, ip: "nf_call_iptables 1"},
	{key: "nf_call_ip6tables", value: true, ip: "nf_call_ip6tables 1"},
	{key: "nf_call_arptables", value: true, ip: "nf_call_arptables 1"},
	// Last: without snooping the bridge does not keep the router mode's state.
	{key: "mcast_snooping", value: false, ip: "mcast_snooping 0"},
}

var bridgePortSamples = []sample{
	{key: "state", value: "learning", ip: "state 2"},
	{key: "priority", value: 17, ip: "priority 17"},
	{key: "cost", value: 4324, ip: "cost 4324"},
	{key: "hairpin", value: true, ip: "hairpin on"},
	{key: "guard", value: true, ip: "guard on"},
	{key: "root_block", value: true, ip: "root_block on"},
	{key: "fastleave", value: true, ip: "fastleave on"},
	{key: "flood", value: false, ip: "flood off"},
	{key: "mcast_flood", value: false, ip: "mcast_flood off"},
	{key: "bcast_flood", value: false, ip: "bcast_flood off"},
	{key: "mcast_to_unicast", value: true, ip: "mcast_to_unicast on"},
	{key: "mcast_router", value: 2, ip: "mcast_router 2"},
	{key: "proxy_arp", value: true, ip: "proxy_arp on"},
	{key: "proxy_arp_wifi", value: true, ip: "proxy_arp_wifi on"},
	{key: "neigh_suppress", value: true, ip: "neigh_suppress on"},
	{key: "neigh_vlan_suppress", value: true, ip: "neigh_vlan_suppress on"},
	{key: "neigh_forward_grat", value: true, ip: "neigh_forward_grat on"},
	{key: "vlan_tunnel", value: true, ip: "vlan_tunnel on"},
	{key: "group_fwd_mask", value: 0x18, ip: "group_fwd_mask 0x18"},
	{key: "isolated", value: true, ip: "isolated on"},
	{key: "locked", value: true, ip: "locked on"},
	{key: "mab", value: true, ip: "mab on"},
	{key: "backup_port", value: "spare", ip: "backup_port spare"},
	{key: "backup_nhid", value: 77, ip: "backup_nhid 77"},
}

// linkSamples are set on one end of a veth.
var linkSamples = []sample{
	{key: "address", value: "02:00:00:00:00:aa", ip: "address 02:00:00:00:00:aa"},
	{key: "broadcast", value: "ff:ff:ff:ff:ff:0f", ip: "broadcast ff:ff:ff:ff:ff:0f"},
	{key: "mtu", value: 1401, ip: "mtu 1401"},
	{key: "txqueuelen", value: 77, ip: "txqueuelen 77"},
	{key: "alias", value: "to the lab", ip: "alias 'to the lab'"},
	{key: "link_group", value: 4242, ip: "group 4242"},
	{key: "link_mode", value: "dormant", ip: "mode dormant"},
	{key: "gso_max_size", value: 60001, ip: "gso_max_size 60001"},
	{key: "gso_max_segs", value: 101, ip: "gso_max_segs 101"},
	{key: "gro_max_size", value: 60002, ip: "gro_max_size 60002"},
	{key: "gso_ipv4_max_size", value: 50003, ip: "gso_ipv4_max_size 50003"},
	{key: "gro_ipv4_max_size", value: 50004, ip: "gro_ipv4_max_size 50004"},
	{key: "addrgenmode", value: "none", ip: "addrgenmode none"},
	{key: "arp", value: false, ip: "arp off"},
	{key: "multicast", value: false, ip: "multicast off"},
	{key: "allmulticast", value: true, ip: "allmulticast on"},
	{key: "promisc", value: true, ip: "promisc on"},
	{key: "dynamic", value: true, ip: "dynamic on"},
	{key: "trailers", value: false, ip: "trailers off"},
	{key: "up", value: true, ip: "up"},
	{key: "carrier", value: true, ip: "carrier on", hangs: "the driver; veth has no such call"},
	{key: "protodown", value: true, ip: "protodown on", hangs: "the driver; see TestProtoDown"},
}

// linkApart are settable keys that are tried elsewhere.
var linkApart = map[string]string{
	"name":             "TestLinkRename",
	"index":            "TestLinkAddWhole",
	"type":             "TestLinkAddWhole",
	"numtxqueues":      "TestLinkAddWhole",
	"numrxqueues":      "TestLinkAddWhole",
	"altnames":         "TestLinkAddWhole",
	"addrs":            "TestLinkAddWhole",
	"bridge_slave":     "TestBridgePortSetLikeIP",
	"master":           "TestBridgePortSetLikeIP",
	"link":             "TestLinkOnAnother",
	"link_netnsid":     "TestLinkOnAnother",
	"netns":            "TestLinkMoves",
	"new_index":        "TestLinkMoves",
	"operstate":        "TestOperstate",
	"protodown_reason": "TestProtoDown",
}

var bridgeApart = map[string]string{"fdb_flush": "TestBridgeFlush", "stp_mode": "TestBridgeSTPModeLikeIP"}

// portApart are port options without a word of `ip link`.
var portApart = map[string]string{
	"fdb_flush":             "TestBridgeFlush",
	"learning":              "TestBridgePortLearning; mab forbids it above",
	"learning_sync":         "tests/wire: the kernel keeps it for offload only",
	"mcast_max_groups":      "TestBridgePortLimits",
	"mcast_eht_hosts_limit": "TestBridgePortLimits",
}

// TestSamplesAreComplete: a new row needs a sample, and a place in the table
// of iproute2's keys.
func TestSamplesAreComplete(t *testing.T) {
	tables := []struct {
		name      string
		schema    *attr.Schema
		samples   []sample
		apart     map[string]string
		keys      []ipKey
		unprinted map[string]string
	}{
		{"link", linkSchema(), linkSamples, linkApart, linkKeys, linkUnprinted},
		{"bridge", schemaOf("bridge"), bridgeSamples, bridgeApart, bridgeKeys, bridgeUnprinted},
		{"bridge_slave", portSchema(), bridgePortSamples, portApart, bridgePortKeys, bridgePortUnprinted},
		{"veth", schemaOf("veth"), nil, map[string]string{"peer": "TestLinkAddWhole"}, nil, map[string]string{"peer": "the other end; never said back"}},
	}
	for _, tt := range tables {
		t.Run(tt.name, func(t *testing.T) {
			said := map[string]int{}
			for _, s := range tt.samples {
				said[s.key]++
			}
			for key := range tt.apart {
				said[key]++
			}
			shown := map[string]bool{}
			for _, k := range tt.keys {
				shown[k.key] = true
			}
			for key := range tt.unprinted {
				if shown[key] {
					t.Errorf("%s is printed and unprinted", key)
				}
				shown[key] = true
			}
			for _, m := range tt.schema.Members(nil) {
				settable := m.Modes&attr.Write != 0 || m.Local && m.Key != "slave_type"
				if want := map[bool]int{true: 1}[settable]; said[m.Key] != want {
					t.Errorf("%s is tried %d times, want %d", m.Key, said[m.Key], want)
				}
				if !shown[m.Key] {
					t.Errorf("%s has no key of iproute2 and no reason for having none", m.Key)
				}
				delete(said, m.Key)
				delete(shown, m.Key)
			}
			for key := range said {
				t.Errorf("%s is tried and no row", key)
			}
			for key := range shown {
				t.Errorf("%s is printed and no row", key)
			}
		})
	}
}
