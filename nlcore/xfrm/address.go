package xfrm

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

var ne = binary.NativeEndian

// address is an xfrm_address_t: 16 bytes whose family stands elsewhere. It is
// read as IPv6; ofFamily puts it right when the family is known.
type address struct{}

func (address) Decode(_ *attr.Env, p *netip.Addr, b []byte) error {
	if len(b) < uapi.SizeofXfrmAddress {
		return fmt.Errorf("has %d bytes, an address has %d", len(b), uapi.SizeofXfrmAddress)
	}
	*p = netip.AddrFrom16([16]byte(b))
	return nil
}

func (address) Append(_ *attr.Env, b []byte, p *netip.Addr) ([]byte, error) {
	if p.Is4() {
		v := p.As4()
		return append(append(b, v[:]...), make([]byte, 12)...), nil
	}
	v := p.As16()
	return append(b, v[:]...), nil
}

func (address) Has(p *netip.Addr) bool { return p.IsValid() }

func (address) Set(_ *attr.Env, p *netip.Addr, v attr.Value) error {
	q, err := attr.ToPrefix(v)
	if err != nil || !q.IsSingleIP() {
		return &attr.FieldError{Msg: fmt.Sprintf(`wants an address like "10.0.0.1" or "fd00::1", got %q`, v.String())}
	}
	*p = q.Addr()
	return nil
}

func (address) Get(_ *attr.Env, p *netip.Addr) attr.Value { return attr.AddrOf(*p) }
func (address) Width() int                                { return uapi.SizeofXfrmAddress }
func (address) Kind() string                              { return "address" }

// ofFamily is an address that was read before its family was known.
func ofFamily(a netip.Addr, f Family) netip.Addr {
	switch {
	case !a.IsValid() || a.Is4():
		return a
	case f == Inet:
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[:4]))
	}
	return a
}

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

// unspecified is the address of only zeros.
func unspecified(f Family) netip.Addr {
	if f == Inet6 {
		return netip.IPv6Unspecified()
	}
	return netip.IPv4Unspecified()
}

// network is the address of a selector's prefix; its length and family are
// the selector's to read and write.
type network struct{}

func (network) Decode(*attr.Env, *netip.Prefix, []byte) error { return nil }

func (network) Append(e *attr.Env, b []byte, p *netip.Prefix) ([]byte, error) {
	a := p.Addr()
	return address{}.Append(e, b, &a)
}

func (network) Has(p *netip.Prefix) bool { return p.IsValid() }

func (network) Set(_ *attr.Env, p *netip.Prefix, v attr.Value) error {
	q, err := attr.ToPrefix(v)
	if err == nil {
		*p = q
	}
	return err
}

func (network) Get(_ *attr.Env, p *netip.Prefix) attr.Value { return attr.PrefixOf(*p) }
func (network) Width() int                                  { return uapi.SizeofXfrmAddress }
func (network) Kind() string                                { return "prefix" }
