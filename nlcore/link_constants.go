package nlcore

import "nlsh/nlcore/internal/uapi"

// The modes of macvlan and macvtap links.
const (
	MacvlanPrivate  MacvlanMode = uapi.MACVLAN_MODE_PRIVATE
	MacvlanVEPA     MacvlanMode = uapi.MACVLAN_MODE_VEPA
	MacvlanBridge   MacvlanMode = uapi.MACVLAN_MODE_BRIDGE
	MacvlanPassthru MacvlanMode = uapi.MACVLAN_MODE_PASSTHRU
	MacvlanSource   MacvlanMode = uapi.MACVLAN_MODE_SOURCE
)

// What a change does with the sources of a macvlan; MACAddrSet is the default.
const (
	MACAddrAdd   MACAddrMode = uapi.MACVLAN_MACADDR_ADD
	MACAddrDel   MACAddrMode = uapi.MACVLAN_MACADDR_DEL
	MACAddrFlush MACAddrMode = uapi.MACVLAN_MACADDR_FLUSH
	MACAddrSet   MACAddrMode = uapi.MACVLAN_MACADDR_SET
)

// The modes of tun links: IP packets, or Ethernet frames.
const (
	TunModeTun TunMode = uapi.IFF_TUN
	TunModeTap TunMode = uapi.IFF_TAP
)

// The EtherTypes of VLAN tags.
const (
	VLAN8021Q  EtherType = uapi.ETH_P_8021Q
	VLAN8021AD EtherType = uapi.ETH_P_8021AD
)

// How IPv6 makes a link-local address.
const (
	AddrGenEUI64        AddrGenMode = uapi.IN6_ADDR_GEN_MODE_EUI64
	AddrGenNone         AddrGenMode = uapi.IN6_ADDR_GEN_MODE_NONE
	AddrGenStableSecret AddrGenMode = uapi.IN6_ADDR_GEN_MODE_STABLE_PRIVACY
	AddrGenRandom       AddrGenMode = uapi.IN6_ADDR_GEN_MODE_RANDOM
)

// The operational states of RFC 2863.
const (
	OperUnknown        Operstate = uapi.IF_OPER_UNKNOWN
	OperNotPresent     Operstate = uapi.IF_OPER_NOTPRESENT
	OperDown           Operstate = uapi.IF_OPER_DOWN
	OperLowerLayerDown Operstate = uapi.IF_OPER_LOWERLAYERDOWN
	OperTesting        Operstate = uapi.IF_OPER_TESTING
	OperDormant        Operstate = uapi.IF_OPER_DORMANT
	OperUp             Operstate = uapi.IF_OPER_UP
)

// The states of a bridge's port in the spanning tree.
const (
	PortDisabled   BridgePortState = uapi.BR_STATE_DISABLED
	PortListening  BridgePortState = uapi.BR_STATE_LISTENING
	PortLearning   BridgePortState = uapi.BR_STATE_LEARNING
	PortForwarding BridgePortState = uapi.BR_STATE_FORWARDING
	PortBlocking   BridgePortState = uapi.BR_STATE_BLOCKING
)
