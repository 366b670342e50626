package nlcore

import (
	"context"
	"errors"
	"syscall"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// errGone is what undoing a creation may meet: it is gone already.
const errGone = syscall.ENODEV

// A link with addresses, a peer that is up, altnames, bridge port options or
// what cannot be said at creation (see link_late.go) needs several requests.

func (l *LinkAttrs) extras() bool {
	return len(l.Addrs) > 0 || len(l.Altnames) > 0 || l.BridgeSlave != nil
}

// wholesale is a kind with options that the kernel takes only together, so
// that a change that names some of them must know the others.
type wholesale interface {
	partly() bool          // some are said, not all
	whole(prior Link) Link // those not said are prior's
}

// linkChange makes the steps of a link's change.
type linkChange struct{ l Link }

func (c linkChange) several(v val.Verb) bool {
	if severalLink(v, c.l) {
		return true
	}
	if _, ok := c.l.(*Tun); ok && (v == Add || v == Replace) {
		return true
	}
	if w, ok := c.l.(wholesale); ok && v == Set && w.partly() {
		return true
	}
	peer := peerOf(c.l)
	return v != Del && peer != nil && (peer.extras() || peer.late() || peer.Up.Or(false) || !peer.Master.IsZero())
}

// peerOf is the other end that is created with a link; nil for none.
func peerOf(l Link) *LinkAttrs {
	if p, ok := l.(interface{ peer() *LinkAttrs }); ok {
		return p.peer()
	}
	return nil
}

// severalLink says that a change of l is no single message: setting is not,
// because a part of it may be done when the kernel refuses the rest.
func severalLink(v val.Verb, l Link) bool {
	switch v {
	case Del:
		return false
	case Set, Update:
		return saidFields(l) > 1 || l.Attrs().extras()
	}
	return l.Attrs().extras() || l.Attrs().late() || l.Attrs().masterThere() || v == Replace
}

// steps lists the requests of a change of a link.
func (c linkChange) steps(ctx context.Context, h *Handle, v val.Verb) ([]step, error) {
	l, a := c.l, c.l.Attrs()
	if t, ok := l.(*Tun); ok && (v == Add || v == Replace) {
		return tunSteps(ctx, h, v, t)
	}
	first := step{change: Change{Verb: v, Object: firstPart(v, l)}}
	// what remains happens where the link is afterwards
	there, ref := a.Netns, val.LinkName(a.Name)
	if v == Add {
		if a.Name == "" {
			return nil, &attr.FieldError{Field: "name", Msg: "is required with what is set after creation: addrs, altnames, alias"}
		}
		first.undo = []Change{{Verb: Del, Object: about(ref), Netns: there}}
	} else {
		prior, err := h.LinkGet(ctx, a.ref())
		switch {
		case v == Replace && errors.Is(err, syscall.ENODEV):
			first.undo = []Change{{Verb: Del, Object: about(ref), Netns: there}}
		case err != nil:
			return nil, err
		default:
			if w, ok := l.(wholesale); ok && w.partly() {
				l = w.whole(prior)
				first.change.Object = firstPart(v, l)
			}
			first.undo, first.partly = restore(h, prior, l), true
			ref = a.after(prior)
		}
	}
	steps := append([]step{first}, lateSteps(v, a, ref, there, false)...)
	if peer := peerOf(l); peer != nil {
		steps = append(steps, peerSteps(peer)...)
	}
	return append(steps, extraSteps(v, a, ref, there)...), nil
}

// after is how a changed link is found: by its index while it stays, by its
// name where it went.
func (l *LinkAttrs) after(prior Link) val.LinkRef {
	p := prior.Attrs()
	name := l.Name
	if name == "" || l.Index == 0 && l.Of.IsZero() {
		name = p.Name
	}
	if l.Netns.IsZero() {
		return val.LinkRef{Name: name, Index: p.Index}
	}
	return val.LinkName(name)
}

// peerSteps finish the other end of a veth, which goes with this one.
func peerSteps(peer *LinkAttrs) []step {
	ref := val.LinkName(peer.Name)
	steps := lateSteps(Add, peer, ref, peer.Netns, true)
	return append(steps, extraSteps(Add, peer, ref, peer.Netns)...)
}

// extraSteps are what needs a message of its own. On creation the link's
// deletion undoes them.
func extraSteps(v val.Verb, a *LinkAttrs, ref val.LinkRef, there val.NetnsRef) []step {
	var steps []step
	add := func(s step) {
		s.change.Netns = there
		for i := range s.undo {
			s.undo[i].Netns = there
		}
		if v == Add {
			s.undo = nil
		}
		steps = append(steps, s)
	}
	if len(a.Altnames) > 0 {
		p := &linkProps{ref: ref, names: a.Altnames}
		add(step{change: Change{Verb: Add, Object: p}, undo: []Change{{Verb: Del, Object: p}}, known: knownIf(v)})
	}
	if a.BridgeSlave != nil && v != Set {
		l := about(ref)
		l.BridgeSlave = a.BridgeSlave
		add(step{change: Change{Verb: Set, Object: l}})
	}
	for i := range a.Addrs {
		addr := a.Addrs[i]
		addr.Dev = ref
		add(step{change: Change{Verb: Add, Object: &addr}, undo: []Change{{Verb: Del, Object: &addr}}, known: knownIf(v)})
	}
	return steps
}

// knownIf lets what exists already count as done where the link existed.
func knownIf(v val.Verb) error {
	if v == Add {
		return nil
	}
	return syscall.EEXIST
}

// saidFields counts what a change says of a link, beyond which one it is.
func saidFields(l Link) int {
	n := 0
	for _, w := range l.Views() {
		n += len(w.Fields(nil))
	}
	a := l.Attrs()
	if a.Type != "" {
		n--
	}
	if a.Index != 0 {
		n--
	}
	if a.Name != "" && a.Index == 0 && a.Of.IsZero() {
		n--
	}
	return n
}

// restore is the change that gives prior's values back to all that want says.
// What prior does not show stays as it is.
func restore(h *Handle, prior, want Link) []Change {
	env := h.Env()
	back := newLink(prior.Kind())
	a, p, w := back.Attrs(), prior.Attrs(), want.Attrs()
	for _, view := range want.Views() {
		for _, f := range view.Fields(env) {
			m, ok := view.Schema().Member(env, f.Key)
			if !ok || m.Modes&attr.Change == 0 {
				continue
			}
			if old, ok := Field(env, prior, f.Key); ok {
				_ = SetField(env, back, f.Key, old)
			} else if m.Kind == "link" || m.Key == "alias" { // what can be none
				_ = SetField(env, back, f.Key, attr.BoolOf(false))
			}
		}
	}
	a.Netns = val.NetnsRef{}
	if w.BridgeSlave != nil && p.BridgeSlave != nil {
		a.BridgeSlave = p.BridgeSlave
	}
	a.Name, a.Of = "", val.LinkIndex(int(p.Index))
	if w.Netns.IsZero() {
		return append(renameBack(p, w, a), Change{Verb: Set, Object: back})
	}
	a.Name = p.Name
	home := val.NetnsFd(h.ns.Fd(), h.ns.Name())
	a.Of, a.Netns = w.after(prior), home
	return []Change{{Verb: Set, Object: back, Netns: w.Netns}}
}

// renameBack gives back, in back, the name that want changed. Before Linux 6.2
// the kernel says EBUSY to any name of a link that is up, even its own
// (net/core/dev.c, dev_change_name); one that want set up goes down before.
func renameBack(prior, want, back *LinkAttrs) []Change {
	if want.Name == "" || want.Name == prior.Name {
		return nil
	}
	back.Name = prior.Name
	if !want.Up.Or(false) || prior.Up.Or(false) {
		return nil
	}
	down := about(back.Of)
	down.Up = val.Off
	return []Change{{Verb: Set, Object: down}}
}

// linkProps is the change of a link's altnames.
type linkProps struct {
	ref   val.LinkRef
	names []string
}

func (*linkProps) Class() string      { return linkClass.Name }
func (*linkProps) Views() []attr.View { return nil }
func (p *linkProps) Ident() string    { return "altnames of " + p.ref.String() }
func (p *linkProps) String() string   { return p.ref.String() }

func (p *linkProps) Header(v val.Verb) (msgType, flags uint16, err error) {
	if v == Del {
		return uapi.RTM_DELLINKPROP, 0, nil
	}
	return uapi.RTM_NEWLINKPROP, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL | uapi.NLM_F_APPEND, nil
}

func (p *linkProps) Append(e *attr.Env, _ val.Verb, b []byte) ([]byte, error) {
	index, err := resolveLink(e, p.ref)
	if err != nil {
		return b, err
	}
	var head [uapi.SizeofIfInfomsg]byte
	ne.PutUint32(head[4:], uint32(index))
	b, start := attr.Open(append(b, head[:]...), uapi.IFLA_PROP_LIST|uapi.NLA_F_NESTED)
	for _, name := range p.names {
		if b, err = attr.AppendString(b, uapi.IFLA_ALT_IFNAME, name); err != nil {
			return b, err
		}
	}
	return attr.Close(b, start)
}
