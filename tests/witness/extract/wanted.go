package main

// specFiles are the specs that are read.
var specFiles = []string{"rt-addr", "rt-link", "rt-neigh", "rt-route", "rt-rule", "tc", "fou", "devlink", "wireguard", "nlctrl"}

// headerFiles are the headers whose enums of attributes are listed: every
// enum that ends in a member like __IFLA_MAX.
var headerFiles = []string{
	"if_link.h", "if_tunnel.h", "can/netlink.h", "if_addr.h", "rtnetlink.h", "fib_rules.h", "neighbour.h",
	"nexthop.h", "netconf.h", "if_addrlabel.h", "net_namespace.h", "xfrm.h", "if_bridge.h", "pkt_cls.h",
	"pkt_sched.h", "mpls_iptunnel.h", "seg6_iptunnel.h", "seg6_local.h", "lwtunnel.h", "devlink.h", "fou.h",
	"ioam6_iptunnel.h", "inet_diag.h", "genetlink.h", "netfilter/ipset/ip_set.h", "veth.h", "wireguard.h",
}

// valueHeaders have no attributes, only numbers that attributes hold.
var valueHeaders = []string{
	"if.h", "if_arp.h", "if_ether.h", "if_vlan.h", "icmpv6.h", "in.h", "in6.h", "in_route.h", "ipv6_route.h",
	"ipsec.h", "socket.h", "udp.h", "netdevice.h", "netlink.h", "limits.h", "version.h",
}

// wordSets are the prefixes of numbers that attributes hold: choices and flags.
var wordSets = []string{
	"ARPHRD_", "BR_BOOLOPT_", "BR_STATE_", "BR_STP_MODE_", "ETH_P_8021", "FIB_RULE_", "FR_ACT_", "ICMPV6_ROUTER_PREF_",
	"IFAPROT_", "IFA_F_", "IFF_", "IFLA_EVENT_", "IF_LINK_MODE_", "IF_OPER_", "IN6_ADDR_GEN_MODE_", "IPPROTO_",
	"LWTUNNEL_ENCAP_", "MACVLAN_FLAG_", "MACVLAN_MACADDR_", "MACVLAN_MODE_", "NTF_", "NTF_EXT_", "NUD_",
	"RTAX_FEATURE_", "RTM_F_", "RTNH_F_", "RTN_", "RTPROT_", "RT_SCOPE_", "RT_TABLE_", "UDP_ENCAP_", "VLAN_FLAG_",
	"VXLAN_DF_", "VXLAN_LABEL_", "XFRM_MODE_", "XFRM_OFFLOAD_", "XFRM_POLICY_", "XFRM_POLICY_TYPE_",
	"XFRM_SA_DIR_", "XFRM_SA_XFLAG_", "XFRM_SHARE_", "XFRM_STATE_",
}

// foreign are folders of address families whose messages share the ids of
// others and not their types.
var foreign = []string{"net/mctp", "net/phonet", "net/mpls", "net/can", "net/ieee802154", "net/bridge/netfilter"}

// structs are C structs that messages and attributes hold.
var structs = []string{
	"br_boolopt_multi", "fib_rule_hdr", "fib_rule_port_range", "fib_rule_uid_range", "ifa_cacheinfo", "ifaddrmsg",
	"ifinfomsg", "ifla_bridge_id", "ifla_vlan_flags", "ifla_vlan_qos_mapping", "ifla_vxlan_port_range", "nda_cacheinfo",
	"ndmsg", "rta_cacheinfo", "rtmsg", "rtnexthop", "rtnl_link_stats64", "rtvia", "xfrm_algo", "xfrm_algo_aead",
	"xfrm_algo_auth", "xfrm_encap_tmpl", "xfrm_id", "xfrm_lifetime_cfg", "xfrm_lifetime_cur", "xfrm_mark",
	"xfrm_replay_state", "xfrm_replay_state_esn", "xfrm_selector", "xfrm_stats", "xfrm_user_offload", "xfrm_user_tmpl",
	"xfrm_userpolicy_info", "xfrm_userpolicy_type", "xfrm_usersa_info",
}
