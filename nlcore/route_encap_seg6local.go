package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Seg6LocalEncap is what an address of this machine does with segment routed
// packets (RFC 8986).
type Seg6LocalEncap struct {
	// Action is what; required.
	Action val.Opt[Seg6Action]
	// SRH is the header that End.B6 and End.B6.Encaps put on.
	SRH SegmentHeader
	// Table is where End.T and End.DT6 look up, VRFTable where End.DT4, End.DT6
	// and End.DT46 do, by the table of a vrf.
	Table, VRFTable val.Opt[uint32]
	// NH4 and NH6 are the next hop of End.DX4, and of End.X and End.DX6.
	NH4, NH6 netip.Addr
	// IIF and OIF are interfaces; OIF is where End.DX2 sends to.
	IIF, OIF val.LinkRef
	// BPF is the program of End.BPF.
	BPF BPFProg
	// Counters count packets; since Linux 5.14.
	Counters Seg6Counters
	// Flavors are variants of the action, since Linux 6.1.
	Flavors Seg6Flavors
	// LBLen and NFLen are the bits of the block and of the node and function of
	// a compressed segment (next-csid); 0 is 32 and 16.
	LBLen, NFLen uint8
}

// Seg6Action is what an address does with segment routed packets.
type Seg6Action uint32

var seg6Actions = attr.NewEnum("action", "", "End", "End.X", "End.T", "End.DX2", "End.DX6", "End.DX4", "End.DT6",
	"End.DT4", "End.B6", "End.B6.Encaps", "End.BM", "End.S", "End.AS", "End.AM", "End.BPF", "End.DT46")

// String is the action's word.
func (a Seg6Action) String() string { return seg6Actions.Text(uint64(a)) }

// Seg6Flavors is a set of variants of an action; bit n is flavor n
// (SEG6_LOCAL_FLV_OP_).
type Seg6Flavors uint32

var seg6Flavors = attr.NewEnum("flavors").
	With(1<<uapi.SEG6_LOCAL_FLV_OP_PSP, "psp").With(1<<uapi.SEG6_LOCAL_FLV_OP_USP, "usp").
	With(1<<uapi.SEG6_LOCAL_FLV_OP_USD, "usd").With(1<<uapi.SEG6_LOCAL_FLV_OP_NEXT_CSID, "next-csid")

// Seg6Counters say whether packets are counted, and how many were.
type Seg6Counters struct {
	// On has them counted.
	On bool
	// Packets, Bytes and Errors are the kernel's.
	Packets, Bytes, Errors uint64
}

var seg6LocalTable = attr.Table[Seg6LocalEncap]{Name: "seg6local", Rows: func(x *Seg6LocalEncap, d *attr.Def) {
	d.Key("action")
	d.Attr(uapi.SEG6_LOCAL_ACTION, "action", attr.Enum32(&x.Action, seg6Actions)).Required()
	d.Attr(uapi.SEG6_LOCAL_SRH, "srh", attr.Bind(&x.SRH, localSRH{}))
	d.Attr(uapi.SEG6_LOCAL_TABLE, "table", attr.Named32(&x.Table, tableNames))
	d.Attr(uapi.SEG6_LOCAL_VRFTABLE, "vrftable", attr.Named32(&x.VRFTable, tableNames)).Since("5.11")
	d.Attr(uapi.SEG6_LOCAL_NH4, "nh4", attr.IP4(&x.NH4))
	d.Attr(uapi.SEG6_LOCAL_NH6, "nh6", attr.IP6(&x.NH6))
	d.Attr(uapi.SEG6_LOCAL_IIF, "iif", attr.Link(&x.IIF))
	d.Attr(uapi.SEG6_LOCAL_OIF, "oif", attr.Link(&x.OIF))
	d.Attr(uapi.SEG6_LOCAL_BPF, "endpoint", attr.Nest(&x.BPF, &bpfProgTable)).Since("4.18")
	d.Attr(uapi.SEG6_LOCAL_COUNTERS, "count", attr.Bind(&x.Counters, seg6Counters{})).Nested().Since("5.13")
	d.Nest(uapi.SEG6_LOCAL_FLAVORS, "flavors", func(d *attr.Def) {
		d.Attr(uapi.SEG6_LOCAL_FLV_OPERATION, "flavors", attr.Bind(&x.Flavors, bitWords[Seg6Flavors]{seg6Flavors})).Since("6.1")
		d.Attr(uapi.SEG6_LOCAL_FLV_LCBLOCK_BITS, "lblen", attr.Plain8(&x.LBLen)).Since("6.1")
		d.Attr(uapi.SEG6_LOCAL_FLV_LCNODE_FN_BITS, "nflen", attr.Plain8(&x.NFLen)).Since("6.1")
	})
}}

// EncapType is LWTUNNEL_ENCAP_SEG6_LOCAL.
func (x *Seg6LocalEncap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_SEG6_LOCAL }
func (x *Seg6LocalEncap) String() string    { return encapText(x) }
func (x *Seg6LocalEncap) view() attr.View   { return seg6LocalTable.View(x) }

func (x *Seg6LocalEncap) check() error {
	if len(x.SRH.Segs) > 0 {
		return x.SRH.check("srh.segs")
	}
	return nil
}

var segmentTable = attr.Table[SegmentHeader]{Name: "srh", Rows: func(h *SegmentHeader, d *attr.Def) {
	d.Key("segs")
	segmentRows(h, d)
}}

// localSRH is a segment routing header in an attribute of its own.
type localSRH struct{}

func (localSRH) Decode(_ *attr.Env, h *SegmentHeader, b []byte) error { return h.decode(b, false) }
func (localSRH) Append(_ *attr.Env, b []byte, h *SegmentHeader) ([]byte, error) {
	return h.append(b, false)
}
func (localSRH) Has(h *SegmentHeader) bool                    { return len(h.Segs) > 0 }
func (localSRH) Get(e *attr.Env, h *SegmentHeader) attr.Value { return segmentTable.Value(e, h) }
func (localSRH) Width() int                                   { return 0 }
func (localSRH) Kind() string                                 { return "table" }
func (localSRH) Sub() *attr.Schema                            { return segmentTable.Schema() }

// Set takes the segments alone, or a table of the header's fields.
func (localSRH) Set(e *attr.Env, h *SegmentHeader, v attr.Value) error {
	if v.Kind() != attr.KindTable {
		return segments{}.Set(e, &h.Segs, v)
	}
	return attr.SetTable(e, v, segmentTable.View(h))
}

// seg6Counters are three numbers, all of which the kernel wants to see where
// one is to be counted (seg6_local.c, parse_nla_counters).
type seg6Counters struct{}

func (seg6Counters) Decode(_ *attr.Env, c *Seg6Counters, b []byte) error {
	c.On = true
	for len(b) > 0 {
		t, rest, err := attr.Next(b)
		if err != nil {
			return err
		}
		if len(t.Data) == 8 {
			n := ne.Uint64(t.Data)
			switch t.ID {
			case uapi.SEG6_LOCAL_CNT_PACKETS:
				c.Packets = n
			case uapi.SEG6_LOCAL_CNT_BYTES:
				c.Bytes = n
			case uapi.SEG6_LOCAL_CNT_ERRORS:
				c.Errors = n
			}
		}
		b = rest
	}
	return nil
}

func (seg6Counters) Append(_ *attr.Env, b []byte, _ *Seg6Counters) ([]byte, error) {
	for _, id := range [...]uint16{uapi.SEG6_LOCAL_CNT_PACKETS, uapi.SEG6_LOCAL_CNT_BYTES, uapi.SEG6_LOCAL_CNT_ERRORS} {
		var start int
		b, start = attr.Open(b, id)
		b, _ = attr.Close(ne.AppendUint64(b, 0), start)
	}
	return b, nil
}

func (seg6Counters) Has(c *Seg6Counters) bool { return c.On }
func (seg6Counters) Width() int               { return 0 }
func (seg6Counters) Kind() string             { return "boolean" }

// Set takes a boolean, or the counts that were read: they begin at zero again.
func (seg6Counters) Set(_ *attr.Env, c *Seg6Counters, v attr.Value) (err error) {
	if v.Kind() == attr.KindTable {
		c.On = true
		return nil
	}
	if c.On, err = attr.ToBool(v); err != nil {
		return fmt.Errorf("wants true or false, got %v", v)
	}
	return nil
}

func (seg6Counters) Get(_ *attr.Env, c *Seg6Counters) attr.Value {
	return attr.TableOf([]attr.Pair{
		{Key: "packets", Val: attr.UintOf(c.Packets)}, {Key: "bytes", Val: attr.UintOf(c.Bytes)}, {Key: "errors", Val: attr.UintOf(c.Errors)},
	})
}
