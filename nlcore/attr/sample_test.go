package attr_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/val"
)

// sample has a row of every form; its ids are its own.
type sample struct {
	Proto   val.Opt[uint8]
	Scope   val.Opt[uint8]
	Flag1   val.Opt[bool]
	NoArp   val.Opt[bool]
	Kernel  val.Opt[bool]
	Num8    val.Opt[uint8]
	Num16   val.Opt[uint16]
	Num32   val.Opt[uint32]
	Num64   val.Opt[uint64]
	Port    val.Opt[uint16]
	Big32   val.Opt[uint32]
	Plain   uint32
	Bool    val.Opt[bool]
	Flag    bool
	Mode    val.Opt[uint8]
	Table   val.Opt[uint32]
	Remote  netip.Addr
	IP      netip.Addr
	IP4     netip.Addr
	IP6     netip.Addr
	MAC     net.HardwareAddr
	Name    string
	Short   string
	Key     []byte
	Dev     val.LinkRef
	Netns   val.NetnsRef
	Timer   val.Opt[uint32]
	Inner   val.Opt[uint16]
	Const   val.Opt[uint16]
	State   val.Opt[uint32]
	Sub     hop
	Hops    []hop
	Items   []item
	Alias   []string
	More    *more
	Extra   attr.Raw
	Cleared val.Opt[uint32]
}

// more stands behind a pointer.
type more struct {
	Mark val.Opt[uint32]
	Text string
}

// hop frames itself, as rtnexthop does.
type hop struct {
	Weight val.Opt[uint8]
	Via    netip.Addr
}

type item struct {
	ID   val.Opt[uint32]
	Name string
}

var hopTable = attr.Table[hop]{Name: "hop", Rows: func(h *hop, d *attr.Def) {
	d.Header(8).At(3, "weight", attr.Uint8(&h.Weight))
	d.Attr(5, "via", attr.IP(&h.Via))
}}

var itemTable = attr.Table[item]{Name: "item", Rows: func(i *item, d *attr.Def) {
	d.Key("name")
	d.Attr(1, "id", attr.Uint32(&i.ID).Range(1, 100))
	d.Attr(2, "name", attr.Str(&i.Name))
}}

var modeWords = attr.NewEnum("mode", "off", "", "fast|quick")

var sampleTable = attr.Table[sample]{Name: "sample", Rows: func(s *sample, d *attr.Def) {
	h := d.Header(12)
	h.At(1, "proto", attr.Uint8(&s.Proto))
	h.Member(2, "scope", attr.Uint8(&s.Scope)).Fill(255)
	h.Bits(4, 8, attr.Bit(1, "flag1", &s.Flag1), attr.NotBit(0x80, "arp", &s.NoArp),
		attr.Bit(2, "kernel", &s.Kernel).ReadOnly())
	d.Attr(1, "num8", attr.Uint8(&s.Num8).Range(2, 200))
	d.Attr(2, "num16", attr.Uint16(&s.Num16))
	d.Attr(3, "num32", attr.Uint32(&s.Num32)).Alias("n32").Since("5.3")
	d.Attr(4, "num64", attr.Uint64(&s.Num64))
	d.Attr(5, "port", attr.BE16(&s.Port))
	d.Attr(6, "big32", attr.BE32(&s.Big32))
	d.Attr(7, "plain", attr.Plain32(&s.Plain)).In(attr.All)
	d.Attr(8, "bool", attr.Bool(&s.Bool))
	d.Attr(9, "flag", attr.Flag(&s.Flag))
	d.Attr(10, "mode", attr.Enum8(&s.Mode, modeWords))
	d.Attr(11, "table", attr.Named32(&s.Table, func(n *rtnames.Names) *rtnames.Table { return n.Tables }))
	d.Attr(12, "remote", attr.IP46(&s.Remote, 13))
	d.Attr(14, "ip", attr.IP(&s.IP))
	d.Attr(15, "ip4", attr.IP4(&s.IP4))
	d.Attr(16, "ip6", attr.IP6(&s.IP6))
	d.Attr(17, "mac", attr.MAC(&s.MAC))
	d.Attr(18, "name", attr.Str(&s.Name))
	d.Attr(19, "short", attr.StrMax(&s.Short, 8))
	d.Attr(20, "key", attr.Bytes(&s.Key))
	d.Attr(21, "dev", attr.Link(&s.Dev))
	d.Attr(22, "netns", attr.NetnsFd(&s.Netns))
	d.Attr(23, "timer", attr.Uint32(&s.Timer).Unit(attr.Centiseconds))
	d.Nest(24, "outer", func(d *attr.Def) {
		d.Attr(1, "inner", attr.Uint16(&s.Inner))
		d.Struct(2, "pair", 4).At(0, "const", attr.BE16(&s.Const))
	})
	d.Attr(25, "state", attr.Uint32(&s.State)).In(0)
	d.Attr(26, "sub", attr.Nest(&s.Sub, &hopTable))
	d.Attr(27, "hops", attr.List(&s.Hops, &hopTable, attr.SelfLen))
	d.Attr(28, "items", attr.List(&s.Items, &itemTable, attr.Each(3)))
	d.Attr(29, "alias", attr.Strs(&s.Alias, 53, 10))
	attr.Behind(d, &s.More, func(m *more, d *attr.Def) {
		d.Attr(30, "mark", attr.Uint32(&m.Mark))
		d.Attr(31, "text", attr.CStr(&m.Text, 16))
	})
	d.Struct(32, "versioned", 8).Const32(0, 3).At(4, "cleared", attr.Uint32(&s.Cleared))
	d.Skip(33)
	d.Extra(&s.Extra)
}}

var create = &attr.Env{Mode: attr.Create}

// filled has every writable field said.
func filled() *sample {
	return &sample{
		Proto: val.U8(4), Scope: val.U8(254), Flag1: val.On, NoArp: val.Off,
		Num8: val.U8(200), Num16: val.U16(0x1234), Num32: val.U32(0), Num64: val.U64(1 << 63),
		Port: val.U16(4789), Big32: val.U32(0x01020304), Plain: 7, Bool: val.Off, Flag: true,
		Mode: val.U8(2), Table: val.U32(254),
		Remote: netip.MustParseAddr("2001:db8::1"), IP: netip.MustParseAddr("10.0.0.1"),
		IP4: netip.MustParseAddr("10.0.0.2"), IP6: netip.MustParseAddr("fe80::1"),
		MAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, Name: "a name", Short: "7 chars", Key: []byte{0, 1, 255},
		Dev: val.LinkIndex(7), Timer: val.U32(500), Inner: val.U16(9), Const: val.U16(10),
		Sub:  hop{Weight: val.U8(1), Via: netip.MustParseAddr("10.0.0.3")},
		Hops: []hop{{Weight: val.U8(2)}, {Weight: val.U8(3), Via: netip.MustParseAddr("10.0.0.4")}},
		Items: []item{
			{ID: val.U32(1), Name: "one"}, {ID: val.U32(2)},
		},
		Alias: []string{"first", "second"}, More: &more{Mark: val.U32(1), Text: "fifteen letters"},
		Cleared: val.U32(0),
	}
}

// diff compares whole values.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}, val.LinkRef{}, val.NetnsRef{}),
		cmp.AllowUnexported(val.Opt[uint8]{}, val.Opt[uint16]{}, val.Opt[uint32]{}, val.Opt[uint64]{}, val.Opt[bool]{}))
}

func encode(t *testing.T, e *attr.Env, s *sample) []byte {
	t.Helper()
	b, err := sampleTable.Append(e, nil, s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tlv is an attribute as written out by hand, in host order.
func tlv(id uint16, payload ...byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(payload)))
	b = binary.NativeEndian.AppendUint16(b, id)
	b = append(b, payload...)
	return append(b, make([]byte, -len(b)&3)...)
}

func u16(v uint16) []byte { return binary.NativeEndian.AppendUint16(nil, v) }
func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// head is the sample's header where nothing is said.
func head() []byte { return cat([]byte{0, 0, 255, 0}, u32(0), u32(0)) }
