package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/rtnames"
)

func groupNames(n *rtnames.Names) *rtnames.Table { return n.Groups }

var linkTable = attr.Table[LinkAttrs]{Name: "link", Rows: linkRows}

func linkRows(l *LinkAttrs, d *attr.Def) {
	d.Key("name")
	head := d.Header(uapi.SizeofIfInfomsg)
	head.Member(2, "link_type", attr.Enum16(&l.LinkType, hardwareTypes)).In(0)
	head.Member(8, "flags", attr.Bind(&l.Flags, flagsCodec{})).In(0)
	head.Bits(8, 12,
		attr.Bit(uapi.IFF_UP, "up", &l.Up),
		attr.NotBit(uapi.IFF_NOARP, "arp", &l.ARP),
		attr.Bit(uapi.IFF_MULTICAST, "multicast", &l.Multicast),
		attr.Bit(uapi.IFF_ALLMULTI, "allmulticast", &l.Allmulticast),
		attr.Bit(uapi.IFF_PROMISC, "promisc", &l.Promisc),
		attr.Bit(uapi.IFF_DYNAMIC, "dynamic", &l.Dynamic),
		attr.NotBit(uapi.IFF_NOTRAILERS, "trailers", &l.Trailers))
	attr.Hook(d, attr.Hooks[LinkAttrs]{Read: readLinkHeader, Write: writeLinkHeader, Tail: writeLinkTail})

	// The name is written by the tail: which attribute it is depends on what
	// it is for.
	attr.When(d.Attr(uapi.IFLA_IFNAME, "name", attr.StrMax(&l.Name, uapi.ALTIFNAMSIZ)), notHere)
	d.Local("index", attr.Bind(&l.Index, indexCodec{}))
	d.Local("type", attr.Str(&l.Type))
	linkSettable(l, d)
	linkReadOnly(l, d)
	d.Deferred(uapi.IFLA_LINKINFO, "linkinfo", linkInfoPath)
	d.Skip(uapi.IFLA_STATS, uapi.IFLA_COST, uapi.IFLA_PRIORITY, uapi.IFLA_WEIGHT,
		uapi.IFLA_WIRELESS, uapi.IFLA_PROTINFO, uapi.IFLA_MAP, uapi.IFLA_VFINFO_LIST, uapi.IFLA_VF_PORTS,
		uapi.IFLA_PORT_SELF, uapi.IFLA_PAD, uapi.IFLA_XDP, uapi.IFLA_TARGET_NETNSID,
		uapi.IFLA_DEVLINK_PORT, uapi.IFLA_DPLL_PIN, uapi.IFLA_NET_NS_PID, uapi.IFLA_EXT_MASK)
	d.Extra(&l.Extra)
}

// notHere keeps a row that can be set out of the link's own message: other
// code sends it.
func notHere(*LinkAttrs) bool { return false }

func linkSettable(l *LinkAttrs, d *attr.Def) {
	d.Attr(uapi.IFLA_NET_NS_FD, "netns", attr.NetnsFd(&l.Netns))
	d.Attr(uapi.IFLA_NEW_IFINDEX, "new_index", attr.Plain32(&l.NewIndex).Range(1, 1<<31-1)).In(attr.Change).Since("5.13")
	d.Attr(uapi.IFLA_ADDRESS, "address", attr.MAC(&l.Address)).Alias("lladdr")
	d.Attr(uapi.IFLA_BROADCAST, "broadcast", attr.MAC(&l.Broadcast)).Alias("brd")
	d.Attr(uapi.IFLA_MTU, "mtu", attr.Uint32(&l.MTU).Range(0, 1<<31-1))
	d.Attr(uapi.IFLA_TXQLEN, "txqueuelen", attr.Uint32(&l.TxQueueLen)).Alias("txqlen", "qlen")
	d.Attr(uapi.IFLA_NUM_TX_QUEUES, "numtxqueues", attr.Plain32(&l.NumTxQueues).Range(1, 4096)).In(attr.Create)
	d.Attr(uapi.IFLA_NUM_RX_QUEUES, "numrxqueues", attr.Plain32(&l.NumRxQueues).Range(1, 4096)).In(attr.Create)
	d.Attr(uapi.IFLA_LINK, "link", attr.Link(&l.Link)).In(attr.Create)
	d.Attr(uapi.IFLA_LINK_NETNSID, "link_netnsid", attr.Signed32(&l.Netnsid)).In(attr.Create)
	d.Attr(uapi.IFLA_MASTER, "master", attr.Link(&l.Master)).In(attr.Write | attr.Query)
	d.Attr(uapi.IFLA_IFALIAS, "alias", attr.Bind(&l.Alias, aliasCodec{})).In(attr.Change)
	attr.When(d.Attr(uapi.IFLA_PROP_LIST, "altnames", attr.Strs(&l.Altnames, uapi.IFLA_ALT_IFNAME, uapi.ALTIFNAMSIZ)), notHere).Alias("altname").Since("5.5")
	d.Attr(uapi.IFLA_GROUP, "link_group", attr.Named32(&l.Group, groupNames))
	d.Attr(uapi.IFLA_LINKMODE, "link_mode", attr.Enum8(&l.Mode, linkModes))
	d.Attr(uapi.IFLA_OPERSTATE, "operstate", attr.Enum8(&l.Operstate, operstates)).Alias("state")
	d.Attr(uapi.IFLA_CARRIER, "carrier", attr.Bool(&l.Carrier)).In(attr.Change)
	d.Attr(uapi.IFLA_PROTO_DOWN, "protodown", attr.Bool(&l.ProtoDown)).In(attr.Change)
	d.Attr(uapi.IFLA_PROTO_DOWN_REASON, "protodown_reason", attr.Nest(&l.ProtoDownReason, &protoDownTable)).In(attr.Change).Since("5.9")
	d.Attr(uapi.IFLA_GSO_MAX_SIZE, "gso_max_size", attr.Uint32(&l.GSOMaxSize)).Since("4.6")
	d.Attr(uapi.IFLA_GSO_MAX_SEGS, "gso_max_segs", attr.Uint32(&l.GSOMaxSegs)).Since("4.6")
	d.Attr(uapi.IFLA_GRO_MAX_SIZE, "gro_max_size", attr.Uint32(&l.GROMaxSize)).Since("5.17")
	d.Attr(uapi.IFLA_GSO_IPV4_MAX_SIZE, "gso_ipv4_max_size", attr.Uint32(&l.GSOIPv4MaxSize)).Since("6.3")
	d.Attr(uapi.IFLA_GRO_IPV4_MAX_SIZE, "gro_ipv4_max_size", attr.Uint32(&l.GROIPv4MaxSize)).Since("6.3")
	d.Nest(uapi.IFLA_AF_SPEC, "af_spec", func(d *attr.Def) {
		d.Nest(uapi.AF_INET6, "inet6", func(d *attr.Def) {
			d.Attr(uapi.IFLA_INET6_ADDR_GEN_MODE, "addrgenmode", attr.Enum8(&l.AddrGenMode, addrGenModes)).In(attr.Change)
		})
	})
	d.Local("addrs", attr.List(&l.Addrs, &addrTable, attr.Each(0)))
	d.Local("bridge_slave", attr.Ptr(&l.BridgeSlave, &bridgePortTable))
}

func linkReadOnly(l *LinkAttrs, d *attr.Def) {
	ro := func(id uint16, name string, f attr.Field) *attr.Row { return d.Attr(id, name, f).In(0) }
	ro(uapi.IFLA_QDISC, "qdisc", attr.Str(&l.Qdisc))
	ro(uapi.IFLA_MIN_MTU, "min_mtu", attr.Plain32(&l.MinMTU)).Since("4.19")
	ro(uapi.IFLA_MAX_MTU, "max_mtu", attr.Plain32(&l.MaxMTU)).Since("4.19")
	ro(uapi.IFLA_TSO_MAX_SIZE, "tso_max_size", attr.Plain32(&l.TSOMaxSize)).Since("5.19")
	ro(uapi.IFLA_TSO_MAX_SEGS, "tso_max_segs", attr.Plain32(&l.TSOMaxSegs)).Since("5.19")
	ro(uapi.IFLA_PROMISCUITY, "promiscuity", attr.Uint32(&l.Promiscuity))
	ro(uapi.IFLA_ALLMULTI, "allmulti", attr.Uint32(&l.AllmultiCount)).Since("6.1")
	ro(uapi.IFLA_CARRIER_CHANGES, "carrier_changes", attr.Uint32(&l.CarrierChanges))
	ro(uapi.IFLA_CARRIER_UP_COUNT, "carrier_up_count", attr.Uint32(&l.CarrierUpCount)).Since("4.16")
	ro(uapi.IFLA_CARRIER_DOWN_COUNT, "carrier_down_count", attr.Uint32(&l.CarrierDownCount)).Since("4.16")
	ro(uapi.IFLA_NUM_VF, "num_vf", attr.Uint32(&l.NumVF))
	ro(uapi.IFLA_PERM_ADDRESS, "permaddr", attr.MAC(&l.PermAddress)).Since("5.6")
	ro(uapi.IFLA_PHYS_PORT_NAME, "phys_port_name", attr.Str(&l.PhysPortName))
	ro(uapi.IFLA_PHYS_PORT_ID, "phys_port_id", attr.Bytes(&l.PhysPortID))
	ro(uapi.IFLA_PHYS_SWITCH_ID, "phys_switch_id", attr.Bytes(&l.PhysSwitchID))
	ro(uapi.IFLA_PARENT_DEV_NAME, "parentdev", attr.Str(&l.ParentDev)).Since("5.14")
	ro(uapi.IFLA_PARENT_DEV_BUS_NAME, "parentbus", attr.Str(&l.ParentBus)).Since("5.14")
	ro(uapi.IFLA_NEW_NETNSID, "new_netnsid", attr.Signed32(&l.NewNetnsid)).Since("4.15")
	ro(uapi.IFLA_STATS64, "stats", attr.Bind(&l.Stats, statsCodec{}))
	ro(uapi.IFLA_EVENT, "event", attr.Plain32(&l.Event)).Since("4.13")
	ro(uapi.IFLA_MAX_PACING_OFFLOAD_HORIZON, "max_pacing_offload_horizon", attr.Uint(&l.MaxPacingOffloadHorizon)).Since("6.13")
	ro(uapi.IFLA_NETNS_IMMUTABLE, "netns_immutable", attr.Bool(&l.NetnsImmutable)).Since("6.15")
	ro(uapi.IFLA_HEADROOM, "headroom", attr.Uint16(&l.Headroom)).Since("6.18")
	ro(uapi.IFLA_TAILROOM, "tailroom", attr.Uint16(&l.Tailroom)).Since("6.18")
	// The slave's kind stands in LINKINFO.
	d.Local("slave_type", attr.Str(&l.SlaveType))
}
