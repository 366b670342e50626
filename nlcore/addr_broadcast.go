package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
)

// BroadcastHigh and BroadcastLow are ip's "brd +" and "brd -": the address with
// all bits of the host on, or off. They are values to copy, never to change.
var (
	BroadcastHigh = netip.IPv6Unspecified().WithZone("+")
	BroadcastLow  = netip.IPv6Unspecified().WithZone("-")
)

// broadcast is IFA_BROADCAST, which may follow from the address.
type broadcast struct{}

func (broadcast) Decode(_ *attr.Env, p *netip.Addr, b []byte) error {
	x, ok := netip.AddrFromSlice(b)
	if !ok || !x.Is4() {
		return fmt.Errorf("has %d bytes, an IPv4 address has 4", len(b))
	}
	*p = x
	return nil
}

func (broadcast) Append(_ *attr.Env, b []byte, p *netip.Addr) ([]byte, error) {
	if !p.Is4() {
		return b, fmt.Errorf("wants an IPv4 address, got %v", *p)
	}
	return appendIP(b, *p), nil
}

func (broadcast) Has(p *netip.Addr) bool { return p.IsValid() }

func (broadcast) Set(_ *attr.Env, p *netip.Addr, v attr.Value) error {
	switch v.Word() {
	case "+":
		*p = BroadcastHigh
		return nil
	case "-":
		*p = BroadcastLow
		return nil
	}
	x, err := attr.ToAddr(v)
	if err != nil || !x.Is4() {
		return fmt.Errorf(`wants an IPv4 address, "+" or "-", got %q`, v)
	}
	*p = x
	return nil
}

func (broadcast) Get(_ *attr.Env, p *netip.Addr) attr.Value {
	switch *p {
	case BroadcastHigh:
		return attr.StringOf("+")
	case BroadcastLow:
		return attr.StringOf("-")
	}
	return attr.AddrOf(*p)
}
func (broadcast) Width() int   { return 4 }
func (broadcast) Kind() string { return "IPv4 address" }

// withBroadcast is the address with what BroadcastHigh and BroadcastLow stand
// for. As with ip, a network of two addresses or one has no broadcasts.
func (a *Addr) withBroadcast() *Addr {
	if a.Broadcast != BroadcastHigh && a.Broadcast != BroadcastLow {
		return a
	}
	c := *a
	if c.Broadcast = (netip.Addr{}); a.bits() > 30 {
		return &c
	}
	of := a.Address.Addr()
	if a.Peer.IsValid() {
		of = a.Peer.Addr()
	}
	x := netip.PrefixFrom(of, a.bits()).Masked().Addr().As4()
	if a.Broadcast == BroadcastHigh {
		for i := a.bits(); i < 32; i++ {
			x[i/8] |= 0x80 >> (i % 8)
		}
	}
	c.Broadcast = netip.AddrFrom4(x)
	return &c
}
