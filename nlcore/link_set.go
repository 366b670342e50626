package nlcore

import (
	"context"
	"net"

	"nlsh/nlcore/val"
)

// LinkSetHardwareAddr sets a link's link-layer address.
func (h *Handle) LinkSetHardwareAddr(ctx context.Context, ref val.LinkRef, addr net.HardwareAddr) error {
	l := about(ref)
	l.Address = addr
	return h.LinkSet(ctx, l)
}

// LinkSetTxQLen sets the length of a link's queue in packets; 0 is a length.
func (h *Handle) LinkSetTxQLen(ctx context.Context, ref val.LinkRef, packets uint32) error {
	l := about(ref)
	l.TxQueueLen = val.U32(packets)
	return h.LinkSet(ctx, l)
}

// LinkSetAlias sets a link's text for people, at most 255 bytes; "" takes it
// away.
func (h *Handle) LinkSetAlias(ctx context.Context, ref val.LinkRef, alias string) error {
	l := about(ref)
	l.Alias = val.Some(alias)
	return h.LinkSet(ctx, l)
}

// LinkSetGroup puts a link into a group by its number.
func (h *Handle) LinkSetGroup(ctx context.Context, ref val.LinkRef, group uint32) error {
	l := about(ref)
	l.Group = val.U32(group)
	return h.LinkSet(ctx, l)
}

// LinkSetNsFd moves a link to the namespace of an open descriptor, which stays
// the caller's.
func (h *Handle) LinkSetNsFd(ctx context.Context, ref val.LinkRef, fd int) error {
	return h.LinkSetNetns(ctx, ref, val.NetnsFd(fd, "descriptor"))
}

// LinkSetNsPid moves a link to the namespace of a process.
func (h *Handle) LinkSetNsPid(ctx context.Context, ref val.LinkRef, pid int) error {
	return h.LinkSetNetns(ctx, ref, val.NetnsPid(pid))
}

// LinkAddAltName gives a link further names, each of at most 127 bytes; EEXIST
// where a link has one of them.
func (h *Handle) LinkAddAltName(ctx context.Context, ref val.LinkRef, names ...string) error {
	return h.Apply(ctx, Change{Verb: Add, Object: &linkProps{ref: ref, names: names}})
}

// LinkDelAltName takes further names away; ENOENT where the link has not one of
// them.
func (h *Handle) LinkDelAltName(ctx context.Context, ref val.LinkRef, names ...string) error {
	return h.Apply(ctx, Change{Verb: Del, Object: &linkProps{ref: ref, names: names}})
}
