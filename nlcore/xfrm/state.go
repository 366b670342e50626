package xfrm

import (
	"fmt"
	"net/netip"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// State is a security association: how packets from one address to another
// are transformed. In a change, the zero value of a field is "not said"; the
// last part is only read.
type State struct {
	// Src and Dst are the addresses of the outer packets, both of one family.
	// Dst is required.
	Src, Dst netip.Addr
	// Proto is what packets are transformed to; required.
	Proto Proto
	// SPI tells the states of one receiver apart: 1 to 2^32-1, for compression
	// to 2^16-1. Required but for Mobile IPv6.
	SPI uint32
	// Mode is how packets are treated; unset is transport.
	Mode val.Opt[Mode]
	// Mark is what packets must be marked with to come here.
	Mark val.Opt[val.Masked[uint32]]
	// ReqID ties states to templates of policies with the same number; 0 is
	// none.
	ReqID uint32
	// Seq is the number of the kernel's request that this answers; 0 is none.
	Seq uint32
	// Enc, Auth, AuthTrunc, AEAD and Comp are the algorithms. ESP wants Enc and
	// one of Auth and AuthTrunc, or AEAD; AH one of Auth and AuthTrunc; comp
	// Comp.
	Enc, Auth, Comp Algo
	AuthTrunc       AuthTrunc
	AEAD            AEAD
	// Encap carries ESP in another protocol.
	Encap Encap
	// ReplayWindow is how many packets may come late, 0 to 4096; 0 does not
	// look for replays.
	ReplayWindow val.Opt[uint32]
	// ReplaySeq and ReplayOseq are the last sequence numbers in and out,
	// ReplaySeqHi and ReplayOseqHi their upper halves with ESN or a window
	// above 32.
	ReplaySeq, ReplayOseq, ReplaySeqHi, ReplayOseqHi val.Opt[uint32]
	// NoECN copies no congestion notification, DecapDSCP copies the DSCP out of
	// the tunnel, NoPMTUDisc does no path MTU discovery, WildRecv takes packets
	// from any source, ICMP looks into ICMP errors, AFUnspec takes inner
	// packets of either family, Align4 pads to 4 bytes for IPv6 too, ESN counts
	// packets in 64 bits.
	NoECN, DecapDSCP, NoPMTUDisc, WildRecv, ICMP, AFUnspec, Align4, ESN val.Opt[bool]
	// DontEncapDSCP gives the outer packet no DSCP, OseqMayWrap lets the
	// outgoing sequence number begin again.
	DontEncapDSCP, OseqMayWrap val.Opt[bool]
	// Sel restricts the inner packets.
	Sel Selector
	// Limit ends the state's life.
	Limit Limits
	// CoA is the care-of address of Mobile IPv6.
	CoA netip.Addr
	// OutputMark marks the outer packets.
	OutputMark val.Opt[val.Masked[uint32]]
	// IfID ties the state to xfrm interfaces with the same number; 0 is none.
	IfID uint32
	// TFCPad is the length in bytes up to which packets are padded; 0 is none.
	TFCPad uint32
	// Offload gives the work to a network card.
	Offload Offload
	// Dir is the direction that the state is for; unset is both.
	Dir SADir
	// PCPU is the CPU that the state is for.
	PCPU val.Opt[uint32]
	// NATKeepalive is the seconds between packets that keep a translation
	// alive; 0 is none.
	NATKeepalive uint32
	// Family is that of Src and Dst.
	Family val.Opt[Family]

	// Current is what has passed so far.
	Current Usage
	// Stats counts what was refused.
	Stats Stats
	// LastUsed is when a packet passed last, in seconds since 1970.
	LastUsed uint64
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// StateClass names the class of states.
const StateClass = "xfrm.state"

// Class is "xfrm.state".
func (s *State) Class() string { return StateClass }

// Protocol is the netlink protocol that the state is changed by.
func (s *State) Protocol() int { return uapi.NETLINK_XFRM }

// Views are the state's fields.
func (s *State) Views() []attr.View { return []attr.View{stateTable.View(s)} }

// Ident is what the kernel finds a state by.
func (s *State) Ident() string {
	id := fmt.Sprintf("xfrm.state %v %v %#x", s.Dst, s.Proto, s.SPI)
	if s.SPI == 0 {
		id += " " + s.Src.String()
	}
	if m, ok := s.Mark.Get(); ok && m != (val.Masked[uint32]{}) {
		id += " mark " + markText(m)
	}
	return id
}

// String is "src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x00000301"; "" where
// nothing is said.
func (s *State) String() string {
	var b strings.Builder
	if s.Src.IsValid() {
		fmt.Fprintf(&b, " src %v", s.Src)
	}
	if s.Dst.IsValid() {
		fmt.Fprintf(&b, " dst %v", s.Dst)
	}
	if s.Proto != 0 {
		fmt.Fprintf(&b, " proto %v", s.Proto)
	}
	if s.SPI != 0 {
		fmt.Fprintf(&b, " spi 0x%08x", s.SPI)
	}
	return strings.TrimPrefix(b.String(), " ")
}

// Header is the message of a verb.
func (s *State) Header(v val.Verb) (msgType, flags uint16, err error) {
	switch v {
	case val.Add:
		return uapi.XFRM_MSG_NEWSA, 0, nil
	case val.Change:
		return uapi.XFRM_MSG_UPDSA, 0, nil
	case val.Del:
		return uapi.XFRM_MSG_DELSA, 0, nil
	}
	return 0, 0, fmt.Errorf("a state has no %q", v)
}

// Append writes the message's body.
func (s *State) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	if v == val.Del {
		return s.AppendID(e, b)
	}
	if err := s.check(); err != nil {
		return b, err
	}
	return stateTable.Append(e, b, s)
}

// AppendID writes the body of a message that asks for a state or deletes it.
func (s *State) AppendID(e *attr.Env, b []byte) ([]byte, error) {
	if err := s.checkID(); err != nil {
		return b, err
	}
	start := len(b)
	b, err := address{}.Append(e, b, &s.Dst)
	if err != nil {
		return b, err
	}
	b, _ = spiCodec{}.Append(e, b, &s.SPI)
	b = append(ne.AppendUint16(b, uint16(familyOf(s.Dst))), byte(s.Proto))
	b = append(b, make([]byte, uapi.SizeofXfrmUsersaID-(len(b)-start))...)
	if s.Src.IsValid() {
		var at int
		b, at = attr.Open(b, uapi.XFRMA_SRCADDR)
		b, _ = address{}.Append(e, b, &s.Src)
		if b, err = attr.Close(b, at); err != nil {
			return b, err
		}
	}
	return appendMark(e, b, &s.Mark)
}

func appendMark(e *attr.Env, b []byte, m *val.Opt[val.Masked[uint32]]) ([]byte, error) {
	if m.IsZero() {
		return b, nil
	}
	b, at := attr.Open(b, uapi.XFRMA_MARK)
	b, _ = markCodec{}.Append(e, b, m)
	return attr.Close(b, at)
}

// Decode reads the kernel's message of a state.
func (s *State) Decode(e *attr.Env, b []byte) error { return stateTable.Decode(e, s, b) }

// StateSchema is the rows of a state's messages.
func StateSchema() *attr.Schema { return stateTable.Schema() }
