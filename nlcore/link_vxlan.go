package nlcore

import (
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

const vxlanKind = "vxlan"

// Vxlan is a VXLAN tunnel.
type Vxlan struct {
	LinkAttrs
	// ID is the virtual network identifier, 0 to 2^24-1. It is required unless
	// External is on.
	ID val.Opt[uint32]
	VxlanPeer
	// Local is the address to send from, IPv4 or IPv6.
	Local netip.Addr
	// Dev is the link to send on.
	Dev val.LinkRef
	// TTL is the outer packet's hop limit: 1 to 255, auto or 0 for the route's,
	// inherit for that of the inner packet. What inherits does so for ever: the
	// kernel takes a number later and does not heed it.
	TTL val.Opt[TTL]
	// TOS is the outer packet's, 0 to 255; inherit or 1 takes that of the inner packet.
	TOS val.Opt[TOS]
	// DF is how the outer packet's don't-fragment bit is set: unset, set, inherit.
	DF val.Opt[VxlanDF]
	// FlowLabel is the outer IPv6 packet's, 0 to 2^20-1; inherit takes that of the inner packet.
	FlowLabel val.Opt[FlowLabel]
	// DstPort is the UDP port to send to and to listen on, 8472 by default; IANA's is 4789.
	DstPort val.Opt[uint16]
	// SrcPort is from which UDP ports is sent; 0 to 0, the default, is the system's range.
	SrcPort val.Opt[PortRange]
	// Learning remembers where addresses are seen; on by default, but with External.
	Learning val.Opt[bool]
	// Ageing is how long they are remembered, in seconds, 300 by default; 0 is for ever.
	Ageing val.Opt[uint32]
	// MaxAddress bounds how many addresses are remembered; 0, the default, is no bound.
	MaxAddress val.Opt[uint32]
	// Proxy answers ARP and neighbour solicitations for entries that are known.
	Proxy val.Opt[bool]
	// RSC short-circuits routes: packets to a known router go to their destination at once.
	RSC val.Opt[bool]
	// L2Miss tells of destinations whose link-layer address is not known.
	L2Miss val.Opt[bool]
	// L3Miss tells of neighbours that are not known.
	L3Miss val.Opt[bool]
	// UDPCsum sends UDP checksums over IPv4; on by default.
	UDPCsum val.Opt[bool]
	// UDP6ZeroCsumTx sends no UDP checksums over IPv6.
	UDP6ZeroCsumTx val.Opt[bool]
	// UDP6ZeroCsumRx accepts packets over IPv6 that have no UDP checksum.
	UDP6ZeroCsumRx val.Opt[bool]
	// RemCsumTx and RemCsumRx offload the inner checksum to the other end.
	RemCsumTx, RemCsumRx val.Opt[bool]
	// RemCsumNoPartial fills in the inner checksum at once when it is offloaded.
	RemCsumNoPartial bool
	// GBP carries group policy marks.
	GBP bool
	// GPE carries any protocol (VXLAN-GPE); with External only.
	GPE bool
	// External leaves identifier and endpoints to routes and filters, packet by packet.
	External val.Opt[bool]
	// VNIFilter accepts only identifiers that are configured; with External only.
	VNIFilter val.Opt[bool]
	// LocalBypass hands packets for an endpoint of this host over without encapsulation; on by default.
	LocalBypass val.Opt[bool]
	// ReservedBits is which bits of a received header must be zero, both words of it; 0 accepts all.
	ReservedBits val.Opt[ReservedBits]
	// MCRoute sends multicast by the routes for multicast; the kernel does not say it back.
	MCRoute val.Opt[bool]
}

// VxlanPeer is where a VXLAN sends what it knows no endpoint for. Either may
// be said, not both.
type VxlanPeer struct {
	// Remote is the other end, IPv4 or IPv6.
	Remote netip.Addr
	// GroupAddr is the multicast group of the other ends; needs Dev.
	GroupAddr netip.Addr
}

// Kind is "vxlan".
func (*Vxlan) Kind() string          { return vxlanKind }
func (x *Vxlan) data() attr.View     { return vxlanTable.View(x) }
func (x *Vxlan) lower() *val.LinkRef { return &x.Dev }
func (x *Vxlan) Views() []attr.View  { return linkViews(x) }

// Append writes the message's body.
func (x *Vxlan) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	if err := x.check(v); err != nil {
		return b, err
	}
	if v == Add && x.External.Or(false) && x.Learning.IsZero() {
		same := *x
		same.Learning = val.Off
		x = &same
	}
	return appendLink(e, v, b, x)
}

// check refuses what the kernel would take for something else: it makes a
// tunnel without an identifier one of number 0, and one of two endpoints.
func (x *Vxlan) check(v val.Verb) error {
	switch {
	case v == Add && x.ID.IsZero() && !x.External.Or(false):
		return &attr.FieldError{Field: "id", Msg: "is required (or external=true)"}
	case x.Remote.IsValid() && x.GroupAddr.IsValid():
		return &attr.FieldError{Field: "group", Msg: "stands in remote's place; say one of them"}
	}
	return nil
}

var vxlanTable = attr.Table[Vxlan]{Name: vxlanKind, Rows: func(x *Vxlan, d *attr.Def) {
	// The kernel refuses most in a change; what it takes then has no In.
	d.Attr(uapi.IFLA_VXLAN_ID, "id", attr.Uint32(&x.ID).Range(0, 1<<24-1)).In(attr.Create).Alias("vni")
	vxlanEnds(x, d)
	vxlanOuter(x, d)
	vxlanTables(x, d)
	vxlanChecksums(x, d)
	d.Attr(uapi.IFLA_VXLAN_GBP, "gbp", attr.Flag(&x.GBP)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_GPE, "gpe", attr.Flag(&x.GPE)).In(attr.Create).Since("4.7")
	d.Attr(uapi.IFLA_VXLAN_COLLECT_METADATA, "external", attr.Bool(&x.External)).In(attr.Create).Alias("collect_metadata")
	d.Attr(uapi.IFLA_VXLAN_VNIFILTER, "vnifilter", attr.Bool(&x.VNIFilter)).In(attr.Create).Since("5.18")
	d.Attr(uapi.IFLA_VXLAN_LOCALBYPASS, "localbypass", attr.Bool(&x.LocalBypass)).Since("6.5")
	d.Attr(uapi.IFLA_VXLAN_RESERVED_BITS, "reserved_bits", attr.Bind(&x.ReservedBits, reservedBitsCodec{})).In(attr.Create).Since("6.14")
	d.Attr(uapi.IFLA_VXLAN_MC_ROUTE, "mcroute", attr.Bool(&x.MCRoute)).Since("6.17")
}}

// vxlanEnds are the endpoints. One attribute holds a group or the other end.
func vxlanEnds(x *Vxlan, d *attr.Def) {
	d.Attr(uapi.IFLA_VXLAN_GROUP, "remote", attr.Bind(&x.VxlanPeer, peerAddrCodec{bytes: 4})).Hide()
	d.Attr(uapi.IFLA_VXLAN_GROUP6, "remote", attr.Bind(&x.VxlanPeer, peerAddrCodec{bytes: 16})).Hide()
	d.Local("remote", attr.Bind(&x.Remote, castCodec{})).In(attr.Write)
	d.Local("group", attr.Bind(&x.GroupAddr, castCodec{multi: true})).In(attr.Write)
	d.Attr(uapi.IFLA_VXLAN_LOCAL, "local", attr.IP46(&x.Local, uapi.IFLA_VXLAN_LOCAL6))
	d.Attr(uapi.IFLA_VXLAN_LINK, "dev", attr.Link(&x.Dev))
	d.Attr(uapi.IFLA_VXLAN_PORT, "dstport", attr.BE16(&x.DstPort)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_PORT_RANGE, "srcport", attr.Bind(&x.SrcPort, portRangeCodec{})).In(attr.Create)
}

// vxlanOuter are fields of the outer header.
func vxlanOuter(x *Vxlan, d *attr.Def) {
	attr.When(d.Attr(uapi.IFLA_VXLAN_TTL, "ttl", attr.Bind(&x.TTL, ttlCodec{})),
		func(x *Vxlan) bool { return x.TTL.Or(0) != TTLInherit })
	d.Attr(uapi.IFLA_VXLAN_TTL_INHERIT, "ttl", attr.Bind(&x.TTL, ttlInheritCodec{})).Hide().Since("4.18")
	d.Attr(uapi.IFLA_VXLAN_TOS, "tos", attr.Enum8(&x.TOS, tosWords)).Alias("dsfield")
	d.Attr(uapi.IFLA_VXLAN_DF, "df", attr.Enum8(&x.DF, vxlanDFs)).Since("5.0")
	attr.When(d.Attr(uapi.IFLA_VXLAN_LABEL, "flowlabel", attr.Bind(&x.FlowLabel, flowLabelCodec{})).Since("4.6"),
		func(x *Vxlan) bool { return x.FlowLabel.Or(0) != FlowLabelInherit })
	d.Attr(uapi.IFLA_VXLAN_LABEL_POLICY, "flowlabel", attr.Bind(&x.FlowLabel, labelPolicyCodec{})).Hide().Since("6.8")
}

// vxlanTables are about what is learned and told.
func vxlanTables(x *Vxlan, d *attr.Def) {
	d.Attr(uapi.IFLA_VXLAN_LEARNING, "learning", attr.Bool(&x.Learning))
	d.Attr(uapi.IFLA_VXLAN_AGEING, "ageing", attr.Uint32(&x.Ageing).Unit(attr.Seconds))
	d.Attr(uapi.IFLA_VXLAN_LIMIT, "maxaddress", attr.Uint32(&x.MaxAddress)).In(attr.Create).Alias("maxaddr")
	d.Attr(uapi.IFLA_VXLAN_PROXY, "proxy", attr.Bool(&x.Proxy)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_RSC, "rsc", attr.Bool(&x.RSC)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_L2MISS, "l2miss", attr.Bool(&x.L2Miss)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_L3MISS, "l3miss", attr.Bool(&x.L3Miss)).In(attr.Create)
}

func vxlanChecksums(x *Vxlan, d *attr.Def) {
	d.Attr(uapi.IFLA_VXLAN_UDP_CSUM, "udpcsum", attr.Bool(&x.UDPCsum)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_UDP_ZERO_CSUM6_TX, "udp6zerocsumtx", attr.Bool(&x.UDP6ZeroCsumTx)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_UDP_ZERO_CSUM6_RX, "udp6zerocsumrx", attr.Bool(&x.UDP6ZeroCsumRx)).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_REMCSUM_TX, "remcsumtx", attr.Bool(&x.RemCsumTx)).In(attr.Create)
	// The kernel counts its bits of the header as used even where it is off, and
	// refuses reserved bits that overlap: what is off, as it is anyway, is not said.
	attr.When(d.Attr(uapi.IFLA_VXLAN_REMCSUM_RX, "remcsumrx", attr.Bool(&x.RemCsumRx)),
		func(x *Vxlan) bool { return x.RemCsumRx.Or(false) }).In(attr.Create)
	d.Attr(uapi.IFLA_VXLAN_REMCSUM_NOPARTIAL, "remcsum_nopartial", attr.Flag(&x.RemCsumNoPartial)).In(attr.Create)
}
