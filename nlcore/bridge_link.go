package nlcore

import (
	"context"
	"fmt"
	"iter"
	"syscall"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// BridgeLink is a bridge's port by itself: the options of a link as a port,
// as `bridge link` shows them.
type BridgeLink struct {
	BridgePort
	// Dev is the link; Master its bridge, read only.
	Dev, Master val.LinkRef
}

var bridgeLinkTable = attr.Table[BridgeLink]{Name: "bridge.link", Rows: func(l *BridgeLink, d *attr.Def) {
	d.Key("dev")
	d.Local("dev", attr.Link(&l.Dev))
	d.Attr(uapi.IFLA_MASTER, "master", attr.Link(&l.Master)).In(0)
}}

var bridgeLinkClass = Class{
	Name:  "bridge.link",
	Key:   "dev",
	Verbs: []val.Verb{Set},
	New:   func(string) Object { return new(BridgeLink) },
	Each:  eachBridgeLink,
	Get: func(ctx context.Context, h *Handle, like Object) (Object, error) {
		dev := like.(*BridgeLink).Dev
		l, err := h.LinkGet(ctx, dev)
		if err != nil {
			return nil, err
		}
		if p := bridgeLinkOf(l); p != nil {
			return p, nil
		}
		return nil, &Error{Op: "bridge.link get", Object: dev.String(), Errno: syscall.ENODEV, Message: "not a port of a bridge"}
	},
}

// Class is "bridge.link".
func (*BridgeLink) Class() string { return bridgeLinkClass.Name }

// Views are the port's fields.
func (l *BridgeLink) Views() []attr.View {
	return []attr.View{bridgePortTable.View(&l.BridgePort), bridgeLinkTable.View(l)}
}

// Ident is the link's index, or its name while it has none.
func (l *BridgeLink) Ident() string {
	if l.Dev.Index != 0 {
		return fmt.Sprintf("port %d", l.Dev.Index)
	}
	return "port " + l.Dev.Name
}

// String is the link's name.
func (l *BridgeLink) String() string { return l.Dev.String() }

// Header is the message of a verb: only setting is one.
func (l *BridgeLink) Header(v val.Verb) (msgType, flags uint16, err error) {
	if v != Set {
		return 0, 0, fmt.Errorf("a bridge port has no %q: it comes and goes with the link's master", v)
	}
	if l.Dev.IsZero() {
		return 0, 0, &attr.FieldError{Field: "dev", Msg: "is required"}
	}
	return uapi.RTM_NEWLINK, 0, nil
}

// Append writes the message's body: that of a link with the port's options.
func (l *BridgeLink) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	link := about(l.Dev)
	link.Of, link.Name, link.BridgeSlave = l.Dev, "", &l.BridgePort
	return appendLink(e, v, b, link)
}

// BridgeLinkList reads all ports of bridges.
func (h *Handle) BridgeLinkList(ctx context.Context) ([]*BridgeLink, error) {
	all, err := h.LinkList(ctx)
	if err != nil {
		return nil, explainOp("bridge.link list", "", err)
	}
	var ports []*BridgeLink
	for _, l := range all {
		if p := bridgeLinkOf(l); p != nil {
			ports = append(ports, p)
		}
	}
	return ports, nil
}

// BridgeLinkSet alters what is said of a bridge's port.
func (h *Handle) BridgeLinkSet(ctx context.Context, l *BridgeLink) error {
	return h.Apply(ctx, Change{Verb: Set, Object: l})
}

func bridgeLinkOf(l Link) *BridgeLink {
	a := l.Attrs()
	if a.BridgeSlave == nil {
		return nil
	}
	dev := val.LinkRef{Name: a.Name, Index: a.Index}
	return &BridgeLink{BridgePort: *a.BridgeSlave, Dev: dev, Master: a.Master}
}

func eachBridgeLink(ctx context.Context, h *Handle, _ Object) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ports, err := h.BridgeLinkList(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, p := range ports {
			if !yield(p, nil) {
				return
			}
		}
	}
}
