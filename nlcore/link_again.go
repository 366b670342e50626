package nlcore

import (
	"reflect"

	"nlsh/nlcore/val"
)

// again is a change that makes a link which was read: as it is but for what a
// new link has anyway and some drivers refuse to be told, what follows from
// events, and what only its like is told at creation. The caller's link stays
// as it is.
func (c Change) again() Change {
	l, ok := c.Object.(Link)
	if !ok || c.Verb != Add && c.Verb != Replace || l.Attrs().LinkType.IsZero() {
		return c
	}
	same := reflect.New(reflect.TypeOf(l).Elem())
	same.Elem().Set(reflect.ValueOf(l).Elem())
	l = same.Interface().(Link)
	a := l.Attrs()
	a.Operstate.Clear()
	a.Carrier.Clear()
	if !a.ProtoDown.Or(false) {
		a.ProtoDown.Clear()
		a.ProtoDownReason = ProtoDownReason{}
	}
	switch l := l.(type) {
	case *Bridge:
		// Refused by kernels built without bridge VLANs.
		for _, p := range []*val.Opt[bool]{&l.VLANFiltering, &l.McastVLANSnooping, &l.MSTEnabled, &l.FDBLocalVLAN0} {
			if !p.Or(false) {
				p.Clear()
			}
		}
	case *Tun:
		a.NumTxQueues, a.NumRxQueues = 0, 0
	case *Veth:
		l.withPeer()
	}
	c.Object = l
	return c
}

// withPeer makes the other end a part of the pair again, where it was read in
// the same namespace.
func (v *Veth) withPeer() {
	a := &v.LinkAttrs
	if v.Peer == nil && a.Netnsid.IsZero() && a.Link.Name != "" {
		v.Peer = &LinkAttrs{Name: a.Link.Name, Index: a.Link.Index}
	}
	a.Link = val.LinkRef{}
	a.Netnsid.Clear()
}
