package nlcore

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/dev"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

const tunKind = "tun"

// Tun is a link whose packets a program reads and writes through
// /dev/net/tun. It is made to persist without one; LinkDel deletes it.
type Tun struct {
	LinkAttrs
	// Mode is tun for IP packets, tap for Ethernet frames. It is required at creation.
	Mode val.Opt[TunMode]
	// User may open the link, beside those with CAP_NET_ADMIN: a number, or a name in /etc/passwd.
	User val.Opt[UserID]
	// UserGroup may open the link: a number, or a name in /etc/group.
	UserGroup val.Opt[GroupID]
	// PI puts four bytes with the protocol before each packet; off by default.
	PI val.Opt[bool]
	// VNetHdr puts a virtio header before each packet.
	VNetHdr val.Opt[bool]
	// MultiQueue lets several programs, or one several times, open the link at once.
	MultiQueue val.Opt[bool]

	// Persist says that the link stays when no program has it open; read only.
	Persist val.Opt[bool]
	// NumQueues and NumDisabled are how often the link is open, and how many
	// of these are disabled; read only.
	NumQueues, NumDisabled val.Opt[uint32]
}

// Kind is "tun", also of tap links.
func (*Tun) Kind() string         { return tunKind }
func (t *Tun) data() attr.View    { return tunTable.View(t) }
func (t *Tun) Views() []attr.View { return linkViews(t) }

// Append writes the message's body. There is none for creation.
func (t *Tun) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	return appendLink(e, v, b, t)
}

var tunTable = attr.Table[Tun]{Name: tunKind, Rows: func(t *Tun, d *attr.Def) {
	d.Attr(uapi.IFLA_TUN_TYPE, "mode", attr.Enum8(&t.Mode, tunModes)).In(attr.Create)
	d.Attr(uapi.IFLA_TUN_OWNER, "user", attr.Bind(&t.User, idCodec[UserID]{"/etc/passwd"})).In(attr.Create)
	d.Attr(uapi.IFLA_TUN_GROUP, "group", attr.Bind(&t.UserGroup, idCodec[GroupID]{"/etc/group"})).In(attr.Create)
	d.Attr(uapi.IFLA_TUN_PI, "pi", attr.Bool(&t.PI)).In(attr.Create)
	d.Attr(uapi.IFLA_TUN_VNET_HDR, "vnet_hdr", attr.Bool(&t.VNetHdr)).In(attr.Create)
	d.Attr(uapi.IFLA_TUN_MULTI_QUEUE, "multi_queue", attr.Bool(&t.MultiQueue)).In(attr.Create)
	d.Attr(uapi.IFLA_TUN_PERSIST, "persist", attr.Bool(&t.Persist)).In(0).Since("4.17")
	d.Attr(uapi.IFLA_TUN_NUM_QUEUES, "numqueues", attr.Uint32(&t.NumQueues)).In(0).Since("4.17")
	d.Attr(uapi.IFLA_TUN_NUM_DISABLED_QUEUES, "numdisabled", attr.Uint32(&t.NumDisabled)).In(0).Since("4.17")
}}

// Executes says that no message creates the link.
func (t *Tun) Executes(v val.Verb) bool { return v == Add }

// Execute creates the link with what only creation takes.
func (t *Tun) Execute(_ context.Context, h *Handle, _ val.Verb) error {
	if err := t.check(); err != nil {
		return err
	}
	flags := uint16(t.Mode.Or(0))
	for _, f := range []struct {
		on  bool
		bit uint16
	}{
		{!t.PI.Or(false), uapi.IFF_NO_PI}, {t.VNetHdr.Or(false), uapi.IFF_VNET_HDR}, {t.MultiQueue.Or(false), uapi.IFF_MULTI_QUEUE},
	} {
		if f.on {
			flags |= f.bit
		}
	}
	d := dev.Tun{Name: t.Name, Index: t.Index, Flags: flags}
	if u, ok := t.User.Get(); ok {
		d.Owner = (*uint32)(&u)
	}
	if g, ok := t.UserGroup.Get(); ok {
		d.Group = (*uint32)(&g)
	}
	return h.ns.Do(func() error {
		_, err := dev.CreateTun(&d)
		return err
	})
}

func (t *Tun) check() error {
	if err := checkLink(Add, t); err != nil {
		return err
	}
	switch m, ok := t.Mode.Get(); {
	case !ok:
		return &attr.FieldError{Field: "mode", Msg: "is required: tun or tap"}
	case m != uapi.IFF_TUN && m != uapi.IFF_TAP:
		return &attr.FieldError{Field: "mode", Msg: fmt.Sprintf("wants tun or tap, got %v", m)}
	}
	// What other kinds are told at creation, this one cannot be told at all.
	view := linkTable.View(&t.LinkAttrs)
	for _, m := range linkTable.Schema().Members(nil) {
		if m.Modes&attr.Write == attr.Create && view.Has(m.Key) {
			return &attr.FieldError{Field: m.Key, Msg: "is not for tun links"}
		}
	}
	return nil
}

// tunSteps create the link, then set the rest of what is said of it.
func tunSteps(ctx context.Context, h *Handle, v val.Verb, t *Tun) ([]step, error) {
	if v == Replace {
		prior, err := h.LinkGet(ctx, t.ref())
		if err == nil {
			return tunAgain(ctx, h, t, prior)
		}
		if !errors.Is(err, syscall.ENODEV) {
			return nil, err
		}
	}
	rest, ref := t.rest(), val.LinkName(t.Name)
	a, gone := &rest.LinkAttrs, Change{Verb: Del, Object: about(ref)}
	steps := []step{{change: Change{Verb: Add, Object: t}, undo: []Change{gone}}}
	if saidFields(rest) > 0 {
		set := step{change: Change{Verb: Set, Object: firstPart(Set, rest)}, partly: true}
		if !a.Netns.IsZero() { // it may have gone there
			set.undo = []Change{{Verb: Del, Object: gone.Object, Netns: a.Netns}}
		}
		steps = append(steps, set)
		steps = append(steps, lateSteps(Set, a, ref, a.Netns, false)...)
	}
	steps = append(steps, extraSteps(Add, &t.LinkAttrs, ref, a.Netns)...)
	if len(steps) > 1 && t.Name == "" {
		return nil, &attr.FieldError{Field: "name", Msg: "is required with what is set after creation"}
	}
	return steps, nil
}

// rest is what is said of the link beyond its creation.
func (t *Tun) rest() *GenericLink {
	l := &GenericLink{LinkAttrs: t.LinkAttrs}
	l.Of, l.Name, l.Index, l.Type = val.LinkName(t.Name), "", 0, ""
	l.Addrs, l.Altnames, l.BridgeSlave = nil, nil, nil
	return l
}

// tunAgain sets what is said of a link that exists, if it is the same.
func tunAgain(ctx context.Context, h *Handle, t *Tun, prior Link) ([]step, error) {
	old, ok := prior.(*Tun)
	if !ok {
		return nil, &attr.FieldError{Field: "type", Msg: fmt.Sprintf("cannot be changed: it is %q", prior.Kind())}
	}
	is, env := tunTable.View(old), h.Env()
	for _, f := range tunTable.View(t).Fields(env) {
		if x, ok := is.Get(env, f.Key); !ok || x.String() != f.Val.String() {
			return nil, &attr.FieldError{Field: f.Key, Msg: fmt.Sprintf("is given at creation only, and is %v", x)}
		}
	}
	same := &GenericLink{LinkAttrs: t.LinkAttrs}
	same.Of, same.Name, same.Index, same.Type = val.LinkIndex(int(prior.Attrs().Index)), "", 0, ""
	return linkChange{same}.steps(ctx, h, Set)
}
