package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// BridgePort is the options of a link as a port of a bridge.
type BridgePort struct {
	// State is the port's in the spanning tree; it can be set while the
	// protocol is off or runs in user space.
	State val.Opt[BridgePortState]
	// Priority is 0 to 63, 32 by default.
	Priority val.Opt[uint16]
	// Cost is 1 to 65535; the default follows from the speed.
	Cost val.Opt[uint32]
	// Hairpin sends frames back out of the port they came in by.
	Hairpin val.Opt[bool]
	// Guard shuts the port when it receives BPDUs.
	Guard val.Opt[bool]
	// RootBlock keeps the port from becoming the root's.
	RootBlock val.Opt[bool]
	// FastLeave ends a group as soon as a member leaves.
	FastLeave val.Opt[bool]
	// Learning remembers the addresses seen.
	Learning val.Opt[bool]
	// LearningSync passes addresses that a device learned to the bridge.
	LearningSync val.Opt[bool]
	// Flood, McastFlood and BcastFlood send out what no entry names.
	Flood, McastFlood, BcastFlood val.Opt[bool]
	// McastToUnicast copies a group's frames to each member.
	McastToUnicast val.Opt[bool]
	// McastRouter is 0 off, 1 learn, 2 on, 3 until timeout.
	McastRouter val.Opt[uint8]
	// McastMaxGroups bounds the port's groups, 0 is no bound.
	McastMaxGroups val.Opt[uint32]
	// McastEHTHostsLimit bounds the hosts tracked, 512 by default.
	McastEHTHostsLimit val.Opt[uint32]
	// ProxyARP and ProxyARPWifi answer address requests for others.
	ProxyARP, ProxyARPWifi val.Opt[bool]
	// NeighSuppress answers neighbour requests from the bridge's own table.
	NeighSuppress val.Opt[bool]
	// NeighVLANSuppress does so per VLAN.
	NeighVLANSuppress val.Opt[bool]
	// NeighForwardGrat lets gratuitous announcements pass all the same.
	NeighForwardGrat val.Opt[bool]
	// VLANTunnel maps VLANs to tunnel ids.
	VLANTunnel val.Opt[bool]
	// GroupFwdMask is which link-local groups are forwarded, bits of their last byte.
	GroupFwdMask val.Opt[uint16]
	// Isolated ports reach only ports that are not isolated.
	Isolated val.Opt[bool]
	// Locked admits only addresses that are in the table.
	Locked val.Opt[bool]
	// MAB learns addresses of a locked port as locked.
	MAB val.Opt[bool]
	// BackupPort takes over while the port is down; NoLink for none.
	BackupPort val.LinkRef
	// BackupNexthop is the nexthop object used with BackupPort, 0 for none.
	BackupNexthop val.Opt[uint32]
	// Flush forgets the port's learned addresses; write only.
	Flush bool

	// RootID and BridgeID are of the designated bridge; read only.
	RootID, BridgeID BridgeID
	// DesignatedPort and DesignatedCost are of the spanning tree; read only.
	DesignatedPort, DesignatedCost val.Opt[uint16]
	// ID and No are the port's id and number; read only.
	ID, No val.Opt[uint16]
	// TopologyChangeAck and ConfigPending are states of the spanning tree; read only.
	TopologyChangeAck, ConfigPending val.Opt[bool]
	// MessageAgeTimer, ForwardDelayTimer and HoldTimer run down; read only.
	MessageAgeTimer, ForwardDelayTimer, HoldTimer val.Opt[Timer]
	// MRPRingOpen and MRPInOpen are states of media redundancy; read only.
	MRPRingOpen, MRPInOpen val.Opt[bool]
	// McastEHTHostsCount and McastNGroups count; read only.
	McastEHTHostsCount, McastNGroups val.Opt[uint32]
}

var bridgePortTable = attr.Table[BridgePort]{Name: "bridge_slave", Rows: func(p *BridgePort, d *attr.Def) {
	d.Attr(uapi.IFLA_BRPORT_STATE, "state", attr.Enum8(&p.State, bridgePortStates))
	d.Attr(uapi.IFLA_BRPORT_PRIORITY, "priority", attr.Uint16(&p.Priority).Range(0, 63))
	d.Attr(uapi.IFLA_BRPORT_COST, "cost", attr.Uint32(&p.Cost).Range(1, 65535))
	d.Attr(uapi.IFLA_BRPORT_MODE, "hairpin", attr.Bool(&p.Hairpin))
	d.Attr(uapi.IFLA_BRPORT_GUARD, "guard", attr.Bool(&p.Guard))
	d.Attr(uapi.IFLA_BRPORT_PROTECT, "root_block", attr.Bool(&p.RootBlock))
	d.Attr(uapi.IFLA_BRPORT_FAST_LEAVE, "fastleave", attr.Bool(&p.FastLeave)).Alias("mcast_fast_leave")
	d.Attr(uapi.IFLA_BRPORT_LEARNING, "learning", attr.Bool(&p.Learning))
	d.Attr(uapi.IFLA_BRPORT_LEARNING_SYNC, "learning_sync", attr.Bool(&p.LearningSync))
	d.Attr(uapi.IFLA_BRPORT_UNICAST_FLOOD, "flood", attr.Bool(&p.Flood))
	d.Attr(uapi.IFLA_BRPORT_MCAST_FLOOD, "mcast_flood", attr.Bool(&p.McastFlood)).Since("4.9")
	d.Attr(uapi.IFLA_BRPORT_BCAST_FLOOD, "bcast_flood", attr.Bool(&p.BcastFlood)).Since("4.12")
	d.Attr(uapi.IFLA_BRPORT_MCAST_TO_UCAST, "mcast_to_unicast", attr.Bool(&p.McastToUnicast)).Since("4.11")
	d.Attr(uapi.IFLA_BRPORT_MULTICAST_ROUTER, "mcast_router", attr.Uint8(&p.McastRouter).Range(0, 3)).Alias("multicast_router")
	d.Attr(uapi.IFLA_BRPORT_MCAST_MAX_GROUPS, "mcast_max_groups", attr.Uint32(&p.McastMaxGroups)).Since("6.3")
	d.Attr(uapi.IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT, "mcast_eht_hosts_limit", attr.Uint32(&p.McastEHTHostsLimit)).Since("5.12")
	d.Attr(uapi.IFLA_BRPORT_PROXYARP, "proxy_arp", attr.Bool(&p.ProxyARP))
	d.Attr(uapi.IFLA_BRPORT_PROXYARP_WIFI, "proxy_arp_wifi", attr.Bool(&p.ProxyARPWifi))
	d.Attr(uapi.IFLA_BRPORT_NEIGH_SUPPRESS, "neigh_suppress", attr.Bool(&p.NeighSuppress)).Since("4.15")
	d.Attr(uapi.IFLA_BRPORT_NEIGH_VLAN_SUPPRESS, "neigh_vlan_suppress", attr.Bool(&p.NeighVLANSuppress)).Since("6.4")
	d.Attr(uapi.IFLA_BRPORT_NEIGH_FORWARD_GRAT, "neigh_forward_grat", attr.Bool(&p.NeighForwardGrat)).Since("7.2")
	d.Attr(uapi.IFLA_BRPORT_VLAN_TUNNEL, "vlan_tunnel", attr.Bool(&p.VLANTunnel)).Since("4.11")
	d.Attr(uapi.IFLA_BRPORT_GROUP_FWD_MASK, "group_fwd_mask", attr.Uint16(&p.GroupFwdMask)).Since("4.15")
	d.Attr(uapi.IFLA_BRPORT_ISOLATED, "isolated", attr.Bool(&p.Isolated)).Since("4.18")
	d.Attr(uapi.IFLA_BRPORT_LOCKED, "locked", attr.Bool(&p.Locked)).Since("5.18")
	d.Attr(uapi.IFLA_BRPORT_MAB, "mab", attr.Bool(&p.MAB)).Since("6.2")
	d.Attr(uapi.IFLA_BRPORT_BACKUP_PORT, "backup_port", attr.Link(&p.BackupPort)).Since("4.19")
	d.Attr(uapi.IFLA_BRPORT_BACKUP_NHID, "backup_nhid", attr.Uint32(&p.BackupNexthop)).Since("6.6")
	d.Attr(uapi.IFLA_BRPORT_FLUSH, "fdb_flush", attr.Flag(&p.Flush))
	bridgePortReadOnly(p, d)
	d.Skip(uapi.IFLA_BRPORT_PAD)
}}

func bridgePortReadOnly(p *BridgePort, d *attr.Def) {
	ro := func(id uint16, name string, f attr.Field) *attr.Row { return d.Attr(id, name, f).In(0) }
	ro(uapi.IFLA_BRPORT_ROOT_ID, "root_id", attr.Bind(&p.RootID, bridgeIDCodec{}))
	ro(uapi.IFLA_BRPORT_BRIDGE_ID, "bridge_id", attr.Bind(&p.BridgeID, bridgeIDCodec{}))
	ro(uapi.IFLA_BRPORT_DESIGNATED_PORT, "designated_port", attr.Uint16(&p.DesignatedPort))
	ro(uapi.IFLA_BRPORT_DESIGNATED_COST, "designated_cost", attr.Uint16(&p.DesignatedCost))
	ro(uapi.IFLA_BRPORT_ID, "id", attr.Uint16(&p.ID))
	ro(uapi.IFLA_BRPORT_NO, "no", attr.Uint16(&p.No))
	ro(uapi.IFLA_BRPORT_TOPOLOGY_CHANGE_ACK, "topology_change_ack", attr.Bool(&p.TopologyChangeAck))
	ro(uapi.IFLA_BRPORT_CONFIG_PENDING, "config_pending", attr.Bool(&p.ConfigPending))
	ro(uapi.IFLA_BRPORT_MESSAGE_AGE_TIMER, "message_age_timer", timer(&p.MessageAgeTimer))
	ro(uapi.IFLA_BRPORT_FORWARD_DELAY_TIMER, "forward_delay_timer", timer(&p.ForwardDelayTimer))
	ro(uapi.IFLA_BRPORT_HOLD_TIMER, "hold_timer", timer(&p.HoldTimer))
	ro(uapi.IFLA_BRPORT_MRP_RING_OPEN, "mrp_ring_open", attr.Bool(&p.MRPRingOpen)).Since("5.8")
	ro(uapi.IFLA_BRPORT_MRP_IN_OPEN, "mrp_in_open", attr.Bool(&p.MRPInOpen)).Since("5.9")
	ro(uapi.IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, "mcast_eht_hosts_cnt", attr.Uint32(&p.McastEHTHostsCount)).Since("5.12")
	ro(uapi.IFLA_BRPORT_MCAST_N_GROUPS, "mcast_n_groups", attr.Uint32(&p.McastNGroups)).Since("6.3")
}
