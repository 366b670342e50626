package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

const macvtapKind = "macvtap"

// Macvtap is a macvlan whose packets a program reads and writes through
// /dev/tapN, N being the link's index.
type Macvtap struct{ Macvlan }

// Kind is "macvtap".
func (*Macvtap) Kind() string         { return macvtapKind }
func (m *Macvtap) Views() []attr.View { return linkViews(m) }

// Append writes the message's body.
func (m *Macvtap) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, m)
}

// whole is the link with the flag that it does not say as it is.
func (m *Macvtap) whole(prior Link) Link {
	same := *m
	same.MacvlanFlags = m.MacvlanFlags.over(prior)
	return &same
}
