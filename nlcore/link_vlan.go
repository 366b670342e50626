package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

const vlanKind = "vlan"

// Vlan is one VLAN of the link that Link names.
type Vlan struct {
	LinkAttrs
	// ID is the VLAN, 0 to 4094.
	ID val.Opt[uint16]
	// Protocol is the tag's EtherType: 802.1Q, the default, or 802.1ad.
	Protocol val.Opt[EtherType]
	// ReorderHdr takes the tag out of received frames before programs see them; on by default.
	ReorderHdr val.Opt[bool]
	// GVRP registers the VLAN with the switch by GVRP.
	GVRP val.Opt[bool]
	// MVRP registers the VLAN with the switch by MVRP.
	MVRP val.Opt[bool]
	// LooseBinding lets the link be up while the lower one is down.
	LooseBinding val.Opt[bool]
	// BridgeBinding takes the carrier from the ports of the bridge below that are in this VLAN.
	BridgeBinding val.Opt[bool]
	// IngressQosMap makes a frame's priority, 0 to 7, the packet's; a change adds to it.
	IngressQosMap QosMap
	// EgressQosMap makes a packet's priority the frame's, 0 to 7; a change adds to it.
	EgressQosMap QosMap
}

// Kind is "vlan".
func (*Vlan) Kind() string         { return vlanKind }
func (l *Vlan) data() attr.View    { return vlanTable.View(l) }
func (l *Vlan) Views() []attr.View { return linkViews(l) }

// Append writes the message's body.
func (l *Vlan) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, l)
}

var vlanTable = attr.Table[Vlan]{Name: vlanKind, Rows: func(l *Vlan, d *attr.Def) {
	d.Attr(uapi.IFLA_VLAN_ID, "id", attr.Uint16(&l.ID).Range(0, 4094)).In(attr.Create).Required()
	d.Attr(uapi.IFLA_VLAN_PROTOCOL, "protocol", attr.EnumBE16(&l.Protocol, vlanProtocols)).In(attr.Create)
	d.Struct(uapi.IFLA_VLAN_FLAGS, "flags", uapi.SizeofVlanFlags).Bits(0, 4,
		attr.Bit(uapi.VLAN_FLAG_REORDER_HDR, "reorder_hdr", &l.ReorderHdr),
		attr.Bit(uapi.VLAN_FLAG_GVRP, "gvrp", &l.GVRP),
		attr.Bit(uapi.VLAN_FLAG_MVRP, "mvrp", &l.MVRP),
		attr.Bit(uapi.VLAN_FLAG_LOOSE_BINDING, "loose_binding", &l.LooseBinding),
		attr.Bit(uapi.VLAN_FLAG_BRIDGE_BINDING, "bridge_binding", &l.BridgeBinding))
	d.Attr(uapi.IFLA_VLAN_INGRESS_QOS, "ingress_qos_map", attr.Bind(&l.IngressQosMap, qosMapCodec{most: [2]uint64{7, 1<<32 - 1}}))
	d.Attr(uapi.IFLA_VLAN_EGRESS_QOS, "egress_qos_map", attr.Bind(&l.EgressQosMap, qosMapCodec{most: [2]uint64{1<<32 - 1, 7}}))
	attr.Hook(d, attr.Hooks[Vlan]{Done: flagsRead})
}}

// flagsRead says that all flags are off: the kernel sends none then.
func flagsRead(_ *attr.Env, l *Vlan) error {
	if l.ReorderHdr.IsZero() {
		l.ReorderHdr, l.GVRP, l.MVRP, l.LooseBinding, l.BridgeBinding = val.Off, val.Off, val.Off, val.Off, val.Off
	}
	return nil
}
