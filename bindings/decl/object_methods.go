package decl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/render"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// objectMethods are the methods of every object; no field has such a name.
func objectMethods() map[string]func(c *Call, o *Object) error {
	return map[string]func(c *Call, o *Object) error{
		"set":     methodSet,
		"del":     methodDel,
		"refresh": methodRefresh,
		"totable": methodTable,
		"fields":  methodFields,
		"raw":     methodRaw,
		"ident":   methodIdent,
		"json":    methodJSON,
	}
}

// method wraps a method for Lua. The object is the first argument.
func (cl *class) method(name string, f func(*Call, *Object) error) glua.LGFunction {
	decl := &Func{Name: name}
	return func(L *glua.LState) int {
		c := &Call{L: L, Host: cl.host, Module: cl.mod, Func: decl, Path: cl.path, base: 1}
		o := objectOf(L.Get(1))
		if o == nil || o.cl != cl {
			cl.host.Raise(L, c.Errorf("is called with a colon: x:%s(...)", name))
			return 0
		}
		c.bound = o.place
		if err := f(c, o); err != nil {
			cl.host.Raise(L, err)
		}
		return c.push()
	}
}

// methodSet alters the fields given and reads the object again, in place.
func methodSet(c *Call, o *Object) error {
	verb := setVerb(o.cl.Class)
	if verb == 0 {
		return c.Errorf("a %s has no set", o.cl.Name)
	}
	t, ok := c.Arg(1).(*glua.LTable)
	if !ok {
		return c.Errorf("wants a table of fields, got %s", describe(c.Arg(1)))
	}
	place, err := c.Place()
	if err != nil {
		return err
	}
	if n := t.MaxN(); n > 0 {
		return c.Errorf("takes named fields only, got %s", describe(t.RawGetInt(1)))
	}
	b := &builder{c: c, cl: o.cl, verb: verb, place: place, env: c.Host.Env()}
	r := record{pos: [2]glua.LValue{o.userdata(c.L)}, fields: t}
	ch, err := b.make(&r, nil)
	if err != nil {
		return err
	}
	if err := c.Host.Apply(c.L, place, ch); err != nil {
		return err
	}
	after, err := b.result(ch.Object)
	if err != nil {
		return err
	}
	if !c.Host.Dry(c.L) {
		if err := after.reload(c.L); err != nil {
			return err
		}
		o.obj, o.place, o.stale = after.obj, after.place, false
	}
	c.Return(c.L.Get(1))
	return nil
}

// setVerb is what alters an existing object of the class: where the kernel has
// no way to say only what differs, the object is put in its own place, whole.
func setVerb(c *nlcore.Class) val.Verb {
	for _, v := range []val.Verb{val.Set, val.Change, val.Replace} {
		if slices.Contains(c.Verbs, v) {
			return v
		}
	}
	return 0
}

func methodDel(c *Call, o *Object) error {
	place, err := c.Place()
	if err != nil {
		return err
	}
	b := &builder{c: c, cl: o.cl, verb: val.Del, place: place, env: c.Host.Env()}
	return b.changeOne(&record{pos: [2]glua.LValue{o.userdata(c.L)}}, nil)
}

func methodRefresh(c *Call, o *Object) error {
	if err := o.reload(c.L); err != nil {
		return err
	}
	c.Return(c.L.Get(1))
	return nil
}

// methodTable is the fields that add takes, as a plain table.
func methodTable(c *Call, o *Object) error {
	if err := o.read(c.L); err != nil {
		return err
	}
	pairs := o.pairs(true)
	t := c.L.CreateTable(0, len(pairs))
	for _, p := range pairs {
		t.RawSetString(luaName(p.Key), fromValue(c.L, p.Val))
	}
	c.Return(t)
	return nil
}

// methodFields iterates over all fields, since pairs cannot.
func methodFields(c *Call, o *Object) error {
	if err := o.read(c.L); err != nil {
		return err
	}
	pairs, i := o.pairs(false), 0
	c.Return(c.L.NewFunction(func(L *glua.LState) int {
		if i == len(pairs) {
			L.Push(glua.LNil)
			return 1
		}
		i++
		L.Push(glua.LString(luaName(pairs[i-1].Key)))
		L.Push(fromValue(L, pairs[i-1].Val))
		return 2
	}))
	return nil
}

// methodRaw is the kernel's number behind a field; of a masked one, value and
// mask; of a secret its digits.
func methodRaw(c *Call, o *Object) error {
	name, ok := c.Arg(1).(glua.LString)
	if !ok {
		return c.Errorf("wants a field's name, got %s", describe(c.Arg(1)))
	}
	if err := o.read(c.L); err != nil {
		return err
	}
	v, err := o.field(string(name))
	if err != nil {
		return err
	}
	c.Return(rawValues(c.L, v)...)
	return nil
}

func rawValues(L *glua.LState, v attr.Value) []glua.LValue {
	switch v.Kind() {
	case attr.KindEnum:
		return []glua.LValue{uintValue(L, v.Uint())}
	case attr.KindBool:
		if v.Bool() {
			return []glua.LValue{glua.LNumber(1)}
		}
		return []glua.LValue{glua.LNumber(0)}
	case attr.KindLink:
		return []glua.LValue{glua.LNumber(v.Link().Index)}
	case attr.KindString:
		value, mask, ok := strings.Cut(v.Word(), "/")
		n, err := strconv.ParseUint(value, 0, 64)
		if err != nil {
			break
		}
		if !ok {
			return []glua.LValue{uintValue(L, n)}
		}
		if m, err := strconv.ParseUint(mask, 0, 64); err == nil {
			return []glua.LValue{uintValue(L, n), uintValue(L, m)}
		}
	}
	return []glua.LValue{fromValue(L, revealed(v))}
}

func methodIdent(c *Call, o *Object) error {
	if err := o.read(c.L); err != nil {
		return err
	}
	c.Return(glua.LString(fmt.Sprintf("%s/%s", o.place.Name, o.obj.Ident())))
	return nil
}

func methodJSON(c *Call, o *Object) error {
	if err := o.read(c.L); err != nil {
		return err
	}
	b, err := render.AppendJSON(nil, c.L.Get(1))
	if err != nil {
		return c.Errorf("%v", err)
	}
	c.Return(glua.LString(b))
	return nil
}
