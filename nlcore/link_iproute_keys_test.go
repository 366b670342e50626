package nlcore_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// ipKey says how iproute2 prints one of our keys in `ip -d -j link`. These
// tables are reviewed by hand; a key that is in none of them fails the tests.
type ipKey struct {
	json string
	key  string
	as   func(attr.Value) any // nil: the value as it is
	zero any                  // printed where we have nothing to say; nil: left out
	in   string               // the object inside the object that has it; "": none
}

// linkKeys are the members of a link's own object.
var linkKeys = []ipKey{
	{json: "ifindex", key: "index"},
	{json: "ifname", key: "name"},
	{json: "flags", key: "flags"},
	{json: "mtu", key: "mtu"},
	{json: "qdisc", key: "qdisc"},
	{json: "master", key: "master"},
	{json: "link", key: "link", as: linkName},
	{json: "link_index", key: "link", as: strangeIndex},
	{json: "link_netnsid", key: "link_netnsid"},
	{json: "operstate", key: "operstate", as: upper},
	{json: "linkmode", key: "link_mode", as: upper},
	{json: "group", key: "link_group", as: text},
	{json: "txqlen", key: "txqueuelen"},
	{json: "link_type", key: "link_type"},
	{json: "address", key: "address"},
	{json: "broadcast", key: "broadcast"},
	{json: "proto_down", key: "protodown", as: onlyTrue},
	{json: "proto_down_reason", key: "protodown_reason", as: reasons},
	{json: "promiscuity", key: "promiscuity"},
	{json: "allmulti", key: "allmulti"},
	{json: "min_mtu", key: "min_mtu", zero: 0.0},
	{json: "max_mtu", key: "max_mtu", zero: 0.0},
	{json: "netns-immutable", key: "netns_immutable", as: onlyTrue},
	{json: "inet6_addr_gen_mode", key: "addrgenmode"},
	{json: "num_tx_queues", key: "numtxqueues"},
	{json: "num_rx_queues", key: "numrxqueues"},
	{json: "gso_max_size", key: "gso_max_size"},
	{json: "gso_max_segs", key: "gso_max_segs"},
	{json: "tso_max_size", key: "tso_max_size"},
	{json: "tso_max_segs", key: "tso_max_segs"},
	{json: "gro_max_size", key: "gro_max_size"},
	{json: "gso_ipv4_max_size", key: "gso_ipv4_max_size"},
	{json: "gro_ipv4_max_size", key: "gro_ipv4_max_size"},
	{json: "ifalias", key: "alias"},
	{json: "altnames", key: "altnames"},
}

// linkUnprinted are our keys that `ip -d -j link` does not print as a member
// of their own, and why.
var linkUnprinted = map[string]string{
	"up": inFlags, "arp": inFlags, "multicast": inFlags, "allmulticast": inFlags,
	"promisc": inFlags, "dynamic": inFlags, "trailers": inFlags,

	"type":             "printed as linkinfo.info_kind",
	"slave_type":       "printed as linkinfo.info_slave_kind",
	"bridge_slave":     "printed as linkinfo.info_slave_data, see bridgePortKeys",
	"addrs":            "printed by ip addr",
	"netns":            "where a link goes; never said back",
	"new_index":        "an index to take elsewhere; never said back",
	"carrier":          "not printed; compared with /sys",
	"carrier_changes":  "printed with statistics; compared with /sys",
	"carrier_up_count": "not printed; compared with /sys", "carrier_down_count": "not printed; compared with /sys",

	"stats":                      "printed with -s, see TestLinkStats",
	"headroom":                   "not printed by iproute2 7.3",
	"tailroom":                   "not printed by iproute2 7.3",
	"max_pacing_offload_horizon": "not printed by iproute2 7.3",
	"num_vf":                     "printed as the length of vfinfo_list, for devices with virtual functions",
	"event":                      "in notifications only",
	"new_netnsid":                "in notifications only",
	"permaddr":                   "needs hardware",
	"phys_port_name":             "needs hardware",
	"phys_port_id":               "needs hardware",
	"phys_switch_id":             "needs hardware",
	"parentdev":                  "needs hardware",
	"parentbus":                  "needs hardware",
}

const inFlags = "printed as a word in flags"

// bridgeKeys are the members of linkinfo.info_data of a bridge.
var bridgeKeys = []ipKey{
	{json: "forward_delay", key: "forward_delay"},
	{json: "hello_time", key: "hello_time"},
	{json: "max_age", key: "max_age"},
	{json: "ageing_time", key: "ageing_time"},
	{json: "stp_state", key: "stp_state"},
	{json: "stp_mode", key: "stp_mode"},
	{json: "priority", key: "priority"},
	{json: "vlan_filtering", key: "vlan_filtering", as: bit},
	{json: "vlan_protocol", key: "vlan_protocol"},
	{json: "vlan_default_pvid", key: "vlan_default_pvid"},
	{json: "vlan_stats_enabled", key: "vlan_stats_enabled", as: bit},
	{json: "vlan_stats_per_port", key: "vlan_stats_per_port", as: bit},
	{json: "bridge_id", key: "bridge_id"},
	{json: "root_id", key: "root_id"},
	{json: "root_port", key: "root_port"},
	{json: "root_path_cost", key: "root_path_cost"},
	{json: "topology_change", key: "topology_change", as: bit},
	{json: "topology_change_detected", key: "topology_change_detected", as: bit},
	{json: "hello_timer", key: "hello_timer"},
	{json: "tcn_timer", key: "tcn_timer"},
	{json: "topology_change_timer", key: "topology_change_timer"},
	{json: "gc_timer", key: "gc_timer"},
	{json: "fdb_n_learned", key: "fdb_n_learned"},
	{json: "fdb_max_learned", key: "fdb_max_learned"},
	{json: "group_fwd_mask", key: "group_fwd_mask", as: hexText},
	{json: "group_addr", key: "group_address"},
	{json: "mcast_snooping", key: "mcast_snooping", as: bit},
	{json: "no_linklocal_learn", key: "no_linklocal_learn", as: bit},
	{json: "mcast_vlan_snooping", key: "mcast_vlan_snooping", as: bit},
	{json: "mst_enabled", key: "mst_enabled", as: bit},
	{json: "mdb_offload_fail_notification", key: "mdb_offload_fail_notification", as: bit},
	{json: "fdb_local_vlan_0", key: "fdb_local_vlan_0", as: bit},
	{json: "mcast_router", key: "mcast_router"},
	{json: "mcast_query_use_ifaddr", key: "mcast_query_use_ifaddr", as: bit},
	{json: "mcast_querier", key: "mcast_querier", as: bit},
	{in: "mcast_querier_state_ipv4", json: "mcast_querier_ipv4_addr", key: "mcast_querier_ipv4_addr"},
	{in: "mcast_querier_state_ipv4", json: "mcast_querier_ipv4_port", key: "mcast_querier_ipv4_port", as: index},
	{in: "mcast_querier_state_ipv4", json: "mcast_querier_ipv4_other_timer", key: "mcast_querier_ipv4_other_timer"},
	{in: "mcast_querier_state_ipv6", json: "mcast_querier_ipv6_addr", key: "mcast_querier_ipv6_addr"},
	{in: "mcast_querier_state_ipv6", json: "mcast_querier_ipv6_port", key: "mcast_querier_ipv6_port", as: index},
	{in: "mcast_querier_state_ipv6", json: "mcast_querier_ipv6_other_timer", key: "mcast_querier_ipv6_other_timer"},
	{json: "mcast_hash_elasticity", key: "mcast_hash_elasticity"},
	{json: "mcast_hash_max", key: "mcast_hash_max"},
	{json: "mcast_last_member_cnt", key: "mcast_last_member_count"},
	{json: "mcast_startup_query_cnt", key: "mcast_startup_query_count"},
	{json: "mcast_last_member_intvl", key: "mcast_last_member_interval"},
	{json: "mcast_membership_intvl", key: "mcast_membership_interval"},
	{json: "mcast_querier_intvl", key: "mcast_querier_interval"},
	{json: "mcast_query_intvl", key: "mcast_query_interval"},
	{json: "mcast_query_response_intvl", key: "mcast_query_response_interval"},
	{json: "mcast_startup_query_intvl", key: "mcast_startup_query_interval"},
	{json: "mcast_stats_enabled", key: "mcast_stats_enabled", as: bit},
	{json: "mcast_igmp_version", key: "mcast_igmp_version"},
	{json: "mcast_mld_version", key: "mcast_mld_version"},
	{json: "nf_call_iptables", key: "nf_call_iptables", as: bit},
	{json: "nf_call_ip6tables", key: "nf_call_ip6tables", as: bit},
	{json: "nf_call_arptables", key: "nf_call_arptables", as: bit},
}

var bridgeUnprinted = map[string]string{"fdb_flush": "an action, see TestBridgeFlush"}

// bridgePortKeys are the members of linkinfo.info_slave_data of a port.
var bridgePortKeys = []ipKey{
	{json: "state", key: "state"},
	{json: "priority", key: "priority"},
	{json: "cost", key: "cost"},
	{json: "hairpin", key: "hairpin"},
	{json: "guard", key: "guard"},
	{json: "root_block", key: "root_block"},
	{json: "fastleave", key: "fastleave"},
	{json: "learning", key: "learning"},
	{json: "flood", key: "flood"},
	{json: "id", key: "id", as: hexText},
	{json: "no", key: "no", as: hexText},
	{json: "designated_port", key: "designated_port"},
	{json: "designated_cost", key: "designated_cost"},
	{json: "bridge_id", key: "bridge_id"},
	{json: "root_id", key: "root_id"},
	{json: "hold_timer", key: "hold_timer"},
	{json: "message_age_timer", key: "message_age_timer"},
	{json: "forward_delay_timer", key: "forward_delay_timer"},
	{json: "topology_change_ack", key: "topology_change_ack", as: bit},
	{json: "config_pending", key: "config_pending", as: bit},
	{json: "proxy_arp", key: "proxy_arp"},
	{json: "proxy_arp_wifi", key: "proxy_arp_wifi"},
	{json: "multicast_router", key: "mcast_router"},
	{json: "mcast_flood", key: "mcast_flood"},
	{json: "bcast_flood", key: "bcast_flood"},
	{json: "mcast_to_unicast", key: "mcast_to_unicast"},
	{json: "neigh_suppress", key: "neigh_suppress"},
	{json: "neigh_vlan_suppress", key: "neigh_vlan_suppress"},
	{json: "neigh_forward_grat", key: "neigh_forward_grat"},
	{json: "group_fwd_mask", key: "group_fwd_mask", as: hexText},
	{json: "group_fwd_mask_str", key: "group_fwd_mask", as: hexBits},
	{json: "vlan_tunnel", key: "vlan_tunnel"},
	{json: "isolated", key: "isolated"},
	{json: "locked", key: "locked"},
	{json: "mab", key: "mab"},
	{json: "backup_port", key: "backup_port"},
	{json: "backup_nhid", key: "backup_nhid", as: notZero},
}

var bridgePortUnprinted = map[string]string{
	"fdb_flush":             "an action, see TestBridgeFlush",
	"learning_sync":         "no kernel says it back; tests/wire has its bytes",
	"mcast_max_groups":      "printed by bridge -d link only",
	"mcast_n_groups":        "printed by bridge -d link only",
	"mcast_eht_hosts_limit": "not printed by iproute2 7.3",
	"mcast_eht_hosts_cnt":   "not printed by iproute2 7.3",
	"mrp_ring_open":         "not printed by iproute2 7.3",
	"mrp_in_open":           "not printed by iproute2 7.3",
}

// ipObject is what ip would print of an object with these keys.
func ipObject(e *attr.Env, w attr.View, keys []ipKey) map[string]any {
	out := map[string]any{}
	for _, k := range keys {
		v, ok := w.Get(e, k.key)
		if !ok {
			if k.zero != nil {
				out[k.json] = k.zero
			}
			continue
		}
		x := k.print(v)
		switch in, _ := out[k.in].(map[string]any); {
		case x == nil:
		case k.in == "":
			out[k.json] = x
		case in == nil:
			out[k.in] = map[string]any{k.json: x}
		default:
			in[k.json] = x
		}
	}
	return out
}

// print is a value as JSON from ip decodes, nil where ip leaves it out.
func (k ipKey) print(v attr.Value) any {
	if k.as != nil {
		return k.as(v)
	}
	switch v.Kind() {
	case attr.KindBool:
		return v.Bool()
	case attr.KindInt:
		return float64(v.Int())
	case attr.KindUint:
		return float64(v.Uint())
	case attr.KindFloat:
		return v.Float()
	case attr.KindList:
		l := []any{}
		for _, x := range v.List() {
			l = append(l, ipKey{}.print(x))
		}
		return l
	}
	return v.String()
}

func text(v attr.Value) any  { return v.String() }
func upper(v attr.Value) any { return strings.ToUpper(v.String()) }

func index(v attr.Value) any { return float64(v.Link().Index) }

// linkName leaves out the index of a link that is in another namespace.
func linkName(v attr.Value) any {
	if l := v.Link(); l.Name != "" {
		return l.Name
	}
	return nil
}

func strangeIndex(v attr.Value) any {
	if l := v.Link(); l.Name == "" {
		return float64(l.Index)
	}
	return nil
}

func onlyTrue(v attr.Value) any {
	if v.Bool() {
		return true
	}
	return nil
}

func notZero(v attr.Value) any {
	if v.Uint() == 0 {
		return nil
	}
	return float64(v.Uint())
}

func bit(v attr.Value) any {
	if v.Bool() {
		return 1.0
	}
	return 0.0
}

func hexText(v attr.Value) any {
	if v.Uint() == 0 {
		return "0"
	}
	return "0x" + strconv.FormatUint(v.Uint(), 16)
}

// hexBits lists the bits that are on.
func hexBits(v attr.Value) any {
	var l []string
	for i := range 16 {
		if b := uint64(1) << i; v.Uint()&b != 0 {
			l = append(l, fmt.Sprintf("%#x", b))
		}
	}
	if l == nil {
		return "0x0"
	}
	return strings.Join(l, ",")
}

// reasons lists the numbers of the bits that hold a link down.
func reasons(v attr.Value) any {
	var l []any
	for _, p := range v.Table() {
		for i := range 32 {
			if p.Key == "value" && p.Val.Uint()&(1<<i) != 0 {
				l = append(l, strconv.Itoa(i))
			}
		}
	}
	if l == nil {
		return nil
	}
	return l
}

// ipLink is what `ip -d -j link` would print of a link.
func ipLink(e *attr.Env, l nlcore.Link) map[string]any {
	views := l.Views()
	out := ipObject(e, views[len(views)-1], linkKeys)
	info := map[string]any{}
	a := l.Attrs()
	if a.Type != "" {
		info["info_kind"] = a.Type
	}
	if a.Type == "bridge" {
		info["info_data"] = ipObject(e, views[0], bridgeKeys)
	} else if k, ok := kindKeys[a.Type]; ok {
		info["info_data"] = k.print(e, views[0])
	}
	if a.SlaveType != "" {
		info["info_slave_kind"] = a.SlaveType
	}
	if a.BridgeSlave != nil {
		port := nlcore.BridgeLink{BridgePort: *a.BridgeSlave}
		info["info_slave_data"] = ipObject(e, port.Views()[0], bridgePortKeys)
	}
	if len(info) > 0 {
		out["linkinfo"] = info
	}
	return out
}

// plain takes out of what ip printed what is ip's own: flags that it derives
// (NO-CARRIER, M-DOWN), and the data of kinds that we do not read.
func plain(link map[string]any) map[string]any {
	flags, _ := link["flags"].([]any)
	link["flags"] = slices.DeleteFunc(flags, func(f any) bool { return f == "NO-CARRIER" || f == "M-DOWN" })
	if info, ok := link["linkinfo"].(map[string]any); ok {
		kind, _ := info["info_kind"].(string)
		if _, known := kindKeys[kind]; !known && kind != "bridge" {
			delete(info, "info_data")
		}
		data, _ := info["info_data"].(map[string]any)
		for k, v := range data {
			if v == nil {
				data[k] = "null"
			}
		}
	}
	return link
}
