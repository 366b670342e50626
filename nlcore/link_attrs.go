package nlcore

import (
	"net"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// LinkAttrs is what links of every kind have. In a change, the zero value of
// a field is "not said"; the last part is only read.
type LinkAttrs struct {
	// Name is 1 to 15 bytes. When setting, it is the link to change, or its
	// new name where Index or Of says which link is meant.
	Name string
	// Index is 1 and up. At creation 0 lets the kernel choose.
	Index int32
	// Of is the link that Set and Del mean, where it is not that of Name.
	Of val.LinkRef
	// Netns is the namespace that the link goes to.
	Netns val.NetnsRef
	// Netnsid is the lower link's namespace (IFLA_LINK), by the id that this one has for it.
	Netnsid val.Opt[int32]
	// NewIndex is the index to take in the namespace of Netns.
	NewIndex uint32
	// Up is the administrative state.
	Up val.Opt[bool]
	// ARP is off where the link resolves no addresses.
	ARP val.Opt[bool]
	// Multicast, Allmulticast, Promisc, Dynamic and Trailers are flags of the
	// interface.
	Multicast, Allmulticast, Promisc, Dynamic, Trailers val.Opt[bool]
	// Address is the link-layer address.
	Address net.HardwareAddr
	// Broadcast is the link-layer broadcast address.
	Broadcast net.HardwareAddr
	// MTU is in bytes, 0 to 2^31-1 and what the device allows.
	MTU val.Opt[uint32]
	// TxQueueLen is in packets. Unset is the kernel's default, zero can be said.
	TxQueueLen val.Opt[uint32]
	// NumTxQueues and NumRxQueues are given at creation, 1 to 4096.
	NumTxQueues, NumRxQueues uint32
	// Link is the lower link that this one stands on, for instance a VLAN's.
	Link val.LinkRef
	// Master is the bridge, bond or VRF the link belongs to; NoLink releases it.
	Master val.LinkRef
	// Alias is a text for people, at most 255 bytes; an empty one takes it away.
	Alias val.Opt[string]
	// Altnames are further names of up to 127 bytes. In a change they are added.
	Altnames []string
	// Group is the link's group number, with a name in the file "group".
	Group val.Opt[uint32]
	// Mode is what the link does until told otherwise: default, dormant.
	Mode val.Opt[LinkMode]
	// Operstate is RFC 2863's operational state; user space may set it for some kinds.
	Operstate val.Opt[Operstate]
	// Carrier is the link's carrier; some kinds let it be set.
	Carrier val.Opt[bool]
	// ProtoDown holds the link down on behalf of a protocol.
	ProtoDown val.Opt[bool]
	// ProtoDownReason is which protocols do, as bits.
	ProtoDownReason ProtoDownReason
	// GSOMaxSize and GROMaxSize are in bytes, GSOMaxSegs in segments.
	GSOMaxSize, GSOMaxSegs, GROMaxSize val.Opt[uint32]
	// GSOIPv4MaxSize and GROIPv4MaxSize are in bytes, for IPv4 alone.
	GSOIPv4MaxSize, GROIPv4MaxSize val.Opt[uint32]
	// MaxPacingOffloadHorizon is in nanoseconds.
	MaxPacingOffloadHorizon val.Opt[uint64]
	// AddrGenMode is how IPv6 makes the link-local address, from when the link
	// comes up: eui64, none, stable_secret, random.
	AddrGenMode val.Opt[AddrGenMode]
	// Headroom and Tailroom are what the device reserves in packets, in bytes.
	Headroom, Tailroom val.Opt[uint16]
	// Addrs are addresses of the link: added where they are missing.
	Addrs []Addr
	// BridgeSlave are the link's options as a bridge port.
	BridgeSlave *BridgePort

	// Type is the kind, as the kernel names it; read only.
	Type string
	// SlaveType is the kind of the master, for which the link has options; read only.
	SlaveType string
	// LinkType is the hardware type: ether, loopback, none; read only.
	LinkType val.Opt[HardwareType]
	// Flags are all flags of the interface; read only.
	Flags LinkFlags
	// Qdisc is the name of the root queueing discipline; read only.
	Qdisc string
	// MinMTU and MaxMTU bound MTU; read only, in bytes.
	MinMTU, MaxMTU uint32
	// TSOMaxSize and TSOMaxSegs are what the device can segment; read only.
	TSOMaxSize, TSOMaxSegs uint32
	// Promiscuity and AllmultiCount count who asked for the mode; read only.
	Promiscuity, AllmultiCount val.Opt[uint32]
	// CarrierChanges, CarrierUpCount and CarrierDownCount count; read only.
	CarrierChanges, CarrierUpCount, CarrierDownCount val.Opt[uint32]
	// NumVF is the number of virtual functions; read only.
	NumVF val.Opt[uint32]
	// PermAddress is the address that the hardware came with; read only.
	PermAddress net.HardwareAddr
	// PhysPortName is the port's name on its device; read only.
	PhysPortName string
	// PhysPortID and PhysSwitchID tell which links share a port or a switch; read only.
	PhysPortID, PhysSwitchID []byte
	// ParentDev and ParentBus name the device behind the link; read only.
	ParentDev, ParentBus string
	// NewNetnsid is where a link went that left this namespace; read only.
	NewNetnsid val.Opt[int32]
	// NetnsImmutable says that the link cannot change its namespace; read only.
	NetnsImmutable val.Opt[bool]
	// Stats counts what passed, as it was when the link was read; read only.
	// Nil where it was not asked for.
	Stats *LinkStats
	// Event says what made the kernel send the message; read only.
	Event uint32
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// ProtoDownReason is which protocols hold a link down; bits from 0 to 31,
// named in iproute2's protodown_reasons.d.
type ProtoDownReason struct {
	// Value is the reasons as bits.
	Value val.Opt[uint32]
	// Mask is which bits of Value are meant; unset means all.
	Mask val.Opt[uint32]
}

var protoDownTable = attr.Table[ProtoDownReason]{Name: "protodown_reason", Rows: func(p *ProtoDownReason, d *attr.Def) {
	d.Attr(uapi.IFLA_PROTO_DOWN_REASON_MASK, "mask", attr.Uint32(&p.Mask))
	d.Attr(uapi.IFLA_PROTO_DOWN_REASON_VALUE, "value", attr.Uint32(&p.Value))
}}

// Attrs returns the attributes that links of every kind have.
func (l *LinkAttrs) Attrs() *LinkAttrs { return l }
