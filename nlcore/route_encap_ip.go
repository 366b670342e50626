package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// IPEncap is what a tunnel interface in external mode puts into the outer IPv4
// header.
type IPEncap struct {
	// ID is the tunnel's, a VNI or a key; 0 is none.
	ID uint64
	// Dst and Src are the outer addresses; unset leaves them to the kernel.
	Dst, Src netip.Addr
	// TTL is 1 to 255; 0 is the kernel's own.
	TTL uint8
	// TOS is the outer header's.
	TOS uint8
	// Flags are Key, CSum and Seq.
	Flags TunnelFlags
	// Opts are geneve, vxlan or erspan options as they are. They are read
	// only: Linux 6.18 dies of them (ip_tun_parse_opts).
	Opts []byte
}

// IP6Encap is IPEncap for an outer IPv6 header.
type IP6Encap struct {
	// ID is the tunnel's, a VNI or a key; 0 is none.
	ID uint64
	// Dst and Src are the outer addresses; unset leaves them to the kernel.
	Dst, Src netip.Addr
	// HopLimit is 1 to 255; 0 is the kernel's own.
	HopLimit uint8
	// TC is the outer header's traffic class.
	TC uint8
	// Flags are Key, CSum and Seq.
	Flags TunnelFlags
	// Opts are as those of IPEncap.
	Opts []byte
}

// TunnelFlags are bits of a tunnel's header.
type TunnelFlags uint16

// What the outer header has beside the addresses (TUNNEL_ of if_tunnel.h).
const (
	TunnelCSum TunnelFlags = 1
	TunnelKey  TunnelFlags = 4
	TunnelSeq  TunnelFlags = 8
)

var ipEncapTable = attr.Table[IPEncap]{Name: "ip", Rows: func(x *IPEncap, d *attr.Def) {
	d.Attr(uapi.LWTUNNEL_IP_ID, "id", attr.PlainBE64(&x.ID))
	d.Attr(uapi.LWTUNNEL_IP_DST, "dst", attr.Bind(&x.Dst, outerAddr{Inet}))
	d.Attr(uapi.LWTUNNEL_IP_SRC, "src", attr.Bind(&x.Src, outerAddr{Inet}))
	d.Attr(uapi.LWTUNNEL_IP_TTL, "ttl", attr.Plain8(&x.TTL))
	d.Attr(uapi.LWTUNNEL_IP_TOS, "tos", attr.PlainNamed8(&x.TOS, dsFieldNames))
	d.Attr(uapi.LWTUNNEL_IP_FLAGS, "", attr.PlainBE16(&x.Flags)).Hide()
	tunnelFlagRows(&x.Flags, d)
	d.Attr(uapi.LWTUNNEL_IP_OPTS, "opts", attr.Bytes(&x.Opts)).In(0)
	d.Skip(uapi.LWTUNNEL_IP_PAD)
}}

var ip6EncapTable = attr.Table[IP6Encap]{Name: "ip6", Rows: func(x *IP6Encap, d *attr.Def) {
	d.Attr(uapi.LWTUNNEL_IP6_ID, "id", attr.PlainBE64(&x.ID))
	d.Attr(uapi.LWTUNNEL_IP6_DST, "dst", attr.Bind(&x.Dst, outerAddr{Inet6}))
	d.Attr(uapi.LWTUNNEL_IP6_SRC, "src", attr.Bind(&x.Src, outerAddr{Inet6}))
	d.Attr(uapi.LWTUNNEL_IP6_HOPLIMIT, "hoplimit", attr.Plain8(&x.HopLimit)).Alias("ttl")
	d.Attr(uapi.LWTUNNEL_IP6_TC, "tc", attr.PlainNamed8(&x.TC, dsFieldNames)).Alias("tos")
	d.Attr(uapi.LWTUNNEL_IP6_FLAGS, "", attr.PlainBE16(&x.Flags)).Hide()
	tunnelFlagRows(&x.Flags, d)
	d.Attr(uapi.LWTUNNEL_IP6_OPTS, "opts", attr.Bytes(&x.Opts)).In(0)
	d.Skip(uapi.LWTUNNEL_IP6_PAD)
}}

func tunnelFlagRows(p *TunnelFlags, d *attr.Def) {
	d.Local("key", attr.Bind(p, flagBit[TunnelFlags]{TunnelKey}))
	d.Local("csum", attr.Bind(p, flagBit[TunnelFlags]{TunnelCSum}))
	d.Local("seq", attr.Bind(p, flagBit[TunnelFlags]{TunnelSeq}))
}

// EncapType is LWTUNNEL_ENCAP_IP.
func (x *IPEncap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_IP }
func (x *IPEncap) String() string    { return encapText(x) }
func (x *IPEncap) view() attr.View   { return ipEncapTable.View(x) }
func (x *IPEncap) check() error      { return checkOpts(x.Opts) }

// EncapType is LWTUNNEL_ENCAP_IP6.
func (x *IP6Encap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_IP6 }
func (x *IP6Encap) String() string    { return encapText(x) }
func (x *IP6Encap) view() attr.View   { return ip6EncapTable.View(x) }
func (x *IP6Encap) check() error      { return checkOpts(x.Opts) }

// checkOpts refuses a route whose options would be lost.
func checkOpts(opts []byte) error {
	if len(opts) > 0 {
		return &attr.FieldError{Field: "opts", Msg: "cannot be sent: a kernel of 6.18 dies of tunnel options"}
	}
	return nil
}

// outerAddr is an address of a family; the kernel reports unset ones as zero.
type outerAddr struct{ family Family }

func (c outerAddr) Decode(_ *attr.Env, p *netip.Addr, b []byte) error {
	a, ok := netip.AddrFromSlice(b)
	if !ok || familyOf(a) != c.family {
		return fmt.Errorf("has %d bytes, an %v address has %d", len(b), c.family, c.Width())
	}
	if !a.IsUnspecified() {
		*p = a
	}
	return nil
}

func (c outerAddr) Append(_ *attr.Env, b []byte, p *netip.Addr) ([]byte, error) {
	if familyOf(*p) != c.family || p.Zone() != "" {
		return b, fmt.Errorf("wants an %v address, got %v", c.family, *p)
	}
	return appendIP(b, *p), nil
}

func (outerAddr) Has(p *netip.Addr) bool { return p.IsValid() && !p.IsUnspecified() }

func (c outerAddr) Set(_ *attr.Env, p *netip.Addr, v attr.Value) error {
	a, err := attr.ToAddr(v)
	if err != nil || familyOf(a) != c.family || a.Zone() != "" {
		return fmt.Errorf("wants an %v address, got %v", c.family, v)
	}
	*p = a
	return nil
}

func (outerAddr) Get(_ *attr.Env, p *netip.Addr) attr.Value { return attr.AddrOf(*p) }
func (c outerAddr) Width() int                              { return unspecified(c.family).BitLen() / 8 }
func (c outerAddr) Kind() string                            { return c.family.String() + " address" }
