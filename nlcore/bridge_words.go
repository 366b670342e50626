package nlcore

import (
	"fmt"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// EtherType is the protocol in an Ethernet header.
type EtherType uint16

var vlanProtocols = attr.NewEnum("protocol").
	With(uapi.ETH_P_8021Q, "802.1Q|802.1q").With(uapi.ETH_P_8021AD, "802.1ad|802.1AD")

// String is the protocol's word, or its number.
func (t EtherType) String() string { return vlanProtocols.Text(uint64(t)) }

// BridgeSTPMode says who runs a bridge's spanning tree.
type BridgeSTPMode uint32

var bridgeSTPModes = attr.NewEnum("stp_mode", "auto", "user", "kernel")

// String is the mode's word.
func (m BridgeSTPMode) String() string { return bridgeSTPModes.Text(uint64(m)) }

// BridgePortState is a port's state in the spanning tree.
type BridgePortState uint8

var bridgePortStates = attr.NewEnum("state", "disabled", "listening", "learning", "forwarding", "blocking")

// String is the state's word.
func (s BridgePortState) String() string { return bridgePortStates.Text(uint64(s)) }

// BridgeID is an identity in the spanning tree: priority, then address.
type BridgeID [8]byte

// String is the identity as iproute2 prints it: "8000.0:11:22:33:44:55".
func (b BridgeID) String() string {
	return fmt.Sprintf("%02x%02x.%x:%x:%x:%x:%x:%x", b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7])
}

type bridgeIDCodec struct{}

func (bridgeIDCodec) Decode(_ *attr.Env, p *BridgeID, b []byte) error {
	if len(b) < len(p) {
		return fmt.Errorf("has %d bytes, a bridge id has 8", len(b))
	}
	copy(p[:], b)
	return nil
}
func (bridgeIDCodec) Append(_ *attr.Env, b []byte, p *BridgeID) ([]byte, error) {
	return append(b, p[:]...), nil
}
func (bridgeIDCodec) Has(p *BridgeID) bool                       { return *p != BridgeID{} }
func (bridgeIDCodec) Get(_ *attr.Env, p *BridgeID) attr.Value    { return attr.StringOf(p.String()) }
func (bridgeIDCodec) Width() int                                 { return 8 }
func (bridgeIDCodec) Kind() string                               { return "bridge id" }
func (bridgeIDCodec) Set(*attr.Env, *BridgeID, attr.Value) error { return attr.ErrReadOnly }

// Timer is what is left of a time, in 1/100 s.
type Timer uint64

// timerCodec reads a timer in seconds, as iproute2 prints it.
type timerCodec struct{}

func (timerCodec) Decode(_ *attr.Env, p *val.Opt[Timer], b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("has %d bytes, a timer has 8", len(b))
	}
	p.Set(Timer(ne.Uint64(b)))
	return nil
}
func (timerCodec) Append(_ *attr.Env, b []byte, p *val.Opt[Timer]) ([]byte, error) {
	return ne.AppendUint64(b, uint64(p.Or(0))), nil
}
func (timerCodec) Has(p *val.Opt[Timer]) bool { return !p.IsZero() }
func (timerCodec) Get(_ *attr.Env, p *val.Opt[Timer]) attr.Value {
	return attr.FloatOf(float64(p.Or(0)) / 100)
}
func (timerCodec) Width() int                                       { return 8 }
func (timerCodec) Kind() string                                     { return "seconds" }
func (timerCodec) Set(*attr.Env, *val.Opt[Timer], attr.Value) error { return attr.ErrReadOnly }

func timer(p *val.Opt[Timer]) attr.Field { return attr.Bind(p, timerCodec{}) }
