package nlcore

import (
	"context"

	"nlsh/nlcore/val"
)

// LinkAdd creates a link with everything that is said of it: options, master,
// addresses, a peer. It is all or nothing. A link of that name is EEXIST.
func (h *Handle) LinkAdd(ctx context.Context, l Link) error {
	return h.Apply(ctx, Change{Verb: Add, Object: l})
}

// LinkReplace creates a link, or sets what is said if it exists with the same
// kind.
func (h *Handle) LinkReplace(ctx context.Context, l Link) error {
	return h.Apply(ctx, Change{Verb: Replace, Object: l})
}

// LinkSet alters what is said of a link that exists. Where l has Index or Of,
// Name is its new name.
func (h *Handle) LinkSet(ctx context.Context, l Link) error {
	return h.Apply(ctx, Change{Verb: Set, Object: l})
}

// LinkDel deletes a link. A missing one is ENODEV.
func (h *Handle) LinkDel(ctx context.Context, ref val.LinkRef) error {
	return h.Apply(ctx, Change{Verb: Del, Object: about(ref)})
}

// about is a link of which nothing is said but which one.
func about(ref val.LinkRef) *GenericLink {
	if ref.Index == 0 {
		return &GenericLink{LinkAttrs: LinkAttrs{Name: ref.Name}}
	}
	return &GenericLink{LinkAttrs: LinkAttrs{Of: ref}}
}

// LinkSetUp brings a link up.
func (h *Handle) LinkSetUp(ctx context.Context, ref val.LinkRef) error {
	l := about(ref)
	l.Up = val.On
	return h.LinkSet(ctx, l)
}

// LinkSetDown takes a link down.
func (h *Handle) LinkSetDown(ctx context.Context, ref val.LinkRef) error {
	l := about(ref)
	l.Up = val.Off
	return h.LinkSet(ctx, l)
}

// LinkSetMaster makes a link a port of master; val.NoLink releases it.
func (h *Handle) LinkSetMaster(ctx context.Context, ref, master val.LinkRef) error {
	l := about(ref)
	l.Master = master
	return h.LinkSet(ctx, l)
}

// LinkSetNoMaster releases a link from its master.
func (h *Handle) LinkSetNoMaster(ctx context.Context, ref val.LinkRef) error {
	return h.LinkSetMaster(ctx, ref, val.NoLink())
}

// LinkSetName renames a link.
func (h *Handle) LinkSetName(ctx context.Context, ref val.LinkRef, name string) error {
	l := &GenericLink{LinkAttrs: LinkAttrs{Of: ref, Name: name}}
	return h.LinkSet(ctx, l)
}

// LinkSetMTU sets a link's MTU in bytes.
func (h *Handle) LinkSetMTU(ctx context.Context, ref val.LinkRef, mtu uint32) error {
	l := about(ref)
	l.MTU = val.U32(mtu)
	return h.LinkSet(ctx, l)
}

// LinkSetNetns moves a link to another namespace.
func (h *Handle) LinkSetNetns(ctx context.Context, ref val.LinkRef, ns val.NetnsRef) error {
	l := about(ref)
	l.Netns = ns
	return h.LinkSet(ctx, l)
}

// LinkName, LinkIndex and NoLink refer to links.
func LinkName(name string) val.LinkRef { return val.LinkName(name) }

// LinkIndex refers to the link with this index.
func LinkIndex(index int) val.LinkRef { return val.LinkIndex(index) }

// NoLink refers to no link: LinkSetMaster(ctx, l, NoLink()) releases l.
func NoLink() val.LinkRef { return val.NoLink() }
