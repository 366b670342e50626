package nlcore

import (
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/rtnames"
)

var addrTable = attr.Table[Addr]{Name: "addr", Rows: func(a *Addr, d *attr.Def) {
	d.Key("address")
	h := d.Header(uapi.SizeofIfAddrmsg)
	h.At(3, "scope", attr.Named8(&a.Scope, scopeNames))
	h.At(4, "dev", attr.Link(&a.Dev))
	d.Attr(uapi.IFA_LOCAL, "address", attr.PrefixAddr(&a.Address)).In(attr.All).Alias("local_", "local")
	d.Attr(uapi.IFA_ADDRESS, "peer", attr.PrefixAddr(&a.Peer)).In(attr.All).Alias("remote")
	d.Attr(uapi.IFA_BROADCAST, "broadcast", attr.Bind(&a.Broadcast, broadcast{})).Alias("brd")
	d.Attr(uapi.IFA_LABEL, "label", attr.StrMax(&a.Label, uapi.IFNAMSIZ)).In(attr.All)
	d.Attr(uapi.IFA_RT_PRIORITY, "metric", attr.Plain32(&a.Metric)).Alias("priority", "preference").Since("4.18")
	d.Attr(uapi.IFA_PROTO, "proto", attr.Named8(&a.Proto, addrProtoNames)).Alias("protocol").Since("5.18")
	addrFlagRows(a, d)
	life := d.Struct(uapi.IFA_CACHEINFO, "cacheinfo", uapi.SizeofIfaCacheinfo)
	life.At(0, "preferred_lft", attr.Lifetime(&a.PreferredLft))
	life.At(4, "valid_lft", attr.Lifetime(&a.ValidLft))
	life.Member(8, "created", attr.Plain32(&a.Created)).In(0)
	life.Member(12, "updated", attr.Plain32(&a.Updated)).In(0)
	life.In(0) // written by writeAddrTail, which knows the defaults
	d.Attr(uapi.IFA_TARGET_NETNSID, "netnsid", attr.Signed32(&a.Netnsid)).In(attr.Query).Since("4.20")
	d.Attr(uapi.IFA_ANYCAST, "anycast", attr.IP(&a.Anycast)).In(0)
	d.Attr(uapi.IFA_MULTICAST, "multicast", attr.IP(&a.Multicast)).In(0)
	d.Attr(uapi.IFA_MC_USERS, "users", attr.Plain32(&a.Users)).In(0).Since("7.3")
	d.Local("family", attr.Enum8(&a.Family, families))
	d.Derived("ip", attr.Bind(a, addrIP{}))
	d.Derived("flags", attr.Bind(a, addrFlags{}))
	d.Extra(&a.Extra)
	attr.Hook(d, attr.Hooks[Addr]{Read: readAddrHeader, Write: writeAddrHeader, Done: finishAddr, Tail: writeAddrTail})
}}

func scopeNames(n *rtnames.Names) *rtnames.Table     { return n.Scopes }
func addrProtoNames(n *rtnames.Names) *rtnames.Table { return n.AddrProtos }

// addrFlagRows are the bits of IFA_FLAGS. The kernel stores what it gets for
// IPv4, so that its own bits must not be sent back.
func addrFlagRows(a *Addr, d *attr.Def) {
	d.Struct(uapi.IFA_FLAGS, "ifa_flags", 4).Bits(0, -1,
		attr.Bit(uapi.IFA_F_NODAD, "nodad", &a.NoDAD),
		attr.Bit(uapi.IFA_F_OPTIMISTIC, "optimistic", &a.Optimistic),
		attr.Bit(uapi.IFA_F_HOMEADDRESS, "home", &a.Home),
		attr.Bit(uapi.IFA_F_MANAGETEMPADDR, "mngtmpaddr", &a.MngTmpAddr),
		attr.Bit(uapi.IFA_F_NOPREFIXROUTE, "noprefixroute", &a.NoPrefixRoute),
		attr.Bit(uapi.IFA_F_MCAUTOJOIN, "autojoin", &a.Autojoin),
		attr.Bit(uapi.IFA_F_TENTATIVE, "tentative", &a.Tentative).ReadOnly(),
		attr.Bit(uapi.IFA_F_DADFAILED, "dadfailed", &a.DADFailed).ReadOnly(),
		attr.Bit(uapi.IFA_F_DEPRECATED, "deprecated", &a.Deprecated).ReadOnly(),
		attr.Bit(uapi.IFA_F_STABLE_PRIVACY, "stable_privacy", &a.StablePrivacy).ReadOnly(),
		attr.Bit(uapi.IFA_F_PERMANENT, "permanent", &a.Permanent).ReadOnly(),
		attr.NotBit(uapi.IFA_F_PERMANENT, "dynamic", &a.Dynamic).ReadOnly(),
		attr.Bit(uapi.IFA_F_SECONDARY, "secondary", &a.Secondary).ReadOnly(),
		attr.Bit(uapi.IFA_F_TEMPORARY, "temporary", &a.Temporary).ReadOnly(),
	)
}

// readAddrHeader notes the length for the attributes that follow.
func readAddrHeader(_ *attr.Env, a *Addr, head []byte) (err error) {
	family := Family(head[0])
	a.Family.Set(family)
	a.Address, err = placeholder(family, head[1])
	a.Peer = a.Address
	return err
}

// finishAddr sorts out which of IFA_LOCAL and IFA_ADDRESS is what: IPv6 has
// the first only with a peer, IPv4 has both and they differ with a peer.
func finishAddr(_ *attr.Env, a *Addr) error {
	switch {
	case a.Address.Addr().IsUnspecified():
		a.Address, a.Peer = a.Peer, netip.Prefix{}
	case a.Address == a.Peer:
		a.Peer = netip.Prefix{}
	default:
		a.Address = netip.PrefixFrom(a.Address.Addr(), a.Address.Addr().BitLen())
	}
	if a.Anycast.IsValid() || a.Multicast.IsValid() {
		a.Address = netip.Prefix{}
	}
	if a.Family.Or(0) == Inet6 { // one bit has a meaning for each family
		a.Secondary.Clear()
	} else {
		a.Temporary.Clear()
	}
	return nil
}

func writeAddrHeader(_ *attr.Env, a *Addr, head []byte) error {
	head[0] = byte(familyOf(a.Address.Addr()))
	head[1] = byte(a.bits())
	if a.Scope.IsZero() && a.Address.Addr().Is4() && a.Address.Addr().IsLoopback() {
		head[3] = uapi.RT_SCOPE_HOST
	}
	return nil
}

// writeAddrTail writes what follows from several fields: the address as its
// own peer, and lifetimes where one is said.
func writeAddrTail(e *attr.Env, a *Addr, b []byte) ([]byte, error) {
	if !a.Peer.IsValid() {
		var start int
		b, start = attr.Open(b, uapi.IFA_ADDRESS)
		b = append(b, a.Address.Addr().AsSlice()...)
		b, _ = attr.Close(b, start)
	}
	if e.Mode&attr.Write == 0 || a.ValidLft.IsZero() && a.PreferredLft.IsZero() {
		return b, nil
	}
	valid := a.ValidLft.Or(forever)
	b, start := attr.Open(b, uapi.IFA_CACHEINFO)
	b = ne.AppendUint32(ne.AppendUint32(b, a.PreferredLft.Or(valid)), valid)
	return attr.Close(append(b, make([]byte, 8)...), start)
}
