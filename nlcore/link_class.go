package nlcore

import (
	"context"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

var linkClass = Class{
	Name:  "link",
	Key:   "name",
	Verbs: []val.Verb{Add, Replace, Set, Del},
	New:   func(kind string) Object { return NewLink(kind) },
	Kinds: LinkKinds,
	Each:  eachLink,
	Get: func(ctx context.Context, h *Handle, like Object) (Object, error) {
		return h.LinkGet(ctx, like.(Link).Attrs().ref())
	},
	Select: func(o Object, v attr.Value) error {
		ref, err := attr.ToLink(v)
		if err == nil {
			o.(Link).Attrs().Of = ref
		}
		return err
	},
}

// ref is the link that the attributes mean.
func (l *LinkAttrs) ref() val.LinkRef {
	switch {
	case l.Index != 0:
		return val.LinkRef{Index: l.Index, Name: l.Name}
	case !l.Of.IsZero():
		return l.Of
	}
	return val.LinkName(l.Name)
}
