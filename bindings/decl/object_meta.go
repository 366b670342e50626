package decl

import (
	"fmt"
	"slices"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/render"
	"nlsh/nlcore/attr"
)

// metatable is that of the class's objects, made once.
func (cl *class) metatable(L *glua.LState) *glua.LTable {
	if cl.meta != nil {
		return cl.meta
	}
	mt := L.CreateTable(0, 8)
	methods := L.CreateTable(0, 8)
	for name, f := range objectMethods() {
		methods.RawSetString(name, L.NewFunction(cl.method(name, f)))
	}
	mt.RawSetString("__index", L.NewFunction(func(L *glua.LState) int { return cl.index(L, methods) }))
	mt.RawSetString("__newindex", L.NewFunction(cl.newIndex))
	mt.RawSetString("__eq", sharedEqual(L))
	mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
		L.Push(glua.LString(objectOf(L.Get(1)).String()))
		return 1
	}))
	mt.RawSetString("__metatable", glua.LString(cl.Name))
	cl.meta = mt
	return mt
}

const equalKey = "nlsh.object.eq"

// sharedEqual is one function for the objects of all classes: Lua compares
// only what has the same __eq.
func sharedEqual(L *glua.LState) glua.LValue {
	if f, ok := L.G.Registry.RawGetString(equalKey).(*glua.LFunction); ok {
		return f
	}
	f := L.NewFunction(func(L *glua.LState) int {
		a, b := objectOf(L.Get(1)), objectOf(L.Get(2))
		for _, o := range []*Object{a, b} {
			if o == nil {
				continue
			}
			if err := o.read(L); err != nil {
				o.cl.host.Raise(L, err)
			}
		}
		L.Push(glua.LBool(a != nil && b != nil && a.place == b.place &&
			a.cl == b.cl && a.obj.Ident() == b.obj.Ident()))
		return 1
	})
	L.G.Registry.RawSetString(equalKey, f)
	return f
}

// index reads a method or a field.
func (cl *class) index(L *glua.LState, methods *glua.LTable) int {
	o, key := objectOf(L.Get(1)), L.Get(2)
	name, ok := key.(glua.LString)
	if o == nil || !ok {
		cl.host.Raise(L, &Error{Op: cl.Name, Msg: "a field is read by its name, got " + describe(key)})
		return 0
	}
	if m := methods.RawGetString(string(name)); m != glua.LNil {
		L.Push(m)
		return 1
	}
	if err := o.read(L); err != nil {
		cl.host.Raise(L, err)
	}
	v, err := o.field(string(name))
	if err != nil {
		cl.host.Raise(L, err)
	}
	L.Push(fromValue(L, v))
	return 1
}

// field reads one field; one of another kind is nil, an unknown one an error.
func (o *Object) field(name string) (attr.Value, error) {
	key := fieldName(name)
	fields := o.cl.fields(o.kind())
	v, ok := fields.get(o.cl.host.Env(), o.obj.Views(), key)
	switch {
	case ok:
		return v, nil
	case key == "flags" && !fields.has(key):
		return o.flags(), nil
	case fields.has(key) || o.cl.knows(key):
		return attr.Value{}, nil
	}
	words := slices.Clone(o.cl.everyKey())
	for m := range objectMethods() {
		words = append(words, m)
	}
	return v, &Error{
		Op: o.cl.Name, Object: o.obj.String(), Field: name,
		Msg: fmt.Sprintf("no field %q", name), Hint: didYouMean(key, words),
	}
}

// flags lists the booleans that are on.
func (o *Object) flags() attr.Value {
	l := []attr.Value{}
	for _, p := range o.pairs(false) {
		if p.Val.Kind() == attr.KindBool && p.Val.Bool() {
			l = append(l, attr.StringOf(p.Key))
		}
	}
	return attr.ListOf(l)
}

func (cl *class) newIndex(L *glua.LState) int {
	o, key := objectOf(L.Get(1)), L.Get(2)
	cl.host.Raise(L, &Error{
		Op: cl.Name, Object: o.String(), Field: key.String(),
		Msg:  "a field is not set by assigning to it",
		Hint: fmt.Sprintf("use :set{ %s = %s }", key, describe(L.Get(3))),
	})
	return 0
}

// newList makes a script's list of objects.
func newList(L *glua.LState, objects []*Object) *glua.LTable {
	t := L.CreateTable(len(objects), 0)
	slab := make([]glua.LUserData, 0)
	for i, o := range objects {
		if len(slab) == cap(slab) { // 64 at a time: one kept keeps few others
			slab = make([]glua.LUserData, 0, min(64, len(objects)-i))
		}
		slab = append(slab, glua.LUserData{Value: o, Metatable: o.cl.metatable(L)})
		t.Append(&slab[len(slab)-1])
	}
	t.Metatable = listMetatable(L)
	return t
}

const listMeta = "nlsh.list"

// NewList makes t a list as the verbs return it: with filter, map and json,
// printing as a table.
func NewList(L *glua.LState, t *glua.LTable) *glua.LTable {
	t.Metatable = listMetatable(L)
	return t
}

func listMetatable(L *glua.LState) *glua.LTable {
	if mt, ok := L.GetTypeMetatable(listMeta).(*glua.LTable); ok {
		return mt
	}
	mt := L.NewTypeMetatable(listMeta)
	methods := L.CreateTable(0, 3)
	methods.RawSetString("filter", L.NewFunction(listFilter))
	methods.RawSetString("map", L.NewFunction(listMap))
	methods.RawSetString("json", L.NewFunction(listJSON))
	mt.RawSetString("__index", methods)
	mt.RawSetString("__tostring", L.NewFunction(listString))
	return mt
}

// ListText is a list of objects, or of what has fields as they have, as an aligned table of at most width columns
// (0: any), with a line of headings.
func ListText(t *glua.LTable, o render.GridOptions) string {
	var rows [][]attr.Pair
	var columns []string
	for i := range t.MaxN() {
		u, _ := t.RawGetInt(i + 1).(*glua.LUserData)
		if u == nil {
			return render.Inspect(t, render.InspectOptions{})
		}
		switch x := u.Value.(type) {
		case *Object:
			if columns == nil {
				columns = x.cl.columns()
			}
			rows = append(rows, x.pairs(false))
		case render.Object: // of another package: a namespace
			rows = append(rows, x.RenderFields())
		default:
			return render.Inspect(t, render.InspectOptions{})
		}
	}
	return render.Grid(rows, columns, o)
}

// columns are what a list of the class shows.
func (cl *class) columns() []string {
	if cl.mod.Columns != nil {
		return cl.mod.Columns
	}
	l := []string{}
	if cl.Key != "" {
		l = append(l, cl.Key)
	}
	if cl.fields("").has("dev") {
		l = append(l, "dev")
	}
	return l
}
