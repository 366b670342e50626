package nlcore

import (
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

const ifbKind = "ifb"

// Ifb is an intermediate functional block: a link to which traffic of others
// is redirected, so that it can be shaped on its way in.
type Ifb struct{ LinkAttrs }

// Kind is "ifb".
func (*Ifb) Kind() string         { return ifbKind }
func (*Ifb) data() attr.View      { return attr.View{} }
func (i *Ifb) Views() []attr.View { return linkViews(i) }

// Append writes the message's body.
func (i *Ifb) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, i)
}
