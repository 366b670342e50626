package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Neigh is what an address of a network is at the link layer (ARP, neighbour
// discovery), or an address that this machine answers for (Proxy). In a
// change, the zero value of a field is "not said"; the last part is only read.
type Neigh struct {
	// Dst is the neighbour's address.
	Dst netip.Addr
	// Dev is the interface it is reached by; only a proxy may have none.
	Dev val.LinkRef
	// LLAddr is its link-layer address, on some tunnels an IP address. Where
	// the interface has such addresses, only the states none, incomplete and
	// failed go without.
	LLAddr []byte
	// State is NUD_...; unset, to add, is permanent, with Managed none.
	State val.Opt[NeighState]
	// Proxy answers for the address instead. The lists of proxies and of
	// neighbours are two; it has no link-layer address and no state.
	Proxy val.Opt[bool]
	// Router says that the neighbour routes, for IPv6.
	Router val.Opt[bool]
	// ExternLearn is an entry that a program keeps up, ExternValid one whose
	// validity it sees to, since Linux 6.18; the kernel does not expire them.
	ExternLearn, ExternValid val.Opt[bool]
	// Managed makes the kernel resolve the address and keep it so, since Linux
	// 5.16.
	Managed val.Opt[bool]
	// Use makes the kernel resolve the address once; it is never read.
	Use val.Opt[bool]
	// Protocol is who made the entry (rt_protos), since Linux 5.0.
	Protocol val.Opt[uint8]
	// Family must agree with Dst; in a list it restricts.
	Family val.Opt[Family]
	// Master, in a list, asks for the neighbours on ports of this bridge or VRF.
	Master val.LinkRef

	// Offloaded is an entry that a device keeps.
	Offloaded val.Opt[bool]
	// Confirmed, Used and Updated are how long ago, in 1/100 s; Refs counts who
	// holds the entry; Probes are the requests sent.
	Confirmed, Used, Updated, Refs, Probes uint32
	// VLAN, VNI, SrcVNI, Port, NHID and Via are of a bridge's forwarding entries.
	VLAN val.Opt[uint16]
	// VNI and SrcVNI are of VXLAN, as is Port.
	VNI, SrcVNI, NHID val.Opt[uint32]
	// Port is the UDP port of the other end.
	Port val.Opt[uint16]
	// Via is the interface that VXLAN packets leave by.
	Via val.LinkRef
	// LinkNetnsid is the namespace of Via.
	LinkNetnsid val.Opt[int32]
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// NeighState is what is known of a neighbour's link-layer address.
type NeighState uint16

// The states.
const (
	NeighNone       NeighState = uapi.NUD_NONE
	NeighIncomplete NeighState = uapi.NUD_INCOMPLETE
	NeighReachable  NeighState = uapi.NUD_REACHABLE
	NeighStale      NeighState = uapi.NUD_STALE
	NeighDelay      NeighState = uapi.NUD_DELAY
	NeighProbe      NeighState = uapi.NUD_PROBE
	NeighFailed     NeighState = uapi.NUD_FAILED
	NeighNoARP      NeighState = uapi.NUD_NOARP
	NeighPermanent  NeighState = uapi.NUD_PERMANENT
)

var neighStates = attr.NewEnum("nud").With(uapi.NUD_PERMANENT, "permanent").With(uapi.NUD_REACHABLE, "reachable").
	With(uapi.NUD_STALE, "stale").With(uapi.NUD_NOARP, "noarp").With(uapi.NUD_NONE, "none").
	With(uapi.NUD_INCOMPLETE, "incomplete").With(uapi.NUD_DELAY, "delay").With(uapi.NUD_PROBE, "probe").
	With(uapi.NUD_FAILED, "failed")

// String is the state's word.
func (s NeighState) String() string { return neighStates.Text(uint64(s)) }

// Class is "neigh".
func (n *Neigh) Class() string { return neighClass.Name }

// Views are the neighbour's fields.
func (n *Neigh) Views() []attr.View { return []attr.View{neighTable.View(n)} }

// Ident is the address with its interface.
func (n *Neigh) Ident() string {
	return fmt.Sprintf("neigh %v dev %s proxy %v", n.Dst, refIdent(n.Dev), n.Proxy.Or(false))
}

// String is "10.0.0.2 dev eth0", of a proxy "proxy 10.0.0.2 dev eth0".
func (n *Neigh) String() string {
	s := "?"
	if n.Dst.IsValid() {
		s = n.Dst.String()
	}
	if n.Proxy.Or(false) {
		s = "proxy " + s
	}
	if !n.Dev.IsZero() {
		s += " dev " + n.Dev.String()
	}
	return s
}

// Header is the message of a verb, with ip's flags.
func (n *Neigh) Header(v val.Verb) (msgType, flags uint16, err error) {
	switch v {
	case Add:
		return uapi.RTM_NEWNEIGH, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL, nil
	case Replace:
		return uapi.RTM_NEWNEIGH, uapi.NLM_F_CREATE | uapi.NLM_F_REPLACE, nil
	case Update:
		return uapi.RTM_NEWNEIGH, uapi.NLM_F_REPLACE, nil
	case Del:
		return uapi.RTM_DELNEIGH, 0, nil
	}
	return 0, 0, fmt.Errorf("a neighbour has no %q", v)
}

// Append writes the message's body.
func (n *Neigh) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	if err := n.check(v); err != nil {
		return b, err
	}
	return neighTable.Append(e, b, n)
}

func (n *Neigh) check(v val.Verb) error {
	is, proxy := familyOf(n.Dst), n.Proxy.Or(false)
	bad := func(field, text string, args ...any) error {
		return &attr.FieldError{Field: field, Msg: fmt.Sprintf(text, args...)}
	}
	switch {
	case is == 0:
		return bad("dst", "is required")
	case !proxy && (n.Dev.IsZero() || n.Dev.IsNone()):
		return bad("dev", "is required")
	case n.Family.Or(is) != is:
		return bad("family", "is %v, but dst is %v", n.Family, n.Dst)
	case v == Del:
		return nil
	case proxy && len(n.LLAddr) > 0:
		return bad("lladdr", "is not for a proxy")
	case proxy && !n.State.IsZero():
		return bad("nud", "is not for a proxy")
	}
	return nil
}
