package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

const dummyKind = "dummy"

// Dummy is a link that drops what is sent on it.
type Dummy struct{ LinkAttrs }

// Kind is "dummy".
func (*Dummy) Kind() string         { return dummyKind }
func (*Dummy) data() attr.View      { return attr.View{} }
func (d *Dummy) Views() []attr.View { return linkViews(d) }

// Append writes the message's body.
func (d *Dummy) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, d)
}
