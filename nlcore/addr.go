package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Addr is an address of an interface. In a change, the zero value of a field
// is "not said"; the last part is only read.
type Addr struct {
	// Address is the interface's own, with the length of its network. Where
	// Peer is said the length is full.
	Address netip.Prefix
	// Peer is the other end of a point-to-point link, with the length of the
	// network there. A full length gives way to that of Address.
	Peer netip.Prefix
	// Dev is the interface; required to add and to delete.
	Dev val.LinkRef
	// Broadcast is for IPv4; none is set where it is not said. BroadcastHigh and
	// BroadcastLow stand for the last and the first address of the network.
	Broadcast netip.Addr
	// Label is for IPv4, by custom the interface's name, a colon and more; at
	// most 15 bytes. Unset is the interface's name.
	Label string
	// Scope is where the address is valid (rt_scopes). Unset is host for
	// 127.0.0.0/8, else global. For IPv6 the kernel decides.
	Scope val.Opt[uint8]
	// ValidLft and PreferredLft are in seconds, 2^32-1 for ever, which is the
	// default. Preferred is not above valid, and follows it where unset.
	ValidLft, PreferredLft val.Opt[uint32]
	// Metric is of the route to the network; 0 is the kernel's.
	Metric uint32
	// Proto is who made the address (rt_addrprotos), since Linux 5.18.
	Proto val.Opt[uint8]
	// NoDAD, Optimistic, Home and MngTmpAddr are for IPv6: no duplicate address
	// detection; usable during it; a mobile node's home address; template of
	// temporary addresses.
	NoDAD, Optimistic, Home, MngTmpAddr val.Opt[bool]
	// NoPrefixRoute adds no route to the network.
	NoPrefixRoute val.Opt[bool]
	// Autojoin joins the multicast group that the address is.
	Autojoin val.Opt[bool]
	// Family restricts a list, and must agree with Address.
	Family val.Opt[Family]
	// Netnsid, in a list, asks for the addresses of the namespace with this id.
	Netnsid val.Opt[int32]

	// Tentative, DADFailed, Deprecated and StablePrivacy are the kernel's.
	Tentative, DADFailed, Deprecated, StablePrivacy val.Opt[bool]
	// Permanent is off, and Dynamic on, for an address with a lifetime.
	Permanent, Dynamic val.Opt[bool]
	// Secondary is an IPv4 address that is not the first of its network,
	// Temporary an IPv6 privacy address.
	Secondary, Temporary val.Opt[bool]
	// Created and Updated are in 1/100 s since the machine started.
	Created, Updated uint32
	// Anycast and Multicast are of the kernel's lists of these.
	Anycast, Multicast netip.Addr
	// Users counts those of a multicast address.
	Users uint32
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// ParseAddr reads "10.0.0.1/24"; without a length it is the full one.
func ParseAddr(s string) (*Addr, error) {
	p, err := attr.ToPrefix(attr.StringOf(s))
	if err != nil {
		return nil, fmt.Errorf("address%w", err)
	}
	return &Addr{Address: p}, nil
}

// MustParseAddr is ParseAddr for constants; it panics on others.
func MustParseAddr(s string) *Addr {
	a, err := ParseAddr(s)
	if err != nil {
		panic(err)
	}
	return a
}

// Class is "addr".
func (a *Addr) Class() string { return addrClass.Name }

// Views are the address's fields.
func (a *Addr) Views() []attr.View { return []attr.View{addrTable.View(a)} }

// Ident is the address with its length and its interface.
func (a *Addr) Ident() string {
	peer := ""
	if a.Peer.IsValid() {
		peer = " peer " + a.Peer.String()
	}
	return fmt.Sprintf("addr %v%s dev %s", a.Address, peer, refIdent(a.Dev))
}

// refIdent is a link's index, or its name while it has none.
func refIdent(r val.LinkRef) string {
	if r.Index != 0 {
		return fmt.Sprint(r.Index)
	}
	return r.Name
}

// String is "10.0.0.1/24 dev eth0".
func (a *Addr) String() string {
	s := "?"
	if a.Address.IsValid() {
		s = a.Address.String()
	}
	if a.Peer.IsValid() {
		s = a.Address.Addr().String() + " peer " + a.Peer.String()
	}
	if !a.Dev.IsZero() {
		s += " dev " + a.Dev.String()
	}
	return s
}

// Header is the message of a verb. The kernel's change creates an address
// that is not there (inet_rtm_newaddr, inet6_rtm_newaddr).
func (a *Addr) Header(v val.Verb) (msgType, flags uint16, err error) {
	switch v {
	case Add:
		return uapi.RTM_NEWADDR, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL, nil
	case Replace:
		return uapi.RTM_NEWADDR, uapi.NLM_F_CREATE | uapi.NLM_F_REPLACE, nil
	case Update:
		return uapi.RTM_NEWADDR, uapi.NLM_F_REPLACE, nil
	case Del:
		return uapi.RTM_DELADDR, 0, nil
	}
	return 0, 0, fmt.Errorf("an address has no %q", v)
}

// Append writes the message's body.
func (a *Addr) Append(e *attr.Env, _ val.Verb, b []byte) ([]byte, error) {
	if err := a.check(); err != nil {
		return b, err
	}
	return addrTable.Append(e, b, a.withBroadcast())
}

func (a *Addr) check() error {
	is := familyOf(a.Address.Addr())
	switch {
	case is == 0:
		return &attr.FieldError{Field: "address", Msg: "is required"}
	case a.Dev.IsZero() || a.Dev.IsNone():
		return &attr.FieldError{Field: "dev", Msg: "is required"}
	case a.Peer.IsValid() && familyOf(a.Peer.Addr()) != is:
		return &attr.FieldError{Field: "peer", Msg: fmt.Sprintf("wants an %v address as address is, got %v", is, a.Peer)}
	case a.Family.Or(is) != is:
		return &attr.FieldError{Field: "family", Msg: fmt.Sprintf("is %v, but address is %v", a.Family, a.Address)}
	case a.Broadcast.IsValid() && is != Inet:
		return &attr.FieldError{Field: "broadcast", Msg: "is for IPv4 only"}
	case a.ValidLft.Or(forever) == 0:
		return &attr.FieldError{Field: "valid_lft", Msg: "wants at least 1 second"}
	case a.PreferredLft.Or(0) > a.ValidLft.Or(forever):
		return &attr.FieldError{Field: "preferred_lft", Msg: "must not be above valid_lft"}
	}
	return nil
}

// forever is the lifetime without an end.
const forever = 1<<32 - 1

// bits is the length that the header carries: the peer's unless that is full.
func (a *Addr) bits() int {
	if a.Peer.IsValid() && !a.Peer.IsSingleIP() {
		return a.Peer.Bits()
	}
	return a.Address.Bits()
}
