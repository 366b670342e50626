package nlcore

import (
	"errors"
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Hop is one way of a multipath route. The zero value of a field is "not
// said".
type Hop struct {
	// Via is the gateway; in an IPv4 route it may be an IPv6 address.
	Via netip.Addr
	// Dev is the interface.
	Dev val.LinkRef
	// Weight is the share of packets, 1 to 256; 0 is 1.
	Weight uint16
	// Flags are OnLink and Pervasive; the kernel sets others.
	Flags RouteFlags
	// Realms are as those of a route.
	Realms val.Opt[uint32]
	// Encap is as that of a route.
	Encap Encap
	// NewDst are the labels that an MPLS route puts in place of its own, the
	// first outermost; none takes it off.
	NewDst []uint32
	// Extra are attributes that nlsh does not know.
	Extra attr.Raw
}

// hopTable is for routes whose gateways are of their own family, hopTable4 for
// IPv4 routes, where another family stands in RTA_VIA, hopTableMPLS for those
// whose gateways are always of another.
var (
	hopTable  = attr.Table[Hop]{Name: "nexthop", Rows: func(h *Hop, d *attr.Def) { hopRows(h, d, func(*Hop) bool { return false }) }}
	hopTable4 = attr.Table[Hop]{Name: "nexthop", Rows: func(h *Hop, d *attr.Def) { hopRows(h, d, func(h *Hop) bool { return h.Via.Is6() }) }}

	hopTableMPLS = attr.Table[Hop]{Name: "nexthop", Rows: func(h *Hop, d *attr.Def) { hopRows(h, d, func(*Hop) bool { return true }) }}
)

func hopRows(h *Hop, d *attr.Def, foreign func(*Hop) bool) {
	d.Key("via")
	head := d.Header(uapi.SizeofRtNexthop)
	head.At(4, "dev", attr.Link(&h.Dev))
	attr.When(d.Attr(uapi.RTA_GATEWAY, "via", attr.Bind(&h.Via, gateway{})).In(attr.All).Alias("gateway"),
		func(h *Hop) bool { return !foreign(h) })
	attr.When(d.Attr(uapi.RTA_VIA, "", attr.Bind(&h.Via, gateway{withFamily: true})).In(attr.All).Hide(), foreign)
	d.Local("weight", attr.Bind(&h.Weight, weight{}))
	for _, f := range routeFlags[:nexthopFlags] {
		field := attr.Bind(&h.Flags, flagBit[RouteFlags]{f.bit})
		if f.bit&settableFlags != 0 {
			d.Local(f.word, field)
		} else {
			d.Derived(f.word, field)
		}
	}
	d.Attr(uapi.RTA_FLOW, "realms", attr.Bind(&h.Realms, realms{})).Alias("realm")
	encapRows(&h.Encap, d)
	d.Attr(uapi.RTA_NEWDST, "as", attr.Bind(&h.NewDst, labels{})).In(attr.All)
	d.Extra(&h.Extra)
	attr.Hook(d, attr.Hooks[Hop]{Read: readHop, Write: writeHop})
}

func readHop(_ *attr.Env, h *Hop, head []byte) error {
	h.Flags, h.Weight = RouteFlags(head[2]), uint16(head[3])+1
	return nil
}

func writeHop(_ *attr.Env, h *Hop, head []byte) error {
	if h.Weight > 256 {
		return &attr.FieldError{Field: "weight", Msg: fmt.Sprintf("wants a number from 1 to 256, got %d", h.Weight)}
	}
	head[2], head[3] = byte(h.Flags&settableFlags), byte(max(h.Weight, 1)-1)
	return nil
}

// weight is kept in the header as one less.
type weight struct{}

func (weight) Decode(*attr.Env, *uint16, []byte) error                 { return nil }
func (weight) Append(_ *attr.Env, b []byte, _ *uint16) ([]byte, error) { return b, nil }
func (weight) Has(p *uint16) bool                                      { return *p != 0 }
func (weight) Get(_ *attr.Env, p *uint16) attr.Value                   { return attr.UintOf(uint64(*p)) }
func (weight) Width() int                                              { return 0 }
func (weight) Kind() string                                            { return "weight" }
func (weight) Set(_ *attr.Env, p *uint16, v attr.Value) error {
	n, err := attr.ToUint(v, 256)
	if err != nil || n == 0 {
		return fmt.Errorf("wants a number from 1 to 256, got %v", v)
	}
	*p = uint16(n)
	return nil
}

// hopsCodec is the list of ways. It is bound to the whole route, whose family
// says which attribute holds a gateway.
type hopsCodec struct{}

func (hopsCodec) Decode(e *attr.Env, r *Route, b []byte) error {
	var hops []Hop
	for len(b) > 0 {
		if len(b) < uapi.SizeofRtNexthop {
			return errors.New("is cut short")
		}
		n := int(ne.Uint16(b))
		if n < uapi.SizeofRtNexthop || n > len(b) {
			return fmt.Errorf("element length %d does not fit in %d bytes", n, len(b))
		}
		hops = append(hops, Hop{})
		if err := hopTable.Decode(e, &hops[len(hops)-1], b[:n]); err != nil {
			return fmt.Errorf("[%d] %w", len(hops), err)
		}
		b = b[min(attr.Align(n), len(b)):]
	}
	r.more().Hops = hops
	return nil
}

func (hopsCodec) Append(e *attr.Env, b []byte, r *Route) ([]byte, error) {
	t := &hopTable
	switch r.family() {
	case Inet:
		t = &hopTable4
	case MPLS:
		t = &hopTableMPLS
	}
	for i := range r.hops() {
		start := len(b)
		var err error
		if b, err = t.Append(e, b, &r.More.Hops[i]); err == nil {
			b, err = attr.Close(b, start)
		}
		if err != nil {
			return b, hopError(i, err)
		}
	}
	return b, nil
}

// hopError says which way is wrong.
func hopError(i int, err error) error {
	var field *attr.FieldError
	if errors.As(err, &field) {
		c := *field
		c.Field = fmt.Sprintf("[%d].%s", i+1, field.Field)
		return &c
	}
	return fmt.Errorf("[%d] %w", i+1, err)
}

func (hopsCodec) Has(r *Route) bool { return len(r.hops()) > 0 }

func (hopsCodec) Set(e *attr.Env, r *Route, v attr.Value) error {
	l := v.List()
	if v.Kind() != attr.KindList {
		l = []attr.Value{v} // a single way is a list of one
	}
	hops := make([]Hop, len(l))
	for i := range l {
		if err := attr.SetTable(e, l[i], hopTable.View(&hops[i])); err != nil {
			return hopError(i, err)
		}
	}
	r.more().Hops = hops
	return nil
}

func (hopsCodec) Get(e *attr.Env, r *Route) attr.Value {
	l := make([]attr.Value, len(r.hops()))
	for i := range l {
		l[i] = hopTable.Value(e, &r.More.Hops[i])
	}
	return attr.ListOf(l)
}
func (hopsCodec) Width() int        { return 0 }
func (hopsCodec) Kind() string      { return "list" }
func (hopsCodec) Sub() *attr.Schema { return hopTable.Schema() }
func (hopsCodec) List() bool        { return true }
