package nlcore

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// IOAM6Encap has nodes note in packets what they saw of them (RFC 9197).
type IOAM6Encap struct {
	// Freq is how many packets of how many carry it; unset is each.
	Freq IOAM6Freq
	// Mode is how it is put on; unset is inline.
	Mode val.Opt[IOAM6Mode]
	// TunSrc and TunDst are of the outer header of modes encap and auto. TunDst
	// is required there.
	TunSrc, TunDst netip.Addr
	// Trace is what nodes note; required.
	Trace IOAM6Trace
}

// IOAM6Freq is K of N packets, each 1 to 10^6.
type IOAM6Freq struct{ K, N uint32 }

// IOAM6Mode is how a trace is put on a packet.
type IOAM6Mode uint8

var ioam6Modes = attr.NewEnum("mode", "", "inline", "encap", "auto")

// String is the mode's word.
func (m IOAM6Mode) String() string { return ioam6Modes.Text(uint64(m)) }

// IOAM6Trace is the header of a trace.
type IOAM6Trace struct {
	// Type is a set of 24 bits: what each node notes; bit 23 is the first.
	Type uint32
	// Namespace is the IOAM namespace.
	Namespace uint16
	// Size is how many bytes the nodes may fill, 4 to 244, a multiple of 4.
	Size uint8
}

var ioam6Table = attr.Table[IOAM6Encap]{Name: "ioam6", Rows: func(x *IOAM6Encap, d *attr.Def) {
	d.Attr(uapi.IOAM6_IPTUNNEL_FREQ_K, "freq", attr.Bind(&x.Freq, ioam6Freq{})).Since("5.18")
	d.Attr(uapi.IOAM6_IPTUNNEL_FREQ_N, "", attr.Bind(&x.Freq, ioam6FreqN{})).Hide()
	d.Attr(uapi.IOAM6_IPTUNNEL_MODE, "mode", attr.Enum8(&x.Mode, ioam6Modes))
	d.Attr(uapi.IOAM6_IPTUNNEL_SRC, "tunsrc", attr.IP6(&x.TunSrc)).Since("6.12")
	d.Attr(uapi.IOAM6_IPTUNNEL_DST, "tundst", attr.IP6(&x.TunDst))
	d.Attr(uapi.IOAM6_IPTUNNEL_TRACE, "trace", attr.Record(&x.Trace, &ioam6TraceTable, ioam6TraceSize)).Required()
}}

const ioam6TraceSize = 8 // struct ioam6_trace_hdr without its data

var ioam6TraceTable = attr.Table[IOAM6Trace]{Name: "trace", Rows: func(x *IOAM6Trace, d *attr.Def) {
	h := d.Header(ioam6TraceSize)
	h.At(0, "ns", attr.PlainBE16(&x.Namespace))
	h.At(3, "size", attr.Bind(&x.Size, traceSize{}))
	h.At(4, "type", attr.Bind(&x.Type, traceType{}))
}}

// EncapType is LWTUNNEL_ENCAP_IOAM6.
func (x *IOAM6Encap) EncapType() uint16 { return uapi.LWTUNNEL_ENCAP_IOAM6 }
func (x *IOAM6Encap) String() string    { return encapText(x) }
func (x *IOAM6Encap) view() attr.View   { return ioam6Table.View(x) }

// ioam6Freq is "2/5"; ioam6FreqN the attribute of the second number.
type ioam6Freq struct{}

func (ioam6Freq) Decode(_ *attr.Env, p *IOAM6Freq, b []byte) (err error) {
	p.K, err = u32(b)
	return err
}
func (ioam6Freq) Append(_ *attr.Env, b []byte, p *IOAM6Freq) ([]byte, error) {
	if p.K == 0 || p.N < p.K || p.N > uapi.IOAM6_IPTUNNEL_FREQ_MAX {
		return b, fmt.Errorf(`wants K of N packets, 1 <= K <= N <= %d, got %d/%d`, uapi.IOAM6_IPTUNNEL_FREQ_MAX, p.K, p.N)
	}
	return ne.AppendUint32(b, p.K), nil
}
func (ioam6Freq) Has(p *IOAM6Freq) bool { return *p != IOAM6Freq{} }
func (ioam6Freq) Width() int            { return 4 }
func (ioam6Freq) Kind() string          { return "K/N" }
func (ioam6Freq) Get(_ *attr.Env, p *IOAM6Freq) attr.Value {
	return attr.StringOf(fmt.Sprintf("%d/%d", p.K, p.N))
}
func (ioam6Freq) Set(_ *attr.Env, p *IOAM6Freq, v attr.Value) error {
	k, n, _ := strings.Cut(v.String(), "/")
	x, errK := strconv.ParseUint(k, 10, 32)
	y, errN := strconv.ParseUint(n, 10, 32)
	if errK != nil || errN != nil || x == 0 || y < x || y > uapi.IOAM6_IPTUNNEL_FREQ_MAX {
		return fmt.Errorf(`wants K of N packets like "2/5", 1 <= K <= N <= %d, got %q`, uapi.IOAM6_IPTUNNEL_FREQ_MAX, v)
	}
	*p = IOAM6Freq{uint32(x), uint32(y)}
	return nil
}

type ioam6FreqN struct{ ioam6Freq }

func (ioam6FreqN) Decode(_ *attr.Env, p *IOAM6Freq, b []byte) (err error) {
	p.N, err = u32(b)
	return err
}
func (ioam6FreqN) Append(_ *attr.Env, b []byte, p *IOAM6Freq) ([]byte, error) {
	return ne.AppendUint32(b, p.N), nil
}

func u32(b []byte) (uint32, error) {
	if len(b) < 4 {
		return 0, fmt.Errorf("has %d bytes, needs 4", len(b))
	}
	return ne.Uint32(b), nil
}

// traceSize is in bytes; the header counts in fours.
type traceSize struct{}

func (traceSize) Decode(_ *attr.Env, p *uint8, b []byte) error { *p = b[0] & 0x3f * 4; return nil }
func (traceSize) Append(_ *attr.Env, b []byte, p *uint8) ([]byte, error) {
	return append(b, *p/4), checkTraceSize(uint64(*p))
}
func (traceSize) Has(p *uint8) bool                    { return *p != 0 }
func (traceSize) Get(_ *attr.Env, p *uint8) attr.Value { return attr.UintOf(uint64(*p)) }
func (traceSize) Width() int                           { return 1 }
func (traceSize) Kind() string                         { return "u8" }
func (traceSize) Set(_ *attr.Env, p *uint8, v attr.Value) error {
	n, err := attr.ToUint(v, 1<<32-1)
	if err == nil {
		err = checkTraceSize(n)
	}
	if err == nil {
		*p = uint8(n)
	}
	return err
}

func checkTraceSize(n uint64) error {
	if n == 0 || n > 244 || n%4 != 0 {
		return fmt.Errorf("wants a multiple of 4 from 4 to 244, got %d", n)
	}
	return nil
}

// traceType is the upper 24 bits of a number in network order.
type traceType struct{}

func (traceType) Decode(_ *attr.Env, p *uint32, b []byte) error {
	*p = binary.BigEndian.Uint32(b) >> 8
	return nil
}
func (traceType) Append(_ *attr.Env, b []byte, p *uint32) ([]byte, error) {
	if *p >= 1<<24 {
		return b, fmt.Errorf("wants a number of 24 bits, got %#x", *p)
	}
	return binary.BigEndian.AppendUint32(b, *p<<8), nil
}
func (traceType) Has(p *uint32) bool { return *p != 0 }
func (traceType) Width() int         { return 4 }
func (traceType) Kind() string       { return "bits" }
func (traceType) Get(_ *attr.Env, p *uint32) attr.Value {
	return attr.UnitOf(uint64(*p), fmt.Sprintf("%#x", *p))
}
func (traceType) Set(_ *attr.Env, p *uint32, v attr.Value) error {
	n, err := attr.ToUint(v, 1<<24-1)
	*p = uint32(n)
	return err
}
