package bindings

import (
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
)

// inetValue is an address with the length of its network, as scripts hold it;
// bare where no length was said. It never changes.
type inetValue struct {
	p    netip.Prefix
	bare bool
}

// String is canonical: "10.0.0.1/24", or "10.0.0.1" where it is bare.
func (v *inetValue) String() string {
	if v.bare {
		return v.p.Addr().String()
	}
	return v.p.String()
}

// FieldValue is the address for the rows: with its length where it has one.
func (v *inetValue) FieldValue() attr.Value {
	if v.bare {
		return attr.AddrOf(v.p.Addr())
	}
	return attr.PrefixOf(v.p)
}

const inetWanted = `wants an address like "10.0.0.1", "10.0.0.1/24" or "2001:db8::1/64"`

// parseInet reads an address; a length may also be a mask, "255.255.255.0".
func parseInet(text string) (*inetValue, error) {
	ip, length, has := strings.Cut(text, "/")
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Zone() != "" {
		return nil, fmt.Errorf("%s, got %q", inetWanted, text)
	}
	if !has {
		return &inetValue{netip.PrefixFrom(a, a.BitLen()), true}, nil
	}
	if mask, err := netip.ParseAddr(length); err == nil && mask.BitLen() == a.BitLen() {
		bits, ok := maskBits(mask)
		if !ok {
			return nil, fmt.Errorf("has the netmask %s, whose ones do not all stand first", length)
		}
		return &inetValue{p: netip.PrefixFrom(a, bits)}, nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, fmt.Errorf("has the length %q, wants a number from 0 to %d", length, a.BitLen())
	}
	return &inetValue{p: p}, nil
}

func maskBits(mask netip.Addr) (bits int, ok bool) {
	n := addrNumber(mask)
	for bits < mask.BitLen() && n.Bit(mask.BitLen()-1-bits) == 1 {
		bits++
	}
	return bits, maskOf(mask, bits) == mask
}

// maskOf is the mask of a length in the family of a.
func maskOf(a netip.Addr, bits int) netip.Addr {
	ones := a.AsSlice()
	for i := range ones {
		ones[i] = 0xff
	}
	all, _ := netip.AddrFromSlice(ones)
	return netip.PrefixFrom(all, bits).Masked().Addr()
}

func addrNumber(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

// at is the address n in v's family, with v's length.
func (v *inetValue) at(n *big.Int) (*inetValue, error) {
	bits := v.p.Addr().BitLen()
	if n.Sign() < 0 || n.BitLen() > bits {
		return nil, fmt.Errorf("goes beyond the %s addresses", v.family())
	}
	a, _ := netip.AddrFromSlice(n.FillBytes(make([]byte, bits/8)))
	return &inetValue{netip.PrefixFrom(a, v.p.Bits()), v.bare}, nil
}

// plus is the address n further.
func (v *inetValue) plus(n *big.Int) (*inetValue, error) {
	x, err := v.at(new(big.Int).Add(addrNumber(v.p.Addr()), n))
	if err != nil {
		return nil, fmt.Errorf("%v + %v %w", v, n, err)
	}
	return x, nil
}

func (v *inetValue) family() string {
	if v.p.Addr().Is4() {
		return "inet"
	}
	return "inet6"
}

// network is the network that v lies in.
func (v *inetValue) network() *inetValue { return &inetValue{p: v.p.Masked()} }

// size counts the addresses of the network.
func (v *inetValue) size() *big.Int {
	return new(big.Int).Lsh(big.NewInt(1), uint(v.p.Addr().BitLen()-v.p.Bits()))
}

// ends are the first and last address that a host may have: not those of the
// network and of broadcasts in IPv4, not that of all routers in IPv6 (RFC 4291,
// 2.6.1). The two networks of one and two addresses have no others.
func (v *inetValue) ends() (first, last *big.Int) {
	first = addrNumber(v.p.Masked().Addr())
	last = new(big.Int).Add(first, v.size())
	last.Sub(last, big.NewInt(1))
	if v.p.Addr().BitLen()-v.p.Bits() >= 2 {
		first.Add(first, big.NewInt(1))
		if v.p.Addr().Is4() {
			last.Sub(last, big.NewInt(1))
		}
	}
	return first, last
}

// broadcast is the address of all hosts; only IPv4 networks of four addresses
// and more have one.
func (v *inetValue) broadcast() (netip.Addr, bool) {
	if !v.p.Addr().Is4() || v.p.Bits() > 30 {
		return netip.Addr{}, false
	}
	_, last := v.ends()
	x, err := v.at(last.Add(last, big.NewInt(1)))
	if err != nil {
		return netip.Addr{}, false
	}
	return x.p.Addr(), true
}

// contains says whether all of x lies in v's network.
func (v *inetValue) contains(x *inetValue) bool {
	return x.p.Bits() >= v.p.Bits() && v.p.Masked().Contains(x.p.Addr())
}

// compare orders by family, address and length.
func (v *inetValue) compare(x *inetValue) int {
	if c := v.p.Addr().Compare(x.p.Addr()); c != 0 {
		return c
	}
	return v.p.Bits() - x.p.Bits()
}

// subnets checks a length for parts of v's network.
func (v *inetValue) subnets(bits int) error {
	if most := v.p.Addr().BitLen(); bits < v.p.Bits() || bits > most {
		return fmt.Errorf("wants a length from %d to %d, got %s", v.p.Bits(), most, strconv.Itoa(bits))
	}
	return nil
}
