package probe

import (
	"fmt"

	"nlsh/nlcore/internal/uapi"
)

// unreachable4 are the codes of ICMP type 3 (RFC 792, 1122, 1812).
var unreachable4 = [...]string{
	uapi.ICMP_NET_UNREACH:    "destination net unreachable",
	uapi.ICMP_HOST_UNREACH:   "destination host unreachable",
	uapi.ICMP_PROT_UNREACH:   "destination protocol unreachable",
	uapi.ICMP_PORT_UNREACH:   "destination port unreachable",
	uapi.ICMP_FRAG_NEEDED:    "fragmentation needed",
	uapi.ICMP_SR_FAILED:      "source route failed",
	uapi.ICMP_NET_UNKNOWN:    "destination net unknown",
	uapi.ICMP_HOST_UNKNOWN:   "destination host unknown",
	uapi.ICMP_HOST_ISOLATED:  "source host isolated",
	uapi.ICMP_NET_ANO:        "destination net prohibited",
	uapi.ICMP_HOST_ANO:       "destination host prohibited",
	uapi.ICMP_NET_UNR_TOS:    "destination net unreachable for this type of service",
	uapi.ICMP_HOST_UNR_TOS:   "destination host unreachable for this type of service",
	uapi.ICMP_PKT_FILTERED:   "packet filtered",
	uapi.ICMP_PREC_VIOLATION: "precedence violation",
	uapi.ICMP_PREC_CUTOFF:    "precedence cutoff",
}

// unreachable6 are the codes of ICMPv6 type 1 (RFC 4443).
var unreachable6 = [...]string{
	uapi.ICMPV6_NOROUTE:        "no route to destination",
	uapi.ICMPV6_ADM_PROHIBITED: "administratively prohibited",
	uapi.ICMPV6_NOT_NEIGHBOUR:  "beyond the scope of the source address",
	uapi.ICMPV6_ADDR_UNREACH:   "address unreachable",
	uapi.ICMPV6_PORT_UNREACH:   "port unreachable",
	uapi.ICMPV6_POLICY_FAIL:    "source address failed ingress policy",
	uapi.ICMPV6_REJECT_ROUTE:   "reject route to destination",
}

// reason4 words an ICMP error; info is the next hop's MTU where it has one.
func reason4(typ, code byte, info uint32) string {
	switch typ {
	case uapi.ICMP_DEST_UNREACH:
		if int(code) < len(unreachable4) {
			if code == uapi.ICMP_FRAG_NEEDED {
				return fmt.Sprintf("%s (mtu %d)", unreachable4[code], info)
			}
			return unreachable4[code]
		}
	case uapi.ICMP_TIME_EXCEEDED:
		if code == uapi.ICMP_EXC_FRAGTIME {
			return "fragment reassembly time exceeded"
		}
		return "time to live exceeded"
	case uapi.ICMP_PARAMETERPROB:
		return "parameter problem"
	}
	return fmt.Sprintf("icmp type %d code %d", typ, code)
}

// reason6 words an ICMPv6 error.
func reason6(typ, code byte, info uint32) string {
	switch typ {
	case uapi.ICMPV6_DEST_UNREACH:
		if int(code) < len(unreachable6) {
			return unreachable6[code]
		}
	case uapi.ICMPV6_PKT_TOOBIG:
		return fmt.Sprintf("packet too big (mtu %d)", info)
	case uapi.ICMPV6_TIME_EXCEED:
		if code == uapi.ICMPV6_EXC_FRAGTIME {
			return "fragment reassembly time exceeded"
		}
		return "hop limit exceeded"
	case uapi.ICMPV6_PARAMPROB:
		return "parameter problem"
	}
	return fmt.Sprintf("icmpv6 type %d code %d", typ, code)
}
