package nlcore

import (
	"context"
	"iter"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// The verbs of changes.
const (
	Add     = val.Add
	Append  = val.Append
	Prepend = val.Prepend
	Replace = val.Replace
	Update  = val.Change // ip's change: must exist, takes its place whole
	Set     = val.Set
	Del     = val.Del
)

// Object is what a change changes and a list returns: a link, an address, a
// route. Its methods use only attr and val, so that packages below this one
// can implement it.
type Object interface {
	// Class names the class the object belongs to: "link", "addr", "route".
	Class() string
	// Views are the object's fields by key; the first view that has a key
	// holds it.
	Views() []attr.View
	// Ident is equal for two objects that are one thing in the kernel, within
	// one namespace.
	Ident() string
	// String is what errors call the object: "vx0", "10.0.0.0/8 table 100".
	String() string
	// Header is the netlink message that the verb sends.
	Header(v val.Verb) (msgType, flags uint16, err error)
	// Append appends the message's body to b. It never changes the object.
	Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error)
}

// Executor is an object some of whose changes are no netlink message: it does
// them itself. In a batch such a change is a barrier; a composite change has it
// as a step with an undo like any other.
type Executor interface {
	// Executes says whether the verb is done by Execute.
	Executes(v val.Verb) bool
	// Execute makes the change in the Handle's namespace. It is all or nothing.
	Execute(ctx context.Context, h *Handle, v val.Verb) error
}

// executes says whether a change is no message.
func executes(c Change) (x Executor, ok bool) {
	x, ok = c.Object.(Executor)
	return x, ok && x.Executes(c.Verb)
}

// protocolOf is the netlink protocol that an object is changed by: rtnetlink,
// unless it has a method Protocol that says otherwise.
func protocolOf(o Object) int {
	if p, ok := o.(interface{ Protocol() int }); ok {
		return p.Protocol()
	}
	return uapi.NETLINK_ROUTE
}

// Class is what is common to all objects of a sort: how to make, find and
// list them. Classes() has them all.
type Class struct {
	Name  string
	Key   string     // the field that the first positional value gives
	Dev   bool       // a second positional value gives dev
	Verbs []val.Verb // that the kernel knows for it
	// New makes an empty object; kind is a link's type, "" elsewhere. An
	// unknown kind makes a link that the kernel is left to judge.
	New func(kind string) Object
	// Kinds lists the types that have fields of their own; nil elsewhere.
	Kinds func() []string
	// Select says by the key's value which object Set, Update and Del mean,
	// where the key field itself may be a new value (a link's name); nil where
	// the key field does.
	Select func(o Object, v attr.Value) error
	// Each lists the objects that like may match: what the kernel can filter
	// by, the kernel filters; the rest is left to Match. like may be nil.
	Each func(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error]
	// Get is the kernel's own answer for like: the link of that name, the
	// route a packet would take.
	Get func(ctx context.Context, h *Handle, like Object) (Object, error)
}

// Field reads one field of an object by key.
func Field(e *attr.Env, o Object, key string) (attr.Value, bool) {
	for _, w := range o.Views() {
		if v, ok := w.Get(e, key); ok {
			return v, true
		}
	}
	return attr.Value{}, false
}

// SetField sets one field of an object by key; an unknown key is an
// attr.FieldError that unwraps to attr.ErrNoField.
func SetField(e *attr.Env, o Object, key string, v attr.Value) error {
	for _, w := range o.Views() {
		if ok, err := w.Set(e, key, v); ok || err != nil {
			return err
		}
	}
	return attr.NoField(key)
}
