package nlcore

import "nlsh/nlcore/internal/uapi"

// What a route does with packets. RouteUnicast is what a route is where
// nothing is said.
const (
	RouteUnicast     RouteType = uapi.RTN_UNICAST
	RouteLocal       RouteType = uapi.RTN_LOCAL
	RouteBroadcast   RouteType = uapi.RTN_BROADCAST
	RouteAnycast     RouteType = uapi.RTN_ANYCAST
	RouteMulticast   RouteType = uapi.RTN_MULTICAST
	RouteBlackhole   RouteType = uapi.RTN_BLACKHOLE
	RouteUnreachable RouteType = uapi.RTN_UNREACHABLE
	RouteProhibit    RouteType = uapi.RTN_PROHIBIT
	RouteThrow       RouteType = uapi.RTN_THROW
	RouteNAT         RouteType = uapi.RTN_NAT
)

// The preferences of an IPv6 router.
const (
	PrefMedium RoutePref = uapi.ICMPV6_ROUTER_PREF_MEDIUM
	PrefHigh   RoutePref = uapi.ICMPV6_ROUTER_PREF_HIGH
	PrefLow    RoutePref = uapi.ICMPV6_ROUTER_PREF_LOW
)
