package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// RouteType is what a route does with packets.
type RouteType uint8

var routeTypes = attr.NewEnum("type", "none", "unicast", "local", "broadcast", "anycast", "multicast",
	"blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve")

// String is the type's word.
func (t RouteType) String() string { return routeTypes.Text(uint64(t)) }

// RoutePref is the preference of an IPv6 default router (RFC 4191).
type RoutePref uint8

var routePrefs = attr.NewEnum("pref", "medium", "high").With(3, "low")

// String is the preference's word.
func (p RoutePref) String() string { return routePrefs.Text(uint64(p)) }

// TTLPropagate says whether MPLS copies the hop limit.
type TTLPropagate uint8

var ttlPropagates = attr.NewEnum("ttl_propagate", "disabled", "enabled")

// String is "enabled" or "disabled".
func (t TTLPropagate) String() string { return ttlPropagates.Text(uint64(t)) }

// IPProto is a protocol above IP.
type IPProto uint8

var ipProtos = attr.NewEnum("ipproto").With(uapi.IPPROTO_ICMP, "icmp").With(uapi.IPPROTO_TCP, "tcp").
	With(uapi.IPPROTO_UDP, "udp").With(uapi.IPPROTO_DCCP, "dccp").With(uapi.IPPROTO_ICMPV6, "ipv6-icmp").
	With(uapi.IPPROTO_SCTP, "sctp")

// String is the protocol's word.
func (p IPProto) String() string { return ipProtos.Text(uint64(p)) }

// RouteFlags are RTNH_F_ and RTM_F_ bits.
type RouteFlags uint32

// The flags that can be set.
const (
	// OnLink takes the gateway to be on the interface, whatever its address.
	OnLink RouteFlags = uapi.RTNH_F_ONLINK
	// Pervasive is kept by the kernel and has no effect.
	Pervasive RouteFlags = uapi.RTNH_F_PERVASIVE

	settableFlags = OnLink | Pervasive
	nexthopFlags  = 7 // of routeFlags: the first, which a nexthop has too
)

// routeFlags are the keys of the flags, those that can be set first.
var routeFlags = [...]struct {
	bit  RouteFlags
	word string
}{
	{OnLink, "onlink"}, {Pervasive, "pervasive"},
	{uapi.RTNH_F_DEAD, "dead"}, {uapi.RTNH_F_LINKDOWN, "linkdown"}, {uapi.RTNH_F_OFFLOAD, "offload"},
	{uapi.RTNH_F_TRAP, "trap"}, {uapi.RTNH_F_UNRESOLVED, "unresolved"},
	{uapi.RTM_F_CLONED, "cloned"}, {uapi.RTM_F_OFFLOAD, "rt_offload"}, {uapi.RTM_F_TRAP, "rt_trap"},
	{uapi.RTM_F_OFFLOAD_FAILED, "rt_offload_failed"},
}

// knownFlags are those that have words.
const knownFlags = settableFlags | uapi.RTNH_F_DEAD | uapi.RTNH_F_LINKDOWN | uapi.RTNH_F_OFFLOAD | uapi.RTNH_F_TRAP |
	uapi.RTNH_F_UNRESOLVED | uapi.RTM_F_CLONED | uapi.RTM_F_OFFLOAD | uapi.RTM_F_TRAP | uapi.RTM_F_OFFLOAD_FAILED

func routeFlagRows(r *Route, d *attr.Def) {
	for _, f := range routeFlags {
		field := attr.Bind(&r.Flags, flagBit[RouteFlags]{f.bit})
		if f.bit&settableFlags != 0 {
			d.Local(f.word, field)
		} else {
			d.Derived(f.word, field)
		}
	}
	d.Derived("flags", attr.Bind(&r.Flags, routeFlagWords{}))
}
