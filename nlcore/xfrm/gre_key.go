package xfrm

import (
	"encoding/binary"
	"math"
	"net/netip"

	"nlsh/nlcore/attr"
)

// greKey is the 32-bit key of GRE, which a selector holds in the places of
// the ports.
type greKey struct{}

func (greKey) Decode(*attr.Env, *Selector, []byte) error                 { return nil }
func (greKey) Append(_ *attr.Env, b []byte, _ *Selector) ([]byte, error) { return b, nil }

func (greKey) Has(s *Selector) bool {
	return s.Proto == gre && s.Sport.Or(Port{}).Mask == math.MaxUint16 && s.Dport.Or(Port{}).Mask == math.MaxUint16
}

// Set takes a number or four bytes as an IPv4 address has them.
func (greKey) Set(_ *attr.Env, s *Selector, v attr.Value) error {
	var key uint64
	a, err := netip.ParseAddr(v.String())
	if err == nil && a.Is4() {
		b := a.As4()
		key = uint64(binary.BigEndian.Uint32(b[:]))
	} else if key, err = attr.ToUint(v, math.MaxUint32); err != nil {
		return err
	}
	s.Sport = PortOf(uint16(key >> 16))
	s.Dport = PortOf(uint16(key))
	return nil
}

func (greKey) Get(_ *attr.Env, s *Selector) attr.Value {
	return attr.UintOf(uint64(s.Sport.Or(Port{}).Value)<<16 | uint64(s.Dport.Or(Port{}).Value))
}
func (greKey) Width() int   { return 0 }
func (greKey) Kind() string { return "u32" }

const gre Proto = 47
