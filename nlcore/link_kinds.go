package nlcore

// linkKind is what a kind of link adds to the generic ones.
type linkKind struct {
	name string
	make func() Link
}

// linkKinds are the kinds that have a type of their own, sorted by name.
var linkKinds = [...]linkKind{
	{bridgeKind, func() Link { return new(Bridge) }},
	{dummyKind, func() Link { return new(Dummy) }},
	{ifbKind, func() Link { return new(Ifb) }},
	{macvlanKind, func() Link { return new(Macvlan) }},
	{macvtapKind, func() Link { return new(Macvtap) }},
	{tunKind, func() Link { return new(Tun) }},
	{vethKind, func() Link { return new(Veth) }},
	{vlanKind, func() Link { return new(Vlan) }},
	{vxlanKind, func() Link { return new(Vxlan) }},
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

// LinkKinds lists the kinds that have a type of their own, sorted.
func LinkKinds() []string {
	l := make([]string, len(linkKinds))
	for i := range linkKinds {
		l[i] = linkKinds[i].name
	}
	return l
}
