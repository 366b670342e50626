package nlcore

import (
	"context"

	"nlsh/nlcore/val"
)

// lowered is a kind that names its lower link in an attribute of its own. Its
// index is one of the namespace of IFLA_LINK_NETNSID, as that of IFLA_LINK.
type lowered interface{ lower() *val.LinkRef }

// nameLinks fills in the names of links that the links of a list refer to,
// from the list itself where it is whole.
func (h *Handle) nameLinks(ctx context.Context, l []Link, whole bool) error {
	var names map[int32]string
	name := func(r *val.LinkRef) {
		if r.Index == 0 {
			return
		}
		if names == nil {
			names = map[int32]string{}
			if !whole {
				names = h.linkNames(ctx)
			}
			for _, x := range l {
				names[x.Attrs().Index] = x.Attrs().Name
			}
		}
		r.Name = names[r.Index]
	}
	for _, x := range l {
		a := x.Attrs()
		name(&a.Master)
		if a.Netnsid.IsZero() {
			name(&a.Link)
			if low, ok := x.(lowered); ok {
				name(low.lower())
			}
		}
		if a.BridgeSlave != nil {
			name(&a.BridgeSlave.BackupPort)
		}
		if b, ok := x.(*Bridge); ok {
			name(&b.Querier4Port)
			name(&b.Querier6Port)
		}
	}
	return ctx.Err()
}
