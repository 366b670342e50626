package nlcore

import (
	"errors"
	"net"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

var neighTable = attr.Table[Neigh]{Name: "neigh", Rows: func(n *Neigh, d *attr.Def) {
	d.Key("dst")
	h := d.Header(uapi.SizeofNdMsg)
	h.At(4, "dev", attr.Link(&n.Dev))
	h.Member(8, "nud", attr.Enum16(&n.State, neighStates)).Alias("state")
	d.Attr(uapi.NDA_DST, "dst", attr.IP(&n.Dst)).In(attr.All | attr.Query).Alias("to")
	d.Attr(uapi.NDA_LLADDR, "lladdr", attr.Bind(&n.LLAddr, llAddr{})).Alias("address")
	for _, f := range neighFlags(n) {
		if f.bit == uapi.NTF_OFFLOADED {
			d.Derived(f.word, attr.Bool(f.p))
			continue
		}
		d.Local(f.word, attr.Bool(f.p))
	}
	d.Struct(uapi.NDA_FLAGS_EXT, "flags_ext", 4).Bits(0, -1,
		attr.Bit(uapi.NTF_EXT_MANAGED, "managed", &n.Managed),
		attr.Bit(uapi.NTF_EXT_EXT_VALIDATED, "extern_valid", &n.ExternValid)).Since("5.16")
	d.Attr(uapi.NDA_PROTOCOL, "proto", attr.Named8(&n.Protocol, protoNames)).Alias("protocol").Since("5.0")
	d.Attr(uapi.NDA_MASTER, "master", attr.Link(&n.Master)).In(attr.Query).Alias("vrf")
	d.Local("family", attr.Enum8(&n.Family, families))
	d.Attr(uapi.NDA_PROBES, "probes", attr.Plain32(&n.Probes)).In(0)
	times := d.Struct(uapi.NDA_CACHEINFO, "cacheinfo", uapi.SizeofNdaCacheinfo)
	times.Member(0, "confirmed", attr.Plain32(&n.Confirmed)).In(0)
	times.Member(4, "used", attr.Plain32(&n.Used)).In(0)
	times.Member(8, "updated", attr.Plain32(&n.Updated)).In(0)
	times.Member(12, "refcnt", attr.Plain32(&n.Refs)).In(0)
	neighForwardRows(n, d)
	d.Extra(&n.Extra)
	attr.Hook(d, attr.Hooks[Neigh]{Read: readNeighHeader, Write: writeNeighHeader, Done: finishNeigh})
}}

// neighForwardRows are of a bridge's forwarding entries, whose messages are
// the same.
func neighForwardRows(n *Neigh, d *attr.Def) {
	d.Attr(uapi.NDA_VLAN, "vlan", attr.Uint16(&n.VLAN)).In(0)
	d.Attr(uapi.NDA_PORT, "port", attr.BE16(&n.Port)).In(0)
	d.Attr(uapi.NDA_VNI, "vni", attr.Uint32(&n.VNI)).In(0)
	d.Attr(uapi.NDA_SRC_VNI, "src_vni", attr.Uint32(&n.SrcVNI)).In(0).Since("4.11")
	d.Attr(uapi.NDA_NH_ID, "nhid", attr.Uint32(&n.NHID)).In(0).Since("5.8")
	d.Attr(uapi.NDA_IFINDEX, "via", attr.Link(&n.Via)).In(0)
	d.Attr(uapi.NDA_LINK_NETNSID, "link_netnsid", attr.Signed32(&n.LinkNetnsid)).In(0)
}

// neighFlag is a bit of the header's flags.
type neighFlag struct {
	bit  byte
	word string
	p    *val.Opt[bool]
}

func neighFlags(n *Neigh) [5]neighFlag {
	return [...]neighFlag{
		{uapi.NTF_PROXY, "proxy", &n.Proxy},
		{uapi.NTF_ROUTER, "router", &n.Router},
		{uapi.NTF_EXT_LEARNED, "extern_learn", &n.ExternLearn},
		{uapi.NTF_USE, "use", &n.Use},
		{uapi.NTF_OFFLOADED, "offload", &n.Offloaded},
	}
}

const (
	neighFlagsAt = 10 // struct ndmsg
	neighStateAt = 8
)

func readNeighHeader(_ *attr.Env, n *Neigh, head []byte) error {
	n.Family.Set(Family(head[0]))
	for _, f := range neighFlags(n) {
		if f.bit != uapi.NTF_USE {
			f.p.Set(head[neighFlagsAt]&f.bit != 0)
		}
	}
	return nil
}

// finishNeigh takes the state away that a proxy has not.
func finishNeigh(_ *attr.Env, n *Neigh) error {
	if n.Proxy.Or(false) {
		n.State.Clear()
	}
	return nil
}

// writeNeighHeader puts family, flags and, as ip does, the state. To query,
// strict checking allows the proxy flag only.
func writeNeighHeader(e *attr.Env, n *Neigh, head []byte) error {
	head[0] = byte(familyOf(n.Dst))
	for _, f := range neighFlags(n) {
		if f.p.Or(false) && f.bit != uapi.NTF_OFFLOADED && (e.Mode != attr.Query || f.bit == uapi.NTF_PROXY) {
			head[neighFlagsAt] |= f.bit
		}
	}
	switch {
	case e.Mode == attr.Query:
		ne.PutUint16(head[neighStateAt:], 0)
	case n.State.IsZero() && !n.Managed.Or(false):
		ne.PutUint16(head[neighStateAt:], uapi.NUD_PERMANENT)
	}
	return nil
}

// llAddr is a link-layer address: of 6 bytes and the like, or, on tunnels
// whose link layer is IP, an address of 4 or 16.
type llAddr struct{}

func (llAddr) Decode(_ *attr.Env, p *[]byte, b []byte) error {
	*p = append([]byte(nil), b...)
	return nil
}
func (llAddr) Append(_ *attr.Env, b []byte, p *[]byte) ([]byte, error) { return append(b, *p...), nil }
func (llAddr) Has(p *[]byte) bool                                      { return len(*p) > 0 }

func (llAddr) Set(_ *attr.Env, p *[]byte, v attr.Value) error {
	text := v.String()
	if m, err := net.ParseMAC(text); err == nil {
		*p = m
		return nil
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return errors.New(`wants a link-layer address like "02:00:00:00:00:01", or an IP address, got "` + text + `"`)
	}
	*p = a.AsSlice()
	return nil
}

func (llAddr) Get(_ *attr.Env, p *[]byte) attr.Value {
	if a, ok := netip.AddrFromSlice(*p); ok {
		return attr.AddrOf(a)
	}
	return attr.StringOf(net.HardwareAddr(*p).String())
}
func (llAddr) Width() int   { return 0 }
func (llAddr) Kind() string { return "link-layer address" }
