package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/rtnames"
)

var routeTable = attr.Table[Route]{Name: "route", Rows: routeRows}

func routeRows(r *Route, d *attr.Def) {
	d.Key("dst")
	h := d.Header(uapi.SizeofRtMsg)
	h.At(3, "tos", attr.PlainNamed8(&r.Tos, dsFieldNames))
	h.At(5, "proto", attr.Named8(&r.Protocol, protoNames))
	h.At(6, "scope", attr.Named8(&r.Scope, scopeNames))
	h.At(7, "type", attr.Enum8(&r.Type, routeTypes))
	h.At(8, "", attr.Plain32(&r.Flags))
	d.Attr(uapi.RTA_DST, "dst", attr.Bind(r, routeDst{})).In(attr.All | attr.Query).Alias("to")
	attr.When(d.Attr(uapi.RTA_GATEWAY, "via", attr.Bind(&r.Via, gateway{})).In(attr.All).Alias("gateway"),
		func(r *Route) bool { return familyOf(r.Via) == r.family() && !r.byObject() })
	attr.When(d.Attr(uapi.RTA_VIA, "", attr.Bind(&r.Via, gateway{withFamily: true})).In(attr.All).Hide(),
		func(r *Route) bool { return familyOf(r.Via) != r.family() && !r.byObject() })
	attr.When(d.Attr(uapi.RTA_OIF, "dev", attr.Link(&r.Dev)).In(attr.All|attr.Query).Alias("oif"),
		notByObject)
	d.Attr(uapi.RTA_PREFSRC, "src", attr.IP(&r.Src)).In(attr.All)
	d.Attr(uapi.RTA_PRIORITY, "metric", attr.Uint32(&r.Priority)).In(attr.All).Alias("priority", "preference")
	attr.When(d.Attr(uapi.RTA_TABLE, "table", attr.Named32(&r.Table, tableNames)).In(attr.All),
		func(r *Route) bool { return r.Table.Or(0) > 255 }) // below that the header has it
	attr.When(d.Attr(uapi.RTA_MULTIPATH, "nexthop", attr.Bind(r, hopsCodec{})).In(attr.All), notByObject)
	d.Attr(uapi.RTA_PREF, "pref", attr.Enum8(&r.Pref, routePrefs)).Since("4.1")
	d.Attr(uapi.RTA_CACHEINFO, "cacheinfo", attr.Bind(r, cacheinfo{})).In(0).Hide()
	d.Local("family", attr.Enum8(&r.Family, families))
	routeFlagRows(r, d)
	attr.Behind(d, &r.More, routeMoreRows)
	attr.Hook(d, attr.Hooks[Route]{Read: readRouteHeader, Write: writeRouteHeader})
}

func routeMoreRows(m *RouteMore, d *attr.Def) {
	d.Attr(uapi.RTA_SRC, "from", attr.Bind(&m.From, fromCodec{})).In(attr.All | attr.Query)
	d.Attr(uapi.RTA_NH_ID, "nhid", attr.Uint32(&m.NHID)).In(attr.All).Since("5.3")
	d.Nest(uapi.RTA_METRICS, "metrics", func(d *attr.Def) { metricRows(&m.RouteMetrics, d) })
	d.Attr(uapi.RTA_FLOW, "realms", attr.Bind(&m.Realms, realms{})).Alias("realm")
	d.Attr(uapi.RTA_EXPIRES, "expires", attr.Uint32(&m.Expires).Unit(attr.Seconds)).Since("4.5")
	d.Attr(uapi.RTA_TTL_PROPAGATE, "ttl_propagate", attr.Enum8(&m.TTLPropagate, ttlPropagates)).Since("4.12")
	typ, encap := encapRows(&m.Encap, d)
	attr.When(typ, notByObject)
	attr.When(encap, notByObject)
	d.Attr(uapi.RTA_NEWDST, "as", attr.Bind(&m.NewDst, labels{})).In(attr.All).Since("4.1")
	d.Local("vrf", attr.Link(&m.VRF))
	d.Attr(uapi.RTA_IIF, "iif", attr.Link(&m.IIF)).In(attr.Query)
	d.Attr(uapi.RTA_MARK, "mark", attr.Uint32(&m.Mark)).In(attr.Query)
	d.Attr(uapi.RTA_UID, "uid", attr.Uint32(&m.UID)).In(attr.Query).Since("4.10")
	d.Attr(uapi.RTA_IP_PROTO, "ipproto", attr.Enum8(&m.IPProto, ipProtos)).In(attr.Query).Since("4.18")
	d.Attr(uapi.RTA_SPORT, "sport", attr.BE16(&m.SPort)).In(attr.Query).Since("4.18")
	d.Attr(uapi.RTA_DPORT, "dport", attr.BE16(&m.DPort)).In(attr.Query).Since("4.18")
	d.Attr(uapi.RTA_FLOWLABEL, "flowlabel", attr.BE32(&m.FlowLabel).Range(0, 1<<20-1)).In(attr.Query).Since("6.14")
	d.Local("fibmatch", attr.Flag(&m.FibMatch))
	d.Skip(uapi.RTA_PAD)
	d.Extra(&m.Extra)
}

func notByObject(r *Route) bool { return !r.byObject() }

func dsFieldNames(n *rtnames.Names) *rtnames.Table { return n.DSFields }
func protoNames(n *rtnames.Names) *rtnames.Table   { return n.Protos }
func tableNames(n *rtnames.Names) *rtnames.Table   { return n.Tables }

// readRouteHeader notes family, lengths and table for what follows.
func readRouteHeader(_ *attr.Env, r *Route, head []byte) (err error) {
	family := Family(head[0])
	r.Family.Set(family)
	r.Table.Set(uint32(head[4])) // RTA_TABLE has more bits and comes later
	if family == MPLS {
		return nil // it has labels, all of one length
	}
	if r.Dst, err = placeholder(family, head[1]); err == nil && head[2] != 0 {
		r.more().From, err = placeholder(family, head[2])
	}
	return err
}

// writeRouteHeader puts what follows from several fields, with ip's defaults.
func writeRouteHeader(e *attr.Env, r *Route, head []byte) error {
	head[0] = byte(r.family())
	switch {
	case r.Dst.IsValid():
		head[1] = byte(r.Dst.Bits())
	case head[0] == uapi.AF_MPLS:
		head[1] = labelBits
	}
	if from := r.from(); from.IsValid() {
		head[2] = byte(from.Bits())
	}
	if e.Mode == attr.Query {
		writeLookupHeader(r, head)
		return nil
	}
	if t := r.table(); t <= 255 {
		head[4] = byte(t)
	}
	if e.Mode == attr.Create {
		if r.Protocol.IsZero() {
			head[5] = uapi.RTPROT_BOOT
		}
		if r.Type.IsZero() {
			head[7] = uapi.RTN_UNICAST
		}
	}
	if r.Scope.IsZero() {
		head[6] = r.defaultScope(e.Mode)
	}
	ne.PutUint32(head[8:], uint32(r.Flags&settableFlags))
	return nil
}

// writeLookupHeader leaves out what strict checking forbids in a lookup, and
// asks for the table that the route was found in.
func writeLookupHeader(r *Route, head []byte) {
	clear(head[4:])
	flags := uint32(0)
	if r.family() == Inet { // the others tell it unasked, and refuse the flag
		flags = uapi.RTM_F_LOOKUP_TABLE
	}
	if r.More != nil && r.More.FibMatch {
		flags |= uapi.RTM_F_FIB_MATCH
	}
	ne.PutUint32(head[8:], flags)
}

// defaultScope is ip's; IPv6 has no scopes.
func (r *Route) defaultScope(m attr.Mode) byte {
	switch r.Type.Or(uapi.RTN_UNICAST) {
	case uapi.RTN_LOCAL, uapi.RTN_NAT:
		return uapi.RT_SCOPE_HOST
	case uapi.RTN_BROADCAST, uapi.RTN_MULTICAST, uapi.RTN_ANYCAST:
		return uapi.RT_SCOPE_LINK
	case uapi.RTN_UNICAST, uapi.RTN_UNSPEC:
		if m == attr.Delete && r.family() != MPLS {
			return uapi.RT_SCOPE_NOWHERE
		}
		if r.family() == Inet && !r.Via.IsValid() && len(r.hops()) == 0 && !r.byObject() {
			return uapi.RT_SCOPE_LINK
		}
	}
	if m == attr.Delete {
		return uapi.RT_SCOPE_NOWHERE
	}
	return uapi.RT_SCOPE_UNIVERSE
}
