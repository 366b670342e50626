package nlcore

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// dstCodec is a destination. "default" without a family is anyDefault.
type dstCodec struct{}

// anyDefault is the default route of a family that other fields say. It is
// not valid, as the zero Prefix, but something that was said.
var anyDefault = netip.PrefixFrom(netip.IPv4Unspecified(), -1)

func (dstCodec) Decode(_ *attr.Env, p *netip.Prefix, b []byte) error {
	return decodePrefix(p, b)
}

// decodePrefix reads an address whose length the header gave.
func decodePrefix(p *netip.Prefix, b []byte) error {
	a, ok := netip.AddrFromSlice(b)
	q := netip.PrefixFrom(a, p.Bits())
	if !ok || !q.IsValid() {
		return fmt.Errorf("has %d bytes and length %d", len(b), p.Bits())
	}
	*p = q
	return nil
}

func (dstCodec) Append(_ *attr.Env, b []byte, p *netip.Prefix) ([]byte, error) {
	return appendIP(b, p.Addr()), nil
}

func appendIP(b []byte, a netip.Addr) []byte {
	if a.Is4() {
		v := a.As4()
		return append(b, v[:]...)
	}
	v := a.As16()
	return append(b, v[:]...)
}

func (dstCodec) Has(p *netip.Prefix) bool { return *p != netip.Prefix{} }

func (dstCodec) Set(_ *attr.Env, p *netip.Prefix, v attr.Value) error {
	if v.Kind() == attr.KindString && (v.Word() == "default" || v.Word() == "any" || v.Word() == "all") {
		*p = anyDefault
		return nil
	}
	q, err := attr.ToPrefix(v)
	if err == nil {
		*p = q
	}
	return err
}

// Get reads as iproute2 prints it: "default", or a host without its length.
func (dstCodec) Get(_ *attr.Env, p *netip.Prefix) attr.Value {
	switch {
	case p.Bits() <= 0:
		return attr.StringOf("default")
	case p.IsSingleIP():
		return attr.AddrOf(p.Addr())
	}
	return attr.PrefixOf(*p)
}
func (dstCodec) Width() int   { return 0 }
func (dstCodec) Kind() string { return "prefix" }

// fromCodec is a source; it has no default.
type fromCodec struct{ dstCodec }

func (fromCodec) Has(p *netip.Prefix) bool { return p.IsValid() && p.Bits() > 0 }

func (fromCodec) Set(_ *attr.Env, p *netip.Prefix, v attr.Value) error {
	q, err := attr.ToPrefix(v)
	if err == nil {
		*p = q
	}
	return err
}

// gateway is an address, alone in RTA_GATEWAY or after its family in RTA_VIA.
type gateway struct{ withFamily bool }

func (c gateway) Decode(_ *attr.Env, p *netip.Addr, b []byte) error {
	if c.withFamily {
		if len(b) < uapi.SizeofRtVia {
			return fmt.Errorf("has %d bytes, needs %d and an address", len(b), uapi.SizeofRtVia)
		}
		b = b[uapi.SizeofRtVia:]
	}
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return fmt.Errorf("has an address of %d bytes, wants 4 or 16", len(b))
	}
	*p = a
	return nil
}

func (c gateway) Append(_ *attr.Env, b []byte, p *netip.Addr) ([]byte, error) {
	if p.Zone() != "" {
		return b, fmt.Errorf("wants an address without a zone (say dev=), got %v", *p)
	}
	if c.withFamily {
		b = binary.NativeEndian.AppendUint16(b, uint16(familyOf(*p)))
	}
	return appendIP(b, *p), nil
}

func (gateway) Has(p *netip.Addr) bool { return p.IsValid() }

// Set also takes ip's "inet6 fe80::1".
func (gateway) Set(_ *attr.Env, p *netip.Addr, v attr.Value) error {
	if v.Kind() == attr.KindPrefix {
		v = attr.AddrOf(v.Prefix().Addr())
	}
	text := v.String()
	if word, rest, ok := strings.Cut(text, " "); ok {
		if _, known := families.Number(word); known {
			text = strings.TrimSpace(rest)
		}
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return fmt.Errorf(`wants an address like "10.0.0.1" or "fe80::1", got %q`, v.String())
	}
	*p = a
	return nil
}

func (gateway) Get(_ *attr.Env, p *netip.Addr) attr.Value { return attr.AddrOf(*p) }
func (gateway) Width() int                                { return 0 }
func (gateway) Kind() string                              { return "address" }

// realms is a pair of 16-bit realms: "to" or "from/to".
type realms struct{}

func (realms) Decode(_ *attr.Env, p *val.Opt[uint32], b []byte) error {
	if len(b) < 4 {
		return fmt.Errorf("has %d bytes, needs 4", len(b))
	}
	p.Set(ne.Uint32(b))
	return nil
}
func (realms) Append(_ *attr.Env, b []byte, p *val.Opt[uint32]) ([]byte, error) {
	return ne.AppendUint32(b, p.Or(0)), nil
}
func (realms) Has(p *val.Opt[uint32]) bool { return !p.IsZero() }
func (realms) Width() int                  { return 4 }
func (realms) Kind() string                { return "realms" }

func (realms) Get(e *attr.Env, p *val.Opt[uint32]) attr.Value {
	n := p.Or(0)
	text := realmWord(e, n&0xffff)
	if n>>16 != 0 {
		text = realmWord(e, n>>16) + "/" + text
	}
	return attr.UnitOf(uint64(n), text)
}

func realmWord(e *attr.Env, n uint32) string {
	if e != nil && e.Names != nil {
		if w, ok := e.Names.Realms.Word(n); ok && n != 0 {
			return w
		}
	}
	return strconv.FormatUint(uint64(n), 10)
}

func (realms) Set(e *attr.Env, p *val.Opt[uint32], v attr.Value) error {
	from, to, two := strings.Cut(v.String(), "/")
	if !two {
		from, to = "0", from
	}
	hi, ok1 := realmNumber(e, from)
	lo, ok2 := realmNumber(e, to)
	if !ok1 || !ok2 {
		return fmt.Errorf(`wants realms like "2" or "1/2", each 0 to 65535 or a name, got %q`, v.String())
	}
	p.Set(hi<<16 | lo)
	return nil
}

func realmNumber(e *attr.Env, s string) (uint32, bool) {
	if e != nil && e.Names != nil {
		if n, ok := e.Names.Realms.Number(s); ok {
			return n, true
		}
	}
	n, err := strconv.ParseUint(s, 0, 16)
	return uint32(n), err == nil
}

// cacheinfo is what the kernel says of a route's use. IPv6 sends it with every
// route, mostly zero, which must not cost an allocation.
type cacheinfo struct{}

func (cacheinfo) Decode(_ *attr.Env, r *Route, b []byte) error {
	if len(b) < uapi.SizeofRtaCacheinfo {
		return fmt.Errorf("has %d bytes, needs %d", len(b), uapi.SizeofRtaCacheinfo)
	}
	users, age, expires := ne.Uint32(b), ne.Uint32(b[4:]), int32(ne.Uint32(b[8:]))
	failure, used := int32(ne.Uint32(b[12:])), ne.Uint32(b[16:])
	if expires != 0 {
		r.more().Expires.Set(uint32(max(expires, 0)) / userHz)
	}
	if users|age|used|uint32(failure) != 0 {
		m := r.more()
		m.Users, m.Age, m.Used, m.Error = users, age, used, failure
	}
	return nil
}

// userHz is the clock in which the kernel tells times to programs.
const userHz = 100

func (cacheinfo) Append(_ *attr.Env, b []byte, _ *Route) ([]byte, error) { return b, nil }
func (cacheinfo) Has(*Route) bool                                        { return false }
func (cacheinfo) Set(*attr.Env, *Route, attr.Value) error                { return attr.ErrReadOnly }
func (cacheinfo) Get(*attr.Env, *Route) attr.Value                       { return attr.Value{} }
func (cacheinfo) Width() int                                             { return 0 }
func (cacheinfo) Kind() string                                           { return "table" }
