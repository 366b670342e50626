package decl

import (
	"errors"
	"fmt"
	"syscall"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// Object is a kernel object as a script holds it: a snapshot, the namespace
// it came from, and its class. It is the Value of a userdata.
type Object struct {
	obj   nlcore.Object
	place *Place
	cl    *class
	stale bool // not yet read back after the change that made it
	gone  bool // deleted through this object
}

// Unwrap is the object underneath and where it came from.
func (o *Object) Unwrap() (nlcore.Object, *Place) { return o.obj, o.place }

// NewObject makes the script's value for an object of a class whose module is
// installed; nil where it is not.
func NewObject(L *glua.LState, obj nlcore.Object, p *Place) glua.LValue {
	s := stateOf(L)
	if s == nil || s.classes[obj.Class()] == nil {
		return glua.LNil
	}
	return (&Object{obj: obj, place: p, cl: s.classes[obj.Class()]}).userdata(L)
}

// objectOf is the object in a script's value, or nil.
func objectOf(v glua.LValue) *Object {
	u, ok := v.(*glua.LUserData)
	if !ok {
		return nil
	}
	o, _ := u.Value.(*Object)
	return o
}

func (o *Object) userdata(L *glua.LState) *glua.LUserData {
	return &glua.LUserData{Value: o, Metatable: o.cl.metatable(L)}
}

// String is what errors call the object, and what it prints as.
func (o *Object) String() string { return o.obj.String() }

// RenderFields are the fields, for JSON and inspect.
func (o *Object) RenderFields() []attr.Pair { return o.pairs(false) }

// kind is the object's kind.
func (o *Object) kind() string { return o.cl.kindOf(o.obj) }

// value is the object as the value of a field: a link is a reference to it,
// anything else the fields that say it.
func (o *Object) value() (attr.Value, error) {
	if o.cl.Kinds == nil || o.cl.Key != "name" {
		return attr.TableOf(o.pairs(true)), nil
	}
	ref := val.LinkRef{}
	e := o.cl.host.Env()
	if v, ok := nlcore.Field(e, o.obj, "index"); ok {
		ref.Index = int32(v.Uint())
	}
	if v, ok := nlcore.Field(e, o.obj, "name"); ok {
		ref.Name = v.Word()
	}
	if ref.IsZero() {
		return attr.Value{}, fmt.Errorf("is a link without name and index")
	}
	return attr.LinkOf(ref), nil
}

// pairs lists the said fields: all, or those that add takes.
func (o *Object) pairs(writable bool) []attr.Pair {
	e, views := o.cl.host.Env(), o.obj.Views()
	var l []attr.Pair
	for _, f := range o.cl.fields(o.kind()).list {
		if writable && (!f.writable || o.cl.skips(f.Key)) || f.view >= len(views) {
			continue
		}
		if v, ok := views[f.view].Get(e, f.Key); ok && !(writable && o.cl.left(o.obj, f.Key, v)) {
			l = append(l, attr.Pair{Key: f.key, Val: v})
		}
	}
	return l
}

// read makes sure that the fields are the kernel's, where the object was just
// made and not yet read.
func (o *Object) read(L *glua.LState) error {
	if !o.stale {
		return nil
	}
	return o.reload(L)
}

// reload reads the object again, in place.
func (o *Object) reload(L *glua.LState) error {
	op := o.cl.Name + " refresh"
	if o.gone {
		return o.goneError(op)
	}
	if err := o.place.check(); err != nil {
		return err
	}
	found, err := o.find(L)
	if err != nil {
		return err
	}
	o.obj, o.stale = found, false
	return nil
}

// find asks the kernel for the object as it is now.
func (o *Object) find(L *glua.LState) (nlcore.Object, error) {
	ctx := o.cl.host.Context(L)
	if o.cl.mod.Again != nil {
		found, err := o.cl.Get(ctx, o.place.Handle, o.cl.mod.Again(o.obj))
		return found, o.named(err)
	}
	ident := o.obj.Ident()
	like, said := o.identity()
	var near nlcore.Object
	for x, err := range o.cl.Each(ctx, o.place.Handle, like) {
		switch {
		case err != nil:
			return nil, err
		case x.Ident() == ident:
			return x, nil
		case near == nil && o.stale && o.agrees(x, said):
			near = x
		}
	}
	if near == nil {
		e := &Error{Op: o.cl.Name + " refresh", Object: o.obj.String(), Msg: "is not there any more", refused: true}
		return nil, because(e, errors.Join(nlcore.ErrNotFound, syscall.ENODEV))
	}
	return near, nil
}

// named makes an error of reading again name the object as the script knows
// it, not by the index that was asked for.
func (o *Object) named(err error) error {
	var e *nlcore.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	named.Op, named.Object = o.cl.Name+" refresh", o.obj.String()
	return &named
}

// identityKeys are the fields that say which of a class an object is, where
// they are said. The kernel may answer all others differently.
var identityKeys = []string{"dev", "table", "type", "tos", "metric", "priority", "via", "peer", "proto"}

// identity is what the kernel may filter by to find the object, and the
// fields by which one that was just made is known again.
func (o *Object) identity() (nlcore.Object, []attr.Pair) {
	e, kind := o.cl.host.Env(), o.kind()
	like := o.cl.New(kind)
	views, fields := like.Views(), o.cl.fields(kind)
	var said []attr.Pair
	for _, key := range append([]string{o.cl.Key}, identityKeys...) {
		f := fields.byKey[key]
		if f == nil {
			continue
		}
		v, ok := fields.get(e, o.obj.Views(), key)
		if !ok {
			continue
		}
		said = append(said, attr.Pair{Key: key, Val: v})
		if key == o.cl.Key || key == "dev" || key == "table" {
			_, _ = views[f.view].Set(e, f.Key, v) // it was said before, so it is right
		}
	}
	return like, said
}

// agrees reports that x has the fields said.
func (o *Object) agrees(x nlcore.Object, said []attr.Pair) bool {
	e, views, fields := o.cl.host.Env(), x.Views(), o.cl.fields(o.kind())
	for _, p := range said {
		got, ok := fields.get(e, views, p.Key)
		if (!ok || !same(p.Val, got)) && !(!ok && isZero(p.Val)) {
			return false
		}
	}
	return true
}

// goneError is what all but reading fields raises after deletion.
func (o *Object) goneError(op string) error {
	return &nlcore.Error{Op: op, Object: o.obj.String(), Netns: o.place.Name, Errno: syscall.ENODEV, Message: "was deleted"}
}
