package nlcore

import (
	"bytes"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// The links of a list are read without statistics and virtual functions: the
// kernel's messages about changes have no virtual functions either, and
// statistics change all the time.
var monitorLink = monitorKind{
	class:  &linkClass,
	groups: []uint32{uapi.RTNLGRP_LINK},
	added:  uapi.RTM_NEWLINK, deleted: uapi.RTM_DELLINK,
	header: uapi.SizeofIfInfomsg, skips: [2]int{12, 16}, // which flags changed
	about: func(body []byte) bool {
		if body[0] != uapi.AF_UNSPEC { // a port of a bridge, which leaves it
			return false
		}
		_, named := attr.Find(body[uapi.SizeofIfInfomsg:], uapi.IFLA_IFNAME) // else of the radio
		return named
	},
	key:    func(b, body []byte) []byte { return append(b, body[4:8]...) },
	own:    linkChanging,
	lists:  []listing{{uapi.AF_UNSPEC, uapi.RTM_GETLINK, briefDump}},
	decode: func(e *attr.Env, body []byte) (Object, error) { return decodeLink(e, body) },
}

// linkChanging are the counters, what lists and messages about changes have
// for themselves, and timers. Of IPv6 the time of the last router message
// counts in jiffies.
func linkChanging(body []byte) changing {
	info, _ := attr.Find(body[uapi.SizeofIfInfomsg:], uapi.IFLA_LINKINFO)
	switch {
	case infoText(info, uapi.IFLA_INFO_KIND) == bridgeKind:
		return bridgeChanging
	case infoText(info, uapi.IFLA_INFO_SLAVE_KIND) == bridgeKind:
		return portChanging
	}
	return anyLinkChanging
}

var (
	anyLinkChanging = withLinkInfo(changing{uapi.IFLA_INFO_XSTATS: nil})
	bridgeChanging  = withLinkInfo(changing{uapi.IFLA_INFO_XSTATS: nil, uapi.IFLA_INFO_DATA: {
		uapi.IFLA_BR_HELLO_TIMER: nil, uapi.IFLA_BR_TCN_TIMER: nil, uapi.IFLA_BR_TOPOLOGY_CHANGE_TIMER: nil,
		uapi.IFLA_BR_GC_TIMER: nil, uapi.IFLA_BR_MCAST_QUERIER_STATE: nil,
	}})
	portChanging = withLinkInfo(changing{uapi.IFLA_INFO_XSTATS: nil, uapi.IFLA_INFO_SLAVE_DATA: {
		uapi.IFLA_BRPORT_MESSAGE_AGE_TIMER: nil, uapi.IFLA_BRPORT_FORWARD_DELAY_TIMER: nil,
		uapi.IFLA_BRPORT_HOLD_TIMER: nil,
	}})
)

func withLinkInfo(info changing) changing {
	return changing{
		uapi.IFLA_STATS: nil, uapi.IFLA_STATS64: nil, uapi.IFLA_PAD: nil, uapi.IFLA_EVENT: nil,
		uapi.IFLA_NEW_NETNSID: nil, uapi.IFLA_NEW_IFINDEX: nil, uapi.IFLA_NUM_VF: nil,
		uapi.IFLA_VFINFO_LIST: nil, uapi.IFLA_VF_PORTS: nil, uapi.IFLA_PORT_SELF: nil, uapi.IFLA_EXT_MASK: nil,
		uapi.IFLA_LINKINFO: info,
		uapi.IFLA_AF_SPEC: {uapi.AF_INET6: {
			uapi.IFLA_INET6_STATS: nil, uapi.IFLA_INET6_ICMP6STATS: nil, uapi.IFLA_INET6_CACHEINFO: nil,
		}},
	}
}

var monitorAddr = monitorKind{
	class:  &addrClass,
	groups: []uint32{uapi.RTNLGRP_IPV4_IFADDR, uapi.RTNLGRP_IPV6_IFADDR},
	added:  uapi.RTM_NEWADDR, deleted: uapi.RTM_DELADDR,
	header: uapi.SizeofIfAddrmsg,
	about:  isIP,
	key:    addrKey,
	own:    func([]byte) changing { return addrChanging },
	also:   sameStamps,
	lists:  bothFamilies(uapi.RTM_GETADDR, uapi.SizeofIfAddrmsg),
	decode: decodeAs(&addrClass),
}

var addrChanging = changing{uapi.IFA_CACHEINFO: nil}

// sameStamps compares when two addresses were made and changed. Their lifetimes
// in struct ifa_cacheinfo count down.
func sameStamps(a, b []byte) bool {
	x, _ := attr.Find(a[uapi.SizeofIfAddrmsg:], uapi.IFA_CACHEINFO)
	y, _ := attr.Find(b[uapi.SizeofIfAddrmsg:], uapi.IFA_CACHEINFO)
	return len(x) == len(y) && bytes.Equal(x[min(8, len(x)):], y[min(8, len(y)):])
}

// addrKey is what the kernel tells addresses apart by: for IPv4 the address,
// its length and the other end (find_matching_ifa), for IPv6 the address.
func addrKey(b, body []byte) []byte {
	local, said := attr.Find(body[uapi.SizeofIfAddrmsg:], uapi.IFA_LOCAL)
	address, _ := attr.Find(body[uapi.SizeofIfAddrmsg:], uapi.IFA_ADDRESS)
	b = append(append(b, body[0]), body[4:8]...)
	if body[0] == uapi.AF_INET {
		return append(append(append(b, body[1]), local...), address...)
	}
	if said {
		return append(b, local...)
	}
	return append(b, address...)
}

var monitorNeigh = monitorKind{
	class:  &neighClass,
	groups: []uint32{uapi.RTNLGRP_NEIGH},
	added:  uapi.RTM_NEWNEIGH, deleted: uapi.RTM_DELNEIGH,
	header: uapi.SizeofNdMsg,
	about:  isIP, // bridges have entries too
	key: func(b, body []byte) []byte {
		dst, _ := attr.Find(body[uapi.SizeofNdMsg:], uapi.NDA_DST)
		b = append(append(b, body[0], body[neighFlagsAt]&uapi.NTF_PROXY), body[4:8]...)
		return append(b, dst...)
	},
	own:    func([]byte) changing { return neighChanging },
	lists:  bothFamilies(uapi.RTM_GETNEIGH, uapi.SizeofNdMsg),
	decode: decodeAs(&neighClass),
}

var neighChanging = changing{uapi.NDA_CACHEINFO: nil, uapi.NDA_PROBES: nil}

var monitorRule = monitorKind{
	class:  &ruleClass,
	groups: []uint32{uapi.RTNLGRP_IPV4_RULE, uapi.RTNLGRP_IPV6_RULE},
	added:  uapi.RTM_NEWRULE, deleted: uapi.RTM_DELRULE,
	header: uapi.SizeofFibRuleHdr,
	about:  isIP,
	key: func(b, body []byte) []byte { // all but what follows from other objects
		from := len(b)
		b = append(b, body...)
		flags := b[from+8:]
		ne.PutUint32(flags, ne.Uint32(flags)&^(uapi.FIB_RULE_UNRESOLVED|uapi.FIB_RULE_IIF_DETACHED|uapi.FIB_RULE_OIF_DETACHED))
		return b
	},
	own:    func([]byte) changing { return nil },
	lists:  bothFamilies(uapi.RTM_GETRULE, uapi.SizeofFibRuleHdr),
	decode: decodeAs(&ruleClass),
}
