package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// RPLEncap puts a source routing header of low-power networks on packets
// (RFC 6554).
type RPLEncap struct {
	// Segs are the addresses to visit, the first first.
	Segs []netip.Addr
}

var rplTable = attr.Table[RPLEncap]{Name: "rpl", Rows: func(x *RPLEncap, d *attr.Def) {
	d.Key("segs")
	d.Attr(uapi.RPL_IPTUNNEL_SRH, "segs", attr.Bind(&x.Segs, rplSRH{})).Required().Since("5.7")
}}

// EncapType is LWTUNNEL_ENCAP_RPL.
func (x *RPLEncap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_RPL }
func (x *RPLEncap) String() string    { return encapText(x) }
func (x *RPLEncap) view() attr.View   { return rplTable.View(x) }
func (x *RPLEncap) check() error      { return (&SegmentHeader{Segs: x.Segs}).check("segs") }

// rplSRH is the header whose addresses are whole, last first.
type rplSRH struct{ segments }

const rplType = 3

func (rplSRH) Append(_ *attr.Env, b []byte, p *[]netip.Addr) ([]byte, error) {
	n := byte(len(*p))
	b = append(b, 0, 2*n, rplType, n, 0, 0, 0, 0)
	for i := len(*p) - 1; i >= 0; i-- {
		b = appendIP(b, (*p)[i])
	}
	return b, nil
}

func (rplSRH) Decode(_ *attr.Env, p *[]netip.Addr, b []byte) error {
	if len(b) < srhFixed || len(b) < srhFixed+8*int(b[1]) {
		return fmt.Errorf("is cut short: %d bytes", len(b))
	}
	*p = nil
	for i := int(b[1])/2 - 1; i >= 0; i-- {
		*p = append(*p, netip.AddrFrom16([16]byte(b[srhFixed+16*i:])))
	}
	return nil
}
