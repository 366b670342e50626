package nlcore

import "nlsh/nlcore/attr"

// linkKind is what a kind of link adds to the generic ones.
type linkKind struct {
	name   string
	make   func() Link
	schema func() *attr.Schema
}

// linkKinds are the kinds that have fields of their own, sorted by name.
var linkKinds = [...]linkKind{
	{bridgeKind, func() Link { return new(Bridge) }, bridgeTable.Schema},
	{vethKind, func() Link { return new(Veth) }, vethTable.Schema},
}

// newLink makes an empty link of a kind.
func newLink(kind string) Link {
	for i := range linkKinds {
		if linkKinds[i].name == kind {
			return linkKinds[i].make()
		}
	}
	return &GenericLink{KindName: kind}
}

// NewLink makes an empty link of a kind; one that nlsh does not know becomes
// a *GenericLink.
func NewLink(kind string) Link {
	l := newLink(kind)
	l.Attrs().Type = kind
	return l
}

// LinkKinds lists the kinds that have fields of their own, sorted.
func LinkKinds() []string {
	l := make([]string, len(linkKinds))
	for i := range linkKinds {
		l[i] = linkKinds[i].name
	}
	return l
}
