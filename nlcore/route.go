package nlcore

import (
	"fmt"
	"net/netip"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Route is an entry of a routing table. A million may be kept, so that the
// rare parts stand behind a pointer. In a change, the zero value of a field is
// "not said".
type Route struct {
	// Dst is what the route leads to. Unset is the default route of the family
	// that Family, else Via says, else IPv4.
	Dst netip.Prefix
	// Via is the gateway; it may be of the other family than Dst.
	Via netip.Addr
	// Src is the address that the kernel prefers as source.
	Src netip.Addr
	// Dev is the interface that packets leave by.
	Dev val.LinkRef
	// More are the rare parts; nil where none is said.
	More *RouteMore
	// Priority is ip's metric; the lowest is used. Unset is 0 for IPv4 and 1024
	// for IPv6.
	Priority val.Opt[uint32]
	// Table is 1 to 2^32-1 (rt_tables). Unset is main, for a route of type
	// local, broadcast, anycast or nat local; in a list any.
	Table val.Opt[uint32]
	// Flags are ip's onlink and pervasive; the kernel sets others.
	Flags RouteFlags
	// Family must agree with Dst.
	Family val.Opt[Family]
	// Protocol is who made the route (rt_protos). Unset is boot; to delete, any.
	Protocol val.Opt[uint8]
	// Scope is how far the destination is, for IPv4 (rt_scopes). Unset follows
	// from type and gateway as in ip; to delete, any.
	Scope val.Opt[uint8]
	// Type is unicast where unset; to delete, any.
	Type val.Opt[RouteType]
	// Pref is the preference of an IPv6 default router.
	Pref val.Opt[RoutePref]
	// Tos is the traffic class that packets must have, for IPv4; 0 is any.
	Tos uint8
}

// RouteMore is what few routes have.
type RouteMore struct {
	// Hops are the ways of a multipath route.
	Hops []Hop
	// NHID is a nexthop object, in place of gateway, interface and hops.
	NHID val.Opt[uint32]
	// From is the source that packets must have, for IPv6; in a lookup the
	// source address.
	From netip.Prefix
	// RouteMetrics go to the sockets that use the route.
	RouteMetrics
	// Realms are the source realm in the upper and the destination realm in
	// the lower 16 bits, for IPv4.
	Realms val.Opt[uint32]
	// Expires is in seconds, for IPv6.
	Expires val.Opt[uint32]
	// TTLPropagate says whether MPLS copies the hop limit.
	TTLPropagate val.Opt[TTLPropagate]
	// Encap is how packets are wrapped; nil is not at all. By key it is a table
	// whose first value is the kind: mpls (dst, ttl), ip (id, dst, src, ttl, tos,
	// key, csum, seq), ip6 (id, dst, src, hoplimit, tc, key, csum, seq), seg6
	// (mode, segs, hmac, tag, tunsrc, lookup), seg6local (action, srh, table,
	// vrftable, nh4, nh6, iif, oif, count, flavors, lblen, nflen), rpl (segs),
	// ioam6 (freq, mode, tunsrc, tundst, trace), xfrm (if_id, link_dev), bpf
	// (headroom).
	Encap Encap
	// Label is what an MPLS route leads from, 0 to 2^20-1, in place of Dst.
	Label val.Opt[uint32]
	// NewDst are the labels that an MPLS route puts in its place, the first
	// outermost; none takes it off.
	NewDst []uint32
	// VRF stands for the table of a vrf, in a lookup for the interface itself.
	VRF val.LinkRef

	// IIF, Mark, UID, IPProto, SPort, DPort and FlowLabel are of the packet
	// that a lookup asks about.
	IIF          val.LinkRef
	Mark, UID    val.Opt[uint32]
	IPProto      val.Opt[IPProto]
	SPort, DPort val.Opt[uint16]
	FlowLabel    val.Opt[uint32]
	// FibMatch makes a lookup return the entry of the table, not the route of
	// the packet.
	FibMatch bool

	// Error is the negative errno that senders get, Users and Used count, Age is
	// in 1/100 s; read only.
	Error            int32
	Users, Used, Age uint32
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// more returns the rare parts, made where there are none.
func (r *Route) more() *RouteMore {
	if r.More == nil {
		r.More = new(RouteMore)
	}
	return r.More
}

// hops are the ways of a multipath route.
func (r *Route) hops() []Hop {
	if r.More == nil {
		return nil
	}
	return r.More.Hops
}

// byObject says that a nexthop object stands for gateway and interface, which
// the kernel reports beside it and does not take back.
func (r *Route) byObject() bool { return r.More != nil && !r.More.NHID.IsZero() }

// family is that of the destination; "default" has the one said, else that of
// the gateway.
func (r *Route) family() Family {
	if r.Dst.IsValid() {
		return familyOf(r.Dst.Addr())
	}
	if f, ok := r.Family.Get(); ok {
		return f
	}
	if r.More != nil && !r.More.Label.IsZero() {
		return MPLS
	}
	for _, a := range [...]netip.Addr{r.Via, r.hopVia(), r.from().Addr(), r.Src} {
		if a.IsValid() {
			return familyOf(a)
		}
	}
	return Inet
}

func (r *Route) from() netip.Prefix {
	if r.More == nil {
		return netip.Prefix{}
	}
	return r.More.From
}

// hopVia is the first gateway of a multipath route.
func (r *Route) hopVia() netip.Addr {
	for _, h := range r.hops() {
		if h.Via.IsValid() {
			return h.Via
		}
	}
	return netip.Addr{}
}

// Class is "route".
func (r *Route) Class() string { return routeClass.Name }

// Views are the route's fields.
func (r *Route) Views() []attr.View { return []attr.View{routeTable.View(r)} }

// Ident tells apart what one table can hold beside each other.
func (r *Route) Ident() string {
	return fmt.Sprintf("route %v %s from %v table %d metric %d tos %d type %v via %v dev %s hops %v",
		r.family(), r.dstText(), r.from(), r.table(), r.Priority.Or(0), r.Tos, r.Type.Or(uapi.RTN_UNICAST),
		r.Via, refIdent(r.Dev), r.hops())
}

// String is "10.0.0.0/8 via 10.0.0.1 dev eth0 table 100".
func (r *Route) String() string {
	var b strings.Builder
	if t := r.Type.Or(uapi.RTN_UNICAST); t != uapi.RTN_UNICAST && t != uapi.RTN_UNSPEC {
		b.WriteString(t.String() + " ")
	}
	b.WriteString(r.dstText())
	if r.Via.IsValid() {
		b.WriteString(" via " + r.Via.String())
	}
	if !r.Dev.IsZero() {
		b.WriteString(" dev " + r.Dev.String())
	}
	if r.byObject() {
		b.WriteString(" nhid " + r.More.NHID.String())
	}
	if t := r.table(); t != uapi.RT_TABLE_MAIN {
		fmt.Fprintf(&b, " table %d", t)
	}
	return b.String()
}

func (r *Route) dstText() string {
	switch {
	case r.family() == MPLS && r.More != nil:
		return r.More.Label.String()
	case !r.Dst.IsValid() || r.Dst.Bits() == 0:
		return "default"
	case r.Dst.IsSingleIP():
		return r.Dst.Addr().String()
	}
	return r.Dst.String()
}

// table is the one said, else where ip puts a route of this type.
func (r *Route) table() uint32 {
	if t := r.Table.Or(0); t != 0 {
		return t
	}
	switch r.Type.Or(0) {
	case uapi.RTN_LOCAL, uapi.RTN_BROADCAST, uapi.RTN_ANYCAST, uapi.RTN_NAT:
		return uapi.RT_TABLE_LOCAL
	}
	return uapi.RT_TABLE_MAIN
}

// Header is the message of a verb, with ip's flags. For IPv4 the kernel tells
// routes apart by destination, tos and metric: append puts one of the same
// behind, prepend before those that are there. For IPv6 append, prepend and a
// second gateway make one multipath route.
func (r *Route) Header(v val.Verb) (msgType, flags uint16, err error) {
	switch v {
	case Add:
		return uapi.RTM_NEWROUTE, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL, nil
	case Append:
		return uapi.RTM_NEWROUTE, uapi.NLM_F_CREATE | uapi.NLM_F_APPEND, nil
	case Prepend:
		return uapi.RTM_NEWROUTE, uapi.NLM_F_CREATE, nil
	case Replace:
		return uapi.RTM_NEWROUTE, uapi.NLM_F_CREATE | uapi.NLM_F_REPLACE, nil
	case Update:
		return uapi.RTM_NEWROUTE, uapi.NLM_F_REPLACE, nil
	case Del:
		return uapi.RTM_DELROUTE, 0, nil
	}
	return 0, 0, fmt.Errorf("a route has no %q", v)
}

// Append writes the message's body.
func (r *Route) Append(e *attr.Env, _ val.Verb, b []byte) ([]byte, error) {
	if err := r.check(); err != nil {
		return b, err
	}
	r, err := r.inVRF(e)
	if err != nil {
		return b, err
	}
	return routeTable.Append(e, b, r)
}

func (r *Route) check() error {
	is := r.family()
	switch {
	case r.Family.Or(is) != is:
		return &attr.FieldError{Field: "family", Msg: fmt.Sprintf("is %v, but dst is %v", r.Family, r.Dst)}
	case is == MPLS:
		return r.checkLabel()
	case is != Inet && is != Inet6:
		return &attr.FieldError{Field: "family", Msg: fmt.Sprintf("wants inet, inet6 or mpls, got %v", is)}
	case r.More != nil && !r.More.Label.IsZero():
		return &attr.FieldError{Field: "dst", Msg: fmt.Sprintf("is the MPLS label %v, but family is %v", r.More.Label, is)}
	case r.More != nil && len(r.More.NewDst) > 0:
		return &attr.FieldError{Field: "as", Msg: "is for MPLS routes only"}
	case r.Src.IsValid() && familyOf(r.Src) != is:
		return wrongFamily("src", is, r.Src)
	case r.from().IsValid() && familyOf(r.from().Addr()) != is:
		return wrongFamily("from", is, r.from())
	case is == Inet6 && r.Via.Is4():
		return wrongFamily("via", is, r.Via)
	}
	for i, h := range r.hops() {
		if is == Inet6 && h.Via.Is4() {
			return wrongFamily(fmt.Sprintf("nexthop[%d].via", i+1), is, h.Via)
		}
	}
	return nil
}

func wrongFamily(field string, want Family, got any) error {
	return &attr.FieldError{Field: field, Msg: fmt.Sprintf("wants an %v address, got %v", want, got)}
}
