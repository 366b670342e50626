package attr

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
)

// ipCodec is an IPv4 or IPv6 address, 4 or 16 bytes.
type ipCodec struct{ v4, v6 bool }

func (c ipCodec) Decode(_ *Env, p *netip.Addr, b []byte) error {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return fmt.Errorf("has %d bytes, an address has 4 or 16", len(b))
	}
	if a.Is4() && !c.v4 || a.Is6() && !c.v6 {
		return fmt.Errorf("has %d bytes, an %s has %d", len(b), c.Kind(), c.Width())
	}
	*p = a
	return nil
}

func (c ipCodec) Append(_ *Env, b []byte, p *netip.Addr) ([]byte, error) {
	if err := c.fits(*p); err != nil {
		return b, err
	}
	return appendAddr(b, *p), nil
}

func appendAddr(b []byte, a netip.Addr) []byte {
	if a.Is4() {
		v := a.As4()
		return append(b, v[:]...)
	}
	v := a.As16()
	return append(b, v[:]...)
}

func (c ipCodec) fits(a netip.Addr) error {
	switch {
	case a.Is4() && !c.v4:
		return wants("an IPv6 address", AddrOf(a))
	case a.Is6() && !c.v6:
		return wants("an IPv4 address", AddrOf(a))
	case a.Zone() != "":
		return wants("an address without a zone (say dev=)", AddrOf(a))
	}
	return nil
}

func (ipCodec) Has(p *netip.Addr) bool { return p.IsValid() }

func (c ipCodec) Set(_ *Env, p *netip.Addr, v Value) error {
	a, err := ToAddr(v)
	if err == nil {
		err = c.fits(a)
	}
	if err == nil {
		*p = a
	}
	return err
}

// ToAddr reads "10.0.0.1"; of an address that has a length the address.
func ToAddr(v Value) (netip.Addr, error) {
	switch v.kind {
	case KindAddr:
		return v.Addr(), nil
	case KindPrefix:
		return v.Prefix().Addr(), nil
	case KindString:
		if a, err := netip.ParseAddr(v.str); err == nil {
			return a, nil
		}
	}
	return netip.Addr{}, wants(`an address like "10.0.0.1" or "fe80::1"`, v)
}

func (ipCodec) Get(_ *Env, p *netip.Addr) Value { return AddrOf(*p) }

func (c ipCodec) Width() int {
	switch {
	case !c.v6:
		return 4
	case !c.v4:
		return 16
	}
	return 0
}

func (c ipCodec) Kind() string {
	switch {
	case !c.v6:
		return "IPv4 address"
	case !c.v4:
		return "IPv6 address"
	}
	return "address"
}

// IP is an address of either family in one attribute.
func IP(p *netip.Addr) Field { return Bind(p, ipCodec{v4: true, v6: true}) }

// IP4 is an IPv4 address.
func IP4(p *netip.Addr) Field { return Bind(p, ipCodec{v4: true}) }

// IP6 is an IPv6 address.
func IP6(p *netip.Addr) Field { return Bind(p, ipCodec{v6: true}) }

// IP46 is an address whose attribute differs by family: the row's id for
// IPv4, id6 for IPv6.
func IP46(p *netip.Addr, id6 uint16) Field {
	f := IP(p)
	f.id6 = id6
	return f
}

// prefixCodec is an address whose length stands elsewhere, in a header that
// is read before it.
type prefixCodec struct{}

func (prefixCodec) Decode(_ *Env, p *netip.Prefix, b []byte) error {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return fmt.Errorf("has %d bytes, an address has 4 or 16", len(b))
	}
	q := netip.PrefixFrom(a, p.Bits())
	if !q.IsValid() {
		return fmt.Errorf("prefix length %d does not fit %v", p.Bits(), a)
	}
	*p = q
	return nil
}

func (prefixCodec) Append(_ *Env, b []byte, p *netip.Prefix) ([]byte, error) {
	return appendAddr(b, p.Addr()), nil
}

// Has leaves the zero-length prefix of a default route to the header.
func (prefixCodec) Has(p *netip.Prefix) bool {
	return p.IsValid() && (p.Bits() > 0 || !p.Addr().IsUnspecified())
}

func (prefixCodec) Set(_ *Env, p *netip.Prefix, v Value) error {
	q, err := ToPrefix(v)
	if err == nil {
		*p = q
	}
	return err
}

// ToPrefix reads "10.0.0.0/8", or a bare address as its full length.
func ToPrefix(v Value) (netip.Prefix, error) {
	switch v.kind {
	case KindPrefix:
		return v.Prefix(), nil
	case KindAddr:
		return netip.PrefixFrom(v.Addr(), v.Addr().BitLen()), nil
	case KindString:
		if p, err := netip.ParsePrefix(v.str); err == nil {
			return p, nil
		}
		if a, err := netip.ParseAddr(v.str); err == nil && a.Zone() == "" {
			return netip.PrefixFrom(a, a.BitLen()), nil
		}
	}
	return netip.Prefix{}, wants(`a prefix like "10.0.0.0/8" or "2001:db8::/32"`, v)
}

func (prefixCodec) Get(_ *Env, p *netip.Prefix) Value { return PrefixOf(*p) }
func (prefixCodec) Width() int                        { return 0 }
func (prefixCodec) Kind() string                      { return "prefix" }

// PrefixAddr is the address of a prefix whose length the header holds.
func PrefixAddr(p *netip.Prefix) Field { return Bind(p, prefixCodec{}) }

// macCodec is a link-layer address of any length.
type macCodec struct{}

func (macCodec) Decode(_ *Env, p *net.HardwareAddr, b []byte) error {
	*p = append(net.HardwareAddr(nil), b...)
	return nil
}
func (macCodec) Append(_ *Env, b []byte, p *net.HardwareAddr) ([]byte, error) {
	return append(b, *p...), nil
}
func (macCodec) Has(p *net.HardwareAddr) bool { return len(*p) > 0 }
func (macCodec) Set(_ *Env, p *net.HardwareAddr, v Value) error {
	if v.kind == KindString {
		if m, err := net.ParseMAC(v.str); err == nil {
			*p = m
			return nil
		}
	}
	return wants(`a link-layer address like "02:00:00:00:00:01"`, v)
}
func (macCodec) Get(_ *Env, p *net.HardwareAddr) Value { return StringOf(p.String()) }
func (macCodec) Width() int                            { return 0 }
func (macCodec) Kind() string                          { return "link-layer address" }

// MAC is a link-layer address.
func MAC(p *net.HardwareAddr) Field { return Bind(p, macCodec{}) }

var errZero = errors.New("must not be empty")
