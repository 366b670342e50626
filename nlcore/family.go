package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Family is an address family.
type Family uint8

// The families that addresses and routes have. Zero is "not said".
const (
	Inet  Family = uapi.AF_INET
	Inet6 Family = uapi.AF_INET6
	MPLS  Family = uapi.AF_MPLS
)

var families = attr.NewEnum("family").With(uapi.AF_INET, "inet|ipv4").With(uapi.AF_INET6, "inet6|ipv6").
	With(uapi.AF_MPLS, "mpls")

// String is the family's word: "inet", "inet6".
func (f Family) String() string { return families.Text(uint64(f)) }

// familyOf is an address's family, 0 for none.
func familyOf(a netip.Addr) Family {
	switch {
	case a.Is4():
		return Inet
	case a.Is6():
		return Inet6
	}
	return 0
}

// placeholder is a prefix of this length, for the address that is read later;
// an unknown family has none.
func placeholder(family Family, bits byte) (netip.Prefix, error) {
	a := unspecified(family)
	if int(bits) > a.BitLen() {
		return netip.Prefix{}, fmt.Errorf("header has prefix length %d for family %v", bits, family)
	}
	return netip.PrefixFrom(a, int(bits)), nil
}

// unspecified is the address of only zeros of a family; none for others.
func unspecified(family Family) netip.Addr {
	switch family {
	case Inet:
		return netip.IPv4Unspecified()
	case Inet6:
		return netip.IPv6Unspecified()
	}
	return netip.Addr{}
}
