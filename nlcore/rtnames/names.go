package rtnames

import "nlsh/nlcore/internal/uapi"

// Names are the tables of one machine or image. Get one from Builtin, Read or Lazy.
type Names struct {
	Tables     *Table // routing tables: 0 to 2^32-1, file rt_tables
	Protos     *Table // route origins: 0 to 255, file rt_protos
	AddrProtos *Table // address origins: 0 to 255, file rt_addrprotos
	Scopes     *Table // route and address scopes: 0 to 255, file rt_scopes
	Realms     *Table // routing realms: 0 to 65535, file rt_realms
	DSFields   *Table // the traffic class byte, DSCP shifted left by 2: 0 to 255, file rt_dsfield
	Groups     *Table // link groups: 0 to 2^32-1, file group
	NlProtos   *Table // netlink protocols: 0 to 31, file nl_protos
}

// Builtin returns the words every machine has without any file.
func Builtin() *Names { return newNames(func(s source) func(*Table) { return s.base }) }

// source says what one table begins with.
type source struct {
	file string // of iproute2
	max  uint32
	base func(*Table)
}

// newNames makes the tables; fill says how each gets its words, which happens
// when the first of them is asked for.
func newNames(fill func(source) func(*Table)) *Names {
	table := func(file string, max uint32, base func(*Table)) *Table {
		return &Table{max: max, fill: fill(source{file, max, base})}
	}
	return &Names{
		Tables:     table("rt_tables", 1<<32-1, tables),
		Protos:     table("rt_protos", 255, protos),
		AddrProtos: table("rt_addrprotos", 255, addrProtos),
		Scopes:     table("rt_scopes", 255, scopes),
		Realms:     table("rt_realms", 1<<16-1, realms),
		DSFields:   table("rt_dsfield", 255, dsFields),
		Groups:     table("group", 1<<32-1, groups),
		NlProtos:   table("nl_protos", 31, nlProtos),
	}
}

// all lists the tables.
func (n *Names) all() []*Table {
	return []*Table{n.Tables, n.Protos, n.AddrProtos, n.Scopes, n.Realms, n.DSFields, n.Groups, n.NlProtos}
}

func tables(t *Table) {
	t.with(entry{uapi.RT_TABLE_UNSPEC, "unspec"}, entry{uapi.RT_TABLE_DEFAULT, "default"},
		entry{uapi.RT_TABLE_MAIN, "main"}, entry{uapi.RT_TABLE_LOCAL, "local"})
}

func addrProtos(t *Table) {
	t.with(entry{0, "unspec"}, entry{uapi.IFAPROT_KERNEL_LO, "kernel_lo"},
		entry{uapi.IFAPROT_KERNEL_RA, "kernel_ra"}, entry{uapi.IFAPROT_KERNEL_LL, "kernel_ll"})
}

func scopes(t *Table) {
	t.with(entry{uapi.RT_SCOPE_UNIVERSE, "global"}, entry{uapi.RT_SCOPE_SITE, "site"},
		entry{uapi.RT_SCOPE_LINK, "link"}, entry{uapi.RT_SCOPE_HOST, "host"},
		entry{uapi.RT_SCOPE_NOWHERE, "nowhere"})
}

func realms(t *Table) { t.with(entry{0, "cosmos"}) }

func groups(t *Table) { t.with(entry{0, "default"}) }

func protos(t *Table) {
	t.with(
		entry{uapi.RTPROT_UNSPEC, "unspec"},
		entry{uapi.RTPROT_REDIRECT, "redirect"},
		entry{uapi.RTPROT_KERNEL, "kernel"},
		entry{uapi.RTPROT_BOOT, "boot"},
		entry{uapi.RTPROT_STATIC, "static"},
		entry{uapi.RTPROT_GATED, "gated"},
		entry{uapi.RTPROT_RA, "ra"},
		entry{uapi.RTPROT_MRT, "mrt"},
		entry{uapi.RTPROT_ZEBRA, "zebra"},
		entry{uapi.RTPROT_BIRD, "bird"},
		entry{uapi.RTPROT_DNROUTED, "dnrouted"},
		entry{uapi.RTPROT_XORP, "xorp"},
		entry{uapi.RTPROT_NTK, "ntk"},
		entry{uapi.RTPROT_DHCP, "dhcp"},
		entry{uapi.RTPROT_KEEPALIVED, "keepalived"},
		entry{uapi.RTPROT_BABEL, "babel"},
		entry{uapi.RTPROT_OVN, "ovn"},
		entry{uapi.RTPROT_OPENR, "openr"},
		entry{uapi.RTPROT_BGP, "bgp"},
		entry{uapi.RTPROT_ISIS, "isis"},
		entry{uapi.RTPROT_OSPF, "ospf"},
		entry{uapi.RTPROT_RIP, "rip"},
		entry{uapi.RTPROT_EIGRP, "eigrp"})
}

// dsFields are the classes of RFC 2474 (CS), 2597 (AF) and 3246 (EF).
func dsFields(t *Table) {
	t.with(entry{0, "default"}, entry{0xb8, "EF"})
	for class := uint32(1); class <= 7; class++ {
		t.set(class<<5, "CS"+string(rune('0'+class)))
	}
	for class := uint32(1); class <= 4; class++ {
		for drop := uint32(1); drop <= 3; drop++ {
			t.set(class<<5|drop<<3, "AF"+string(rune('0'+class))+string(rune('0'+drop)))
		}
	}
}

func nlProtos(t *Table) {
	t.with(
		entry{uapi.NETLINK_ROUTE, "rtnl"},
		entry{uapi.NETLINK_UNUSED, "unused"},
		entry{uapi.NETLINK_USERSOCK, "usersock"},
		entry{uapi.NETLINK_FIREWALL, "fw"},
		entry{uapi.NETLINK_SOCK_DIAG, "tcpdiag"},
		entry{uapi.NETLINK_NFLOG, "nflog"},
		entry{uapi.NETLINK_XFRM, "xfrm"},
		entry{uapi.NETLINK_SELINUX, "selinux"},
		entry{uapi.NETLINK_ISCSI, "iscsi"},
		entry{uapi.NETLINK_AUDIT, "audit"},
		entry{uapi.NETLINK_FIB_LOOKUP, "fiblookup"},
		entry{uapi.NETLINK_CONNECTOR, "connector"},
		entry{uapi.NETLINK_NETFILTER, "nft"},
		entry{uapi.NETLINK_IP6_FW, "ip6fw"},
		entry{uapi.NETLINK_DNRTMSG, "dec-rt"},
		entry{uapi.NETLINK_KOBJECT_UEVENT, "uevent"},
		entry{uapi.NETLINK_GENERIC, "genl"},
		entry{uapi.NETLINK_SCSITRANSPORT, "scsi-trans"},
		entry{uapi.NETLINK_ECRYPTFS, "ecryptfs"},
		entry{uapi.NETLINK_RDMA, "rdma"},
		entry{uapi.NETLINK_CRYPTO, "crypto"})
}
