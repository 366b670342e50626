package nlcore

import (
	"errors"
	"fmt"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Link is a network interface of some kind: *Bridge, *Veth, ..., or a
// *GenericLink for what has no kind or one that nlsh does not know.
type Link interface {
	Object
	Kind() string
	Attrs() *LinkAttrs
	// data is the kind's own attributes, in IFLA_INFO_DATA.
	data() attr.View
}

// GenericLink is a link without a kind (a physical device, lo), or of a kind
// that nlsh does not know, which can be created without options.
type GenericLink struct {
	LinkAttrs
	// KindName is the kernel's name of the kind, "" for none.
	KindName string
	// Data are the kind's attributes as they are; read only.
	Data attr.Raw
}

// Kind is the kernel's name of the kind, "" for none.
func (g *GenericLink) Kind() string    { return g.KindName }
func (g *GenericLink) data() attr.View { return attr.View{} }

// Views are the link's fields.
func (g *GenericLink) Views() []attr.View { return linkViews(g) }

// Append writes the message's body.
func (g *GenericLink) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, g)
}

func linkViews(l Link) []attr.View {
	if d := l.data(); d.Schema() != nil {
		return []attr.View{d, linkTable.View(l.Attrs())}
	}
	return []attr.View{linkTable.View(l.Attrs())}
}

// Class is "link".
func (l *LinkAttrs) Class() string { return linkClass.Name }

// Ident is the link's index, or its name while it has none.
func (l *LinkAttrs) Ident() string {
	if l.Index != 0 {
		return fmt.Sprintf("link %d", l.Index)
	}
	return "link " + l.Name
}

// String is the link's name, or how it is referred to.
func (l *LinkAttrs) String() string {
	switch {
	case !l.Of.IsZero():
		return l.Of.String()
	case l.Name != "":
		return l.Name
	case l.Index != 0:
		return val.LinkIndex(int(l.Index)).String()
	}
	return ""
}

var errNoName = errors.New("needs a name")

// Header is the message of a verb.
func (l *LinkAttrs) Header(v val.Verb) (msgType, flags uint16, err error) {
	if v != Add && l.String() == "" {
		return 0, 0, errNoName
	}
	switch v {
	case Add:
		return uapi.RTM_NEWLINK, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL, nil
	case Replace:
		return uapi.RTM_NEWLINK, uapi.NLM_F_CREATE | uapi.NLM_F_REPLACE, nil
	case Set, Update:
		return uapi.RTM_NEWLINK, 0, nil
	case Del:
		return uapi.RTM_DELLINK, 0, nil
	}
	return 0, 0, fmt.Errorf("a link has no %q", v)
}

// appendLink writes a link's message: header, generic attributes and, unless
// the link goes, what belongs to its kind and its master.
func appendLink(e *attr.Env, v val.Verb, b []byte, l Link) ([]byte, error) {
	if err := checkLink(v, l); err != nil {
		return b, err
	}
	b, err := linkTable.Append(e, b, l.Attrs())
	if err != nil || v == Del {
		return b, err
	}
	return appendLinkInfo(e, v, b, l)
}

func checkLink(v val.Verb, l Link) error {
	a := l.Attrs()
	if v == Add && l.Kind() == "" {
		return &attr.FieldError{Field: "type", Msg: "is required"}
	}
	if v != Set && a.NewIndex != 0 {
		return &attr.FieldError{Field: "new_index", Msg: "is for a link that moves; at creation say index"}
	}
	if a.Name == "" {
		return nil
	}
	if a.Name == "." || a.Name == ".." {
		return &attr.FieldError{Field: "name", Msg: fmt.Sprintf("must not be %q", a.Name)}
	}
	for _, c := range []byte(a.Name) {
		if c == '/' || c == ':' || c <= ' ' {
			return &attr.FieldError{Field: "name", Msg: fmt.Sprintf("must be without spaces, slashes and colons, got %q", a.Name)}
		}
	}
	most := uapi.IFNAMSIZ
	if v == Set && a.Index == 0 && a.Of.IsZero() || v == Del {
		most = uapi.ALTIFNAMSIZ // it may be an altname
	}
	if len(a.Name) >= most {
		return &attr.FieldError{Field: "name", Msg: fmt.Sprintf("wants at most %d characters, got %q", most-1, a.Name)}
	}
	return nil
}

func readLinkHeader(_ *attr.Env, l *LinkAttrs, head []byte) error {
	l.Index = int32(ne.Uint32(head[4:]))
	return nil
}

// writeLinkHeader puts the index: that of the link meant, or at creation the
// one wanted.
func writeLinkHeader(e *attr.Env, l *LinkAttrs, head []byte) error {
	index := l.Index
	if e.Mode&(attr.Change|attr.Delete) != 0 && index == 0 && !l.Of.IsZero() {
		var err error
		if index, err = resolveLink(e, l.Of); err != nil {
			return err
		}
	}
	ne.PutUint32(head[4:], uint32(index))
	return nil
}

func resolveLink(e *attr.Env, r val.LinkRef) (int32, error) {
	if r.Index != 0 {
		return r.Index, nil
	}
	if e.LinkIndex == nil {
		return 0, errNoName
	}
	return e.LinkIndex(r)
}

// writeLinkTail puts the name: the one wanted, or where nothing else says
// which link is meant, the one to find it by.
func writeLinkTail(e *attr.Env, l *LinkAttrs, b []byte) ([]byte, error) {
	meant := l.Index != 0 || !l.Of.IsZero()
	switch {
	case l.Name == "" || e.Mode == attr.Query || e.Mode == attr.Delete && meant:
		return b, nil
	case len(l.Name) >= uapi.IFNAMSIZ:
		return attr.AppendString(b, uapi.IFLA_ALT_IFNAME, l.Name)
	}
	return attr.AppendString(b, uapi.IFLA_IFNAME, l.Name)
}
