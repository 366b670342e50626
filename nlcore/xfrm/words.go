package xfrm

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Family is an address family.
type Family uint16

// The families of states and policies. Zero is "not said".
const (
	Inet  Family = uapi.AF_INET
	Inet6 Family = uapi.AF_INET6
)

var families = attr.NewEnum("family").With(uapi.AF_INET, "inet|ipv4").With(uapi.AF_INET6, "inet6|ipv6")

// String is the family's word: "inet", "inet6".
func (f Family) String() string { return families.Text(uint64(f)) }

// Proto is a protocol above IP: what a state transforms to, or what a
// selector matches. Zero is "not said", in a selector any.
type Proto uint8

// The protocols of states.
const (
	ESP    Proto = uapi.IPPROTO_ESP
	AH     Proto = uapi.IPPROTO_AH
	Comp   Proto = uapi.IPPROTO_COMP
	Route2 Proto = uapi.IPPROTO_ROUTING // Mobile IPv6: type 2 routing header
	HAO    Proto = uapi.IPPROTO_DSTOPTS // Mobile IPv6: home address option
)

var stateProtos = attr.NewEnum("proto").With(uapi.IPPROTO_ESP, "esp").With(uapi.IPPROTO_AH, "ah").
	With(uapi.IPPROTO_COMP, "comp|ipcomp").With(uapi.IPPROTO_ROUTING, "route2").With(uapi.IPPROTO_DSTOPTS, "hao")

// selectorProtos are the names in /etc/protocols that occur in selectors.
var selectorProtos = attr.NewEnum("proto").With(uapi.IPPROTO_ICMP, "icmp").With(uapi.IPPROTO_IGMP, "igmp").
	With(uapi.IPPROTO_IPIP, "ipip|ipencap").With(uapi.IPPROTO_TCP, "tcp").With(uapi.IPPROTO_UDP, "udp").
	With(uapi.IPPROTO_DCCP, "dccp").With(uapi.IPPROTO_IPV6, "ipv6").With(uapi.IPPROTO_GRE, "gre").
	With(uapi.IPPROTO_ESP, "esp").With(uapi.IPPROTO_AH, "ah").With(uapi.IPPROTO_ICMPV6, "ipv6-icmp|icmpv6").
	With(ospf, "ospf").With(uapi.IPPROTO_COMP, "comp|ipcomp").With(uapi.IPPROTO_SCTP, "sctp").
	With(uapi.IPPROTO_MH, "mobility-header").With(uapi.IPPROTO_L2TP, "l2tp")

// ospf is in no kernel header.
const ospf = 89

// String is the protocol's word.
func (p Proto) String() string { return selectorProtos.Text(uint64(p)) }

// Mode is how a state treats packets.
type Mode uint8

// The modes. ModeTransport is what the kernel takes where none is said.
const (
	ModeTransport Mode = uapi.XFRM_MODE_TRANSPORT
	ModeTunnel    Mode = uapi.XFRM_MODE_TUNNEL
	ModeRO        Mode = uapi.XFRM_MODE_ROUTEOPTIMIZATION
	ModeInTrigger Mode = uapi.XFRM_MODE_IN_TRIGGER
	ModeBEET      Mode = uapi.XFRM_MODE_BEET
	ModeIPTFS     Mode = uapi.XFRM_MODE_IPTFS
)

var modes = attr.NewEnum("mode", "transport", "tunnel", "ro", "in_trigger", "beet", "iptfs")

// String is the mode's word.
func (m Mode) String() string { return modes.Text(uint64(m)) }

// Dir is where a policy applies. Numbers from 3 are those of sockets.
type Dir uint8

// The directions of policies.
const (
	In      Dir = uapi.XFRM_POLICY_IN
	Out     Dir = uapi.XFRM_POLICY_OUT
	Forward Dir = uapi.XFRM_POLICY_FWD
)

var dirs = attr.NewEnum("dir", "in", "out", "fwd")

// String is the direction's word.
func (d Dir) String() string { return dirs.Text(uint64(d)) }

// SADir is the direction that a state is for. Zero is "not said": both.
type SADir uint8

// The directions of states.
const (
	SAIn  SADir = uapi.XFRM_SA_DIR_IN
	SAOut SADir = uapi.XFRM_SA_DIR_OUT
)

var saDirs = attr.NewEnum("dir", "", "in", "out")

// String is the direction's word.
func (d SADir) String() string { return saDirs.Text(uint64(d)) }

// Action is what a policy does with what it matches.
type Action uint8

// The actions. Allow is what the kernel takes where none is said.
const (
	Allow Action = uapi.XFRM_POLICY_ALLOW
	Block Action = uapi.XFRM_POLICY_BLOCK
)

var actions = attr.NewEnum("action", "allow", "block")

// String is the action's word.
func (a Action) String() string { return actions.Text(uint64(a)) }

// PolicyType is the list that a policy is in.
type PolicyType uint8

// The lists of policies. PolicyMain is the default; PolicySub needs a kernel
// with CONFIG_XFRM_SUB_POLICY.
const (
	PolicyMain PolicyType = uapi.XFRM_POLICY_TYPE_MAIN
	PolicySub  PolicyType = uapi.XFRM_POLICY_TYPE_SUB
)

var policyTypes = attr.NewEnum("ptype", "main", "sub")

// String is the list's word.
func (t PolicyType) String() string { return policyTypes.Text(uint64(t)) }

// Share says who may use one state together. The kernel keeps it only.
type Share uint8

var shares = attr.NewEnum("share", "any", "session", "user", "unique")

// String is the word of the share.
func (s Share) String() string { return shares.Text(uint64(s)) }

// Level says whether packets may pass without the state that a template asks
// for.
type Level uint8

// The levels. Required is what the kernel takes where none is said.
const (
	Required Level = 0
	Use      Level = 1
)

var levels = attr.NewEnum("level", "required", "use")

// String is the level's word.
func (l Level) String() string { return levels.Text(uint64(l)) }

// EncapType is how ESP is carried in another protocol.
type EncapType uint16

// The encapsulations, by the numbers of the kernel's UDP_ENCAP_* and
// TCP_ENCAP_ESPINTCP.
const (
	ESPinUDPNonIKE EncapType = 1
	ESPinUDP       EncapType = 2
	ESPinTCP       EncapType = 7
)

var encapTypes = attr.NewEnum("encap", "", "espinudp-nonike", "espinudp").With(uint64(ESPinTCP), "espintcp")

// String is the word of the encapsulation.
func (t EncapType) String() string { return encapTypes.Text(uint64(t)) }

// OffloadType is how much a network card does.
type OffloadType uint8

// The kinds of offload.
const (
	OffloadCrypto OffloadType = 0
	OffloadPacket OffloadType = 1
)

var offloadTypes = attr.NewEnum("offload", "crypto", "packet")

// String is the word of the offload.
func (t OffloadType) String() string { return offloadTypes.Text(uint64(t)) }
