package nlcore

import (
	"fmt"
	"net/netip"

	"nlsh/nlcore/attr"
)

// labelBits is how long the kernel calls an MPLS destination.
const labelBits = 20

// routeDst is a route's destination: a prefix in Dst, or the label of an MPLS
// route among the rare parts.
type routeDst struct{}

func (routeDst) Decode(e *attr.Env, r *Route, b []byte) error {
	if r.Family.Or(0) != MPLS {
		return dstCodec{}.Decode(e, &r.Dst, b)
	}
	var l []uint32
	if err := (labels{}).Decode(e, &l, b); err != nil {
		return err
	}
	r.more().Label.Set(l[0])
	return nil
}

func (routeDst) Append(e *attr.Env, b []byte, r *Route) ([]byte, error) {
	if r.Dst == (netip.Prefix{}) {
		return labels{}.Append(e, b, &[]uint32{r.More.Label.Or(0)})
	}
	return dstCodec{}.Append(e, b, &r.Dst)
}

func (routeDst) Has(r *Route) bool {
	return r.Dst != netip.Prefix{} || r.More != nil && !r.More.Label.IsZero()
}

// Set takes a prefix, "default", or a number, which is a label.
func (routeDst) Set(e *attr.Env, r *Route, v attr.Value) error {
	if n, err := attr.ToUint(v, maxLabel); err == nil {
		r.Dst = netip.Prefix{}
		r.more().Label.Set(uint32(n))
		return nil
	}
	return dstCodec{}.Set(e, &r.Dst, v)
}

func (routeDst) Get(e *attr.Env, r *Route) attr.Value {
	if r.Dst == (netip.Prefix{}) {
		return attr.UintOf(uint64(r.More.Label.Or(0)))
	}
	return dstCodec{}.Get(e, &r.Dst)
}
func (routeDst) Width() int   { return 0 }
func (routeDst) Kind() string { return "prefix" }

// checkLabel says what an MPLS route lacks. The kernel knows one table of
// labels and nothing of sources.
func (r *Route) checkLabel() error {
	n, ok := uint32(0), false
	if r.More != nil {
		n, ok = r.More.Label.Get()
	}
	switch {
	case !ok || n > maxLabel:
		return &attr.FieldError{Field: "dst", Msg: fmt.Sprintf("wants an MPLS label from 0 to %d", maxLabel)}
	case r.Src.IsValid():
		return &attr.FieldError{Field: "src", Msg: "is not for MPLS routes"}
	case r.More.Encap != nil:
		return &attr.FieldError{Field: "encap", Msg: "is not for MPLS routes; say as= for other labels"}
	}
	return nil
}

// inVRF is the route with the table of the vrf that it names, in a lookup with
// the vrf as its interface.
func (r *Route) inVRF(e *attr.Env) (*Route, error) {
	if r.More == nil || r.More.VRF.IsZero() || r.More.VRF.IsNone() {
		return r, nil
	}
	c := *r
	if e.Mode == attr.Query {
		if !r.Dev.IsZero() {
			return r, &attr.FieldError{Field: "vrf", Msg: "is the interface of a lookup, which has dev too"}
		}
		c.Dev = r.More.VRF
		return &c, nil
	}
	if !r.Table.IsZero() {
		return r, &attr.FieldError{Field: "vrf", Msg: "is a table, which is said too"}
	}
	if e.VRFTable == nil {
		return r, &attr.FieldError{Field: "vrf", Msg: "has no way to find its table"}
	}
	t, err := e.VRFTable(r.More.VRF)
	if err != nil {
		return r, &attr.FieldError{Field: "vrf", Msg: err.Error()}
	}
	c.Table.Set(t)
	return &c, nil
}
