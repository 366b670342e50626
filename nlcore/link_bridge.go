package nlcore

import (
	"net"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

const bridgeKind = "bridge"

// Bridge is a software switch. Times are in 1/100 s.
type Bridge struct {
	LinkAttrs
	// ForwardDelay is 200 to 3000, 1500 by default.
	ForwardDelay val.Opt[uint32]
	// HelloTime is 100 to 1000, 200 by default.
	HelloTime val.Opt[uint32]
	// MaxAge is 600 to 4000, 2000 by default.
	MaxAge val.Opt[uint32]
	// AgeingTime is how long an address is remembered, 30000 by default; 0 forgets at once.
	AgeingTime val.Opt[uint32]
	// STPState is 0 off, 1 on; it reads 2 while a program in user space runs the protocol.
	STPState val.Opt[uint32]
	// STPMode says who runs the protocol.
	STPMode val.Opt[BridgeSTPMode]
	// Priority is the bridge's in the spanning tree, 0 to 65535, 32768 by default.
	Priority val.Opt[uint16]
	// VLANFiltering makes the bridge heed VLANs.
	VLANFiltering val.Opt[bool]
	// VLANProtocol is the tag's EtherType: 802.1Q or 802.1ad.
	VLANProtocol val.Opt[EtherType]
	// VLANDefaultPVID is the VLAN of untagged frames, 0 to 4094, 1 by default; 0 is none.
	VLANDefaultPVID val.Opt[uint16]
	// VLANStatsEnabled counts per VLAN.
	VLANStatsEnabled val.Opt[bool]
	// VLANStatsPerPort counts per VLAN and port; only while no VLAN is configured.
	VLANStatsPerPort val.Opt[bool]
	// GroupFwdMask is which link-local groups are forwarded, bits of their last byte.
	GroupFwdMask val.Opt[uint16]
	// GroupAddress is the destination of the spanning tree protocol.
	GroupAddress net.HardwareAddr
	// FDBFlush forgets all learned addresses; write only.
	FDBFlush bool
	// FDBMaxLearned bounds how many addresses are learned, 0 is no bound.
	FDBMaxLearned val.Opt[uint32]
	// McastRouter is 0 off, 1 learn, 2 on.
	McastRouter val.Opt[uint8]
	// McastSnooping forwards multicast to those who asked only.
	McastSnooping val.Opt[bool]
	// McastQueryUseIfaddr sends queries from the bridge's address.
	McastQueryUseIfaddr val.Opt[bool]
	// McastQuerier makes the bridge ask for members.
	McastQuerier val.Opt[bool]
	// McastHashElasticity has no effect since 4.20.
	McastHashElasticity val.Opt[uint32]
	// McastHashMax bounds the group table, 4096 by default.
	McastHashMax val.Opt[uint32]
	// McastLastMemberCount is how often is asked before a group ends, 2 by default.
	McastLastMemberCount val.Opt[uint32]
	// McastStartupQueryCount is how often is asked at the start, 2 by default.
	McastStartupQueryCount val.Opt[uint32]
	// McastLastMemberInterval is the time between those last queries.
	McastLastMemberInterval val.Opt[uint64]
	// McastMembershipInterval is how long a member stays without a report.
	McastMembershipInterval val.Opt[uint64]
	// McastQuerierInterval is after how long another querier counts as gone.
	McastQuerierInterval val.Opt[uint64]
	// McastQueryInterval is the time between queries.
	McastQueryInterval val.Opt[uint64]
	// McastQueryResponseInterval is the time members have to answer.
	McastQueryResponseInterval val.Opt[uint64]
	// McastStartupQueryInterval is the time between the first queries.
	McastStartupQueryInterval val.Opt[uint64]
	// McastStatsEnabled counts multicast protocol packets.
	McastStatsEnabled val.Opt[bool]
	// McastIGMPVersion is 2 or 3.
	McastIGMPVersion val.Opt[uint8]
	// McastMLDVersion is 1 or 2.
	McastMLDVersion val.Opt[uint8]
	// NFCallIptables, NFCallIP6tables and NFCallArptables pass frames to the
	// packet filters.
	NFCallIptables, NFCallIP6tables, NFCallArptables val.Opt[bool]
	// NoLinklocalLearn learns no addresses from link-local frames.
	NoLinklocalLearn val.Opt[bool]
	// McastVLANSnooping snoops per VLAN; needs VLANFiltering.
	McastVLANSnooping val.Opt[bool]
	// MSTEnabled runs multiple spanning trees; only while no VLAN is configured.
	MSTEnabled val.Opt[bool]
	// MDBOffloadFailNotification tells when hardware could not take a group.
	MDBOffloadFailNotification val.Opt[bool]
	// FDBLocalVLAN0 keeps the bridge's own addresses on VLAN 0 only.
	FDBLocalVLAN0 val.Opt[bool]

	// BridgeID and RootID are identities in the spanning tree; read only.
	BridgeID, RootID BridgeID
	// RootPort is the number of the port towards the root; read only.
	RootPort val.Opt[uint16]
	// RootPathCost is the cost of the way to the root; read only.
	RootPathCost val.Opt[uint32]
	// TopologyChange and TopologyChangeDetected are states of the spanning tree; read only.
	TopologyChange, TopologyChangeDetected val.Opt[bool]
	// HelloTimer, TCNTimer, TopologyChangeTimer and GCTimer run down; read only.
	HelloTimer, TCNTimer, TopologyChangeTimer, GCTimer val.Opt[Timer]
	// FDBNLearned is how many addresses are learned; read only.
	FDBNLearned val.Opt[uint32]
	// Querier4 and Querier6 are who asks for members; read only.
	Querier4, Querier6 netip.Addr
	// Querier4Port and Querier6Port are the ports towards them; read only.
	Querier4Port, Querier6Port val.LinkRef
	// Querier4Timer and Querier6Timer are how long they count as alive; read only.
	Querier4Timer, Querier6Timer val.Opt[Timer]
}

// Kind is "bridge".
func (*Bridge) Kind() string         { return bridgeKind }
func (b *Bridge) data() attr.View    { return bridgeTable.View(b) }
func (b *Bridge) Views() []attr.View { return linkViews(b) }

// Append writes the message's body.
func (b *Bridge) Append(e *attr.Env, v val.Verb, buf []byte) ([]byte, error) {
	return appendLink(e, v, buf, b)
}

var bridgeTable = attr.Table[Bridge]{Name: bridgeKind, Rows: func(b *Bridge, d *attr.Def) {
	bridgeTree(b, d)
	bridgeVLAN(b, d)
	bridgeMulticast(b, d)
	d.Struct(uapi.IFLA_BR_MULTI_BOOLOPT, "multi_boolopt", 8).KnownBits(0, 4,
		attr.Bit(1<<uapi.BR_BOOLOPT_NO_LL_LEARN, "no_linklocal_learn", &b.NoLinklocalLearn),
		attr.Bit(1<<uapi.BR_BOOLOPT_MCAST_VLAN_SNOOPING, "mcast_vlan_snooping", &b.McastVLANSnooping).Since("5.15"),
		attr.Bit(1<<uapi.BR_BOOLOPT_MST_ENABLE, "mst_enabled", &b.MSTEnabled).Since("5.18"),
		attr.Bit(1<<uapi.BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION, "mdb_offload_fail_notification", &b.MDBOffloadFailNotification).Since("6.16"),
		attr.Bit(1<<uapi.BR_BOOLOPT_FDB_LOCAL_VLAN_0, "fdb_local_vlan_0", &b.FDBLocalVLAN0).Since("6.18")).Since("5.0")
	d.Attr(uapi.IFLA_BR_NF_CALL_IPTABLES, "nf_call_iptables", attr.Bool(&b.NFCallIptables))
	d.Attr(uapi.IFLA_BR_NF_CALL_IP6TABLES, "nf_call_ip6tables", attr.Bool(&b.NFCallIP6tables))
	d.Attr(uapi.IFLA_BR_NF_CALL_ARPTABLES, "nf_call_arptables", attr.Bool(&b.NFCallArptables))
	d.Skip(uapi.IFLA_BR_PAD)
}}

func bridgeTree(b *Bridge, d *attr.Def) {
	cs := attr.Centiseconds
	d.Attr(uapi.IFLA_BR_FORWARD_DELAY, "forward_delay", attr.Uint32(&b.ForwardDelay).Unit(cs))
	d.Attr(uapi.IFLA_BR_HELLO_TIME, "hello_time", attr.Uint32(&b.HelloTime).Unit(cs))
	d.Attr(uapi.IFLA_BR_MAX_AGE, "max_age", attr.Uint32(&b.MaxAge).Unit(cs))
	d.Attr(uapi.IFLA_BR_AGEING_TIME, "ageing_time", attr.Uint32(&b.AgeingTime).Unit(cs))
	d.Attr(uapi.IFLA_BR_STP_STATE, "stp_state", attr.Uint32(&b.STPState).OrBool())
	d.Attr(uapi.IFLA_BR_STP_MODE, "stp_mode", attr.Enum32(&b.STPMode, bridgeSTPModes).Range(0, 2)).Since("7.1")
	d.Attr(uapi.IFLA_BR_PRIORITY, "priority", attr.Uint16(&b.Priority))
	d.Attr(uapi.IFLA_BR_GROUP_FWD_MASK, "group_fwd_mask", attr.Uint16(&b.GroupFwdMask))
	d.Attr(uapi.IFLA_BR_GROUP_ADDR, "group_address", attr.MAC(&b.GroupAddress)).Alias("group_addr")
	d.Attr(uapi.IFLA_BR_FDB_FLUSH, "fdb_flush", attr.Flag(&b.FDBFlush))
	d.Attr(uapi.IFLA_BR_FDB_MAX_LEARNED, "fdb_max_learned", attr.Uint32(&b.FDBMaxLearned)).Since("6.7")

	d.Attr(uapi.IFLA_BR_FDB_N_LEARNED, "fdb_n_learned", attr.Uint32(&b.FDBNLearned)).In(0).Since("6.7")
	d.Attr(uapi.IFLA_BR_ROOT_ID, "root_id", attr.Bind(&b.RootID, bridgeIDCodec{})).In(0)
	d.Attr(uapi.IFLA_BR_BRIDGE_ID, "bridge_id", attr.Bind(&b.BridgeID, bridgeIDCodec{})).In(0)
	d.Attr(uapi.IFLA_BR_ROOT_PORT, "root_port", attr.Uint16(&b.RootPort)).In(0)
	d.Attr(uapi.IFLA_BR_ROOT_PATH_COST, "root_path_cost", attr.Uint32(&b.RootPathCost)).In(0)
	d.Attr(uapi.IFLA_BR_TOPOLOGY_CHANGE, "topology_change", attr.Bool(&b.TopologyChange)).In(0)
	d.Attr(uapi.IFLA_BR_TOPOLOGY_CHANGE_DETECTED, "topology_change_detected", attr.Bool(&b.TopologyChangeDetected)).In(0)
	d.Attr(uapi.IFLA_BR_HELLO_TIMER, "hello_timer", timer(&b.HelloTimer)).In(0)
	d.Attr(uapi.IFLA_BR_TCN_TIMER, "tcn_timer", timer(&b.TCNTimer)).In(0)
	d.Attr(uapi.IFLA_BR_TOPOLOGY_CHANGE_TIMER, "topology_change_timer", timer(&b.TopologyChangeTimer)).In(0)
	d.Attr(uapi.IFLA_BR_GC_TIMER, "gc_timer", timer(&b.GCTimer)).In(0)
}

func bridgeVLAN(b *Bridge, d *attr.Def) {
	d.Attr(uapi.IFLA_BR_VLAN_FILTERING, "vlan_filtering", attr.Bool(&b.VLANFiltering))
	d.Attr(uapi.IFLA_BR_VLAN_PROTOCOL, "vlan_protocol", attr.EnumBE16(&b.VLANProtocol, vlanProtocols))
	d.Attr(uapi.IFLA_BR_VLAN_DEFAULT_PVID, "vlan_default_pvid", attr.Uint16(&b.VLANDefaultPVID).Range(0, 4094))
	d.Attr(uapi.IFLA_BR_VLAN_STATS_ENABLED, "vlan_stats_enabled", attr.Bool(&b.VLANStatsEnabled)).Since("4.7")
	d.Attr(uapi.IFLA_BR_VLAN_STATS_PER_PORT, "vlan_stats_per_port", attr.Bool(&b.VLANStatsPerPort)).Since("4.20")
}

func bridgeMulticast(b *Bridge, d *attr.Def) {
	cs := attr.Centiseconds
	d.Attr(uapi.IFLA_BR_MCAST_ROUTER, "mcast_router", attr.Uint8(&b.McastRouter).Range(0, 2))
	d.Attr(uapi.IFLA_BR_MCAST_SNOOPING, "mcast_snooping", attr.Bool(&b.McastSnooping))
	d.Attr(uapi.IFLA_BR_MCAST_QUERY_USE_IFADDR, "mcast_query_use_ifaddr", attr.Bool(&b.McastQueryUseIfaddr))
	d.Attr(uapi.IFLA_BR_MCAST_QUERIER, "mcast_querier", attr.Bool(&b.McastQuerier))
	d.Attr(uapi.IFLA_BR_MCAST_HASH_ELASTICITY, "mcast_hash_elasticity", attr.Uint32(&b.McastHashElasticity))
	d.Attr(uapi.IFLA_BR_MCAST_HASH_MAX, "mcast_hash_max", attr.Uint32(&b.McastHashMax))
	d.Attr(uapi.IFLA_BR_MCAST_LAST_MEMBER_CNT, "mcast_last_member_count", attr.Uint32(&b.McastLastMemberCount)).Alias("mcast_last_member_cnt")
	d.Attr(uapi.IFLA_BR_MCAST_STARTUP_QUERY_CNT, "mcast_startup_query_count", attr.Uint32(&b.McastStartupQueryCount)).Alias("mcast_startup_query_cnt")
	d.Attr(uapi.IFLA_BR_MCAST_LAST_MEMBER_INTVL, "mcast_last_member_interval", attr.Uint64(&b.McastLastMemberInterval).Unit(cs)).Alias("mcast_last_member_intvl")
	d.Attr(uapi.IFLA_BR_MCAST_MEMBERSHIP_INTVL, "mcast_membership_interval", attr.Uint64(&b.McastMembershipInterval).Unit(cs)).Alias("mcast_membership_intvl")
	d.Attr(uapi.IFLA_BR_MCAST_QUERIER_INTVL, "mcast_querier_interval", attr.Uint64(&b.McastQuerierInterval).Unit(cs)).Alias("mcast_querier_intvl")
	d.Attr(uapi.IFLA_BR_MCAST_QUERY_INTVL, "mcast_query_interval", attr.Uint64(&b.McastQueryInterval).Unit(cs)).Alias("mcast_query_intvl")
	d.Attr(uapi.IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, "mcast_query_response_interval", attr.Uint64(&b.McastQueryResponseInterval).Unit(cs)).Alias("mcast_query_response_intvl")
	d.Attr(uapi.IFLA_BR_MCAST_STARTUP_QUERY_INTVL, "mcast_startup_query_interval", attr.Uint64(&b.McastStartupQueryInterval).Unit(cs)).Alias("mcast_startup_query_intvl")
	d.Attr(uapi.IFLA_BR_MCAST_STATS_ENABLED, "mcast_stats_enabled", attr.Bool(&b.McastStatsEnabled)).Since("4.8")
	d.Attr(uapi.IFLA_BR_MCAST_IGMP_VERSION, "mcast_igmp_version", attr.Uint8(&b.McastIGMPVersion).Range(2, 3)).Since("4.10")
	d.Attr(uapi.IFLA_BR_MCAST_MLD_VERSION, "mcast_mld_version", attr.Uint8(&b.McastMLDVersion).Range(1, 2)).Since("4.10")
	d.Nest(uapi.IFLA_BR_MCAST_QUERIER_STATE, "mcast_querier_state", func(d *attr.Def) {
		d.Attr(uapi.BRIDGE_QUERIER_IP_ADDRESS, "mcast_querier_ipv4_addr", attr.IP4(&b.Querier4)).In(0)
		d.Attr(uapi.BRIDGE_QUERIER_IP_PORT, "mcast_querier_ipv4_port", attr.Link(&b.Querier4Port)).In(0)
		d.Attr(uapi.BRIDGE_QUERIER_IP_OTHER_TIMER, "mcast_querier_ipv4_other_timer", timer(&b.Querier4Timer)).In(0)
		d.Attr(uapi.BRIDGE_QUERIER_IPV6_ADDRESS, "mcast_querier_ipv6_addr", attr.IP6(&b.Querier6)).In(0)
		d.Attr(uapi.BRIDGE_QUERIER_IPV6_PORT, "mcast_querier_ipv6_port", attr.Link(&b.Querier6Port)).In(0)
		d.Attr(uapi.BRIDGE_QUERIER_IPV6_OTHER_TIMER, "mcast_querier_ipv6_other_timer", timer(&b.Querier6Timer)).In(0)
		d.Skip(uapi.BRIDGE_QUERIER_PAD)
	}).In(0).Since("5.15")
}
