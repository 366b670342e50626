package nlcore

import (
	"bytes"
	"fmt"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Encap is how a route wraps packets: *MPLSEncap, *IPEncap, *IP6Encap,
// *Seg6Encap, *Seg6LocalEncap, *RPLEncap, *IOAM6Encap, *XfrmEncap, *BPFEncap,
// or *RawEncap for what nlsh does not know.
type Encap interface {
	// EncapType is the kernel's number (LWTUNNEL_ENCAP_).
	EncapType() uint16
	// String is the encapsulation's fields.
	String() string
	view() attr.View
}

// encapKinds are the kinds that have a type of their own, with ip's words.
var encapKinds = [...]struct {
	word string
	typ  uint16
	make func() Encap
}{
	{"mpls", uapi.LWTUNNEL_ENCAP_MPLS, func() Encap { return new(MPLSEncap) }},
	{"ip", uapi.LWTUNNEL_ENCAP_IP, func() Encap { return new(IPEncap) }},
	{"ip6", uapi.LWTUNNEL_ENCAP_IP6, func() Encap { return new(IP6Encap) }},
	{"seg6", uapi.LWTUNNEL_ENCAP_SEG6, func() Encap { return new(Seg6Encap) }},
	{"bpf", uapi.LWTUNNEL_ENCAP_BPF, func() Encap { return new(BPFEncap) }},
	{"seg6local", uapi.LWTUNNEL_ENCAP_SEG6_LOCAL, func() Encap { return new(Seg6LocalEncap) }},
	{"rpl", uapi.LWTUNNEL_ENCAP_RPL, func() Encap { return new(RPLEncap) }},
	{"ioam6", uapi.LWTUNNEL_ENCAP_IOAM6, func() Encap { return new(IOAM6Encap) }},
	{"xfrm", uapi.LWTUNNEL_ENCAP_XFRM, func() Encap { return new(XfrmEncap) }},
}

// RawEncap is an encapsulation of a kind that nlsh does not know.
type RawEncap struct {
	// Type is the kernel's number.
	Type val.Opt[uint16]
	// Data is its attributes as they are.
	Data []byte
}

var rawEncapTable = attr.Table[RawEncap]{Name: "encap", Rows: func(r *RawEncap, d *attr.Def) {
	d.Local("data", attr.Bytes(&r.Data))
}}

// EncapType is the kernel's number.
func (r *RawEncap) EncapType() uint16 { return r.Type.Or(0) }
func (r *RawEncap) String() string    { return encapText(r) }
func (r *RawEncap) view() attr.View   { return rawEncapTable.View(r) }

func newEncap(typ uint16) Encap {
	for _, k := range encapKinds {
		if k.typ == typ {
			return k.make()
		}
	}
	return nil
}

// encapValue is the kind under "type", then the fields.
func encapValue(e *attr.Env, x Encap) attr.Value {
	kind := attr.UintOf(uint64(x.EncapType()))
	for _, k := range encapKinds {
		if k.typ == x.EncapType() {
			kind = attr.StringOf(k.word)
		}
	}
	return attr.TableOf(append([]attr.Pair{{Key: "type", Val: kind}}, x.view().Fields(e)...))
}

func encapText(x Encap) string { return encapValue(nil, x).String() }

// encapType is RTA_ENCAP_TYPE. The kernel sends it after the attributes,
// iproute2 before or after: what came first waits as a RawEncap.
type encapType struct{}

func (encapType) Decode(e *attr.Env, p *Encap, b []byte) error {
	if len(b) < 2 {
		return fmt.Errorf("has %d bytes, needs 2", len(b))
	}
	typ := ne.Uint16(b)
	switch r := (*p).(type) {
	case nil:
		*p = &RawEncap{Type: val.Some(typ)}
	case *RawEncap:
		r.Type.Set(typ)
		return decodeEncap(e, p, r)
	}
	return nil
}

func (encapType) Append(_ *attr.Env, b []byte, p *Encap) ([]byte, error) {
	return ne.AppendUint16(b, (*p).EncapType()), nil
}
func (encapType) Has(p *Encap) bool                       { return *p != nil && (*p).EncapType() != 0 }
func (encapType) Set(*attr.Env, *Encap, attr.Value) error { return attr.ErrReadOnly }
func (encapType) Get(_ *attr.Env, p *Encap) attr.Value    { return attr.UintOf(uint64((*p).EncapType())) }
func (encapType) Width() int                              { return 2 }
func (encapType) Kind() string                            { return "u16" }

// decodeEncap turns bytes whose kind is known into it.
func decodeEncap(e *attr.Env, p *Encap, r *RawEncap) error {
	x := newEncap(r.EncapType())
	if x == nil {
		return nil
	}
	if err := x.view().Decode(e, r.Data); err != nil {
		return err
	}
	*p = x
	return nil
}

// encapCodec is RTA_ENCAP, whose attributes differ by kind.
type encapCodec struct{}

func (encapCodec) Decode(e *attr.Env, p *Encap, b []byte) error {
	r, ok := (*p).(*RawEncap)
	if !ok {
		r = new(RawEncap)
		*p = r
	}
	r.Data = bytes.Clone(b)
	if r.Type.IsZero() {
		return nil
	}
	return decodeEncap(e, p, r)
}

func (encapCodec) Append(e *attr.Env, b []byte, p *Encap) ([]byte, error) {
	if r, ok := (*p).(*RawEncap); ok {
		return append(b, r.Data...), nil
	}
	if c, ok := (*p).(interface{ check() error }); ok {
		if err := c.check(); err != nil {
			return b, err
		}
	}
	return (*p).view().Append(e, b)
}

func (encapCodec) Has(p *Encap) bool                    { return *p != nil }
func (encapCodec) Get(e *attr.Env, p *Encap) attr.Value { return encapValue(e, *p) }
func (encapCodec) Width() int                           { return 0 }
func (encapCodec) Kind() string                         { return "table" }

// Set takes { "mpls", "100/200", ttl=64 }: the kind by position or as type,
// then its fields; or false for none.
func (encapCodec) Set(e *attr.Env, p *Encap, v attr.Value) error {
	if v.IsFalse() {
		*p = nil
		return nil
	}
	kind, fields := encapParts(v)
	x := encapOf(kind)
	if x == nil {
		words := make([]string, len(encapKinds))
		for i, k := range encapKinds {
			words[i] = k.word
		}
		return fmt.Errorf(`wants a table like { "mpls", "100/200" } whose first value is one of %s, got %v`,
			strings.Join(words, ", "), v)
	}
	if err := attr.SetTable(e, attr.TableOf(fields), x.view()); err != nil {
		return err
	}
	*p = x
	return nil
}

// encapOf is an empty encapsulation of the kind with this word or number.
func encapOf(kind attr.Value) Encap {
	for _, k := range encapKinds {
		if k.word == kind.Word() {
			return k.make()
		}
	}
	n, err := attr.ToUint(kind, 1<<16-1)
	switch {
	case err != nil || n == 0:
		return nil
	case newEncap(uint16(n)) != nil:
		return newEncap(uint16(n))
	}
	return &RawEncap{Type: val.Some(uint16(n))}
}

// encapParts splits the kind off; further positional values move up.
func encapParts(v attr.Value) (kind attr.Value, fields []attr.Pair) {
	pairs := v.Table()
	switch v.Kind() {
	case attr.KindString:
		for i, w := range strings.Fields(v.Word()) {
			pairs = append(pairs, attr.Pair{Key: fmt.Sprintf("#%d", i+1), Val: attr.StringOf(w)})
		}
	case attr.KindList:
		for i, x := range v.List() {
			pairs = append(pairs, attr.Pair{Key: fmt.Sprintf("#%d", i+1), Val: x})
		}
	}
	for _, f := range pairs {
		var i int
		switch n, _ := fmt.Sscanf(f.Key, "#%d", &i); {
		case f.Key == "type" || n == 1 && i == 1:
			kind = f.Val
		case n == 1:
			fields = append(fields, attr.Pair{Key: fmt.Sprintf("#%d", i-1), Val: f.Val})
		default:
			fields = append(fields, f)
		}
	}
	return kind, fields
}

// encapRows are of a route and of each way of a multipath route.
func encapRows(p *Encap, d *attr.Def) (typ, data *attr.Row) {
	typ = d.Attr(uapi.RTA_ENCAP_TYPE, "encap_type", attr.Bind(p, encapType{})).Hide()
	data = d.Attr(uapi.RTA_ENCAP, "encap", attr.Bind(p, encapCodec{})).Nested().Since("4.3")
	return typ, data
}
