package repl

import (
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/bindings/docgen"
	"nlsh/lua"
	"nlsh/nlcore/attr"
)

// lookup answers one question about an entry. It looks at tables raw and at
// declarations, so that no code of the user runs.
type lookup struct {
	in  *lua.Interp
	cat *docgen.Catalog
}

func newLookup(in *lua.Interp) *lookup { return &lookup{in: in, cat: in.Catalog()} }

// thing is what a name of an entry stands for: something declared, or a value.
type thing struct {
	mod    *decl.Module
	fn     *decl.Func   // a function of mod; with mod nil one of none
	place  *decl.Place  // where mod acts; nil: the current namespace
	object *decl.Object // with method: x:method
	method string
	all    bool // nl
	value  glua.LValue
	field  attr.Value // of an object
	path   string     // of mod
}

// resolve finds what a chain of names stands for.
func (l *lookup) resolve(steps []step) (thing, bool) {
	t, ok := l.root(steps[0].name)
	for _, s := range steps[1:] {
		if !ok {
			return t, false
		}
		t, ok = l.step(t, s)
	}
	return t, ok
}

func (l *lookup) root(name string) (thing, bool) {
	if v := l.in.L.G.Global.RawGetString(name); v != glua.LNil {
		return thingOf(v), true
	}
	if name == "nl" {
		return thing{all: true}, true
	}
	for _, m := range l.cat.Modules {
		if m.Name == name {
			return thing{mod: m, path: name}, true
		}
	}
	for _, f := range l.cat.Functions {
		if f.Name == name {
			return thing{fn: f, path: name}, true
		}
	}
	return thing{}, false
}

func thingOf(v glua.LValue) thing {
	if m, path, place, ok := decl.ModuleOf(v); ok {
		return thing{mod: m, path: path, place: place}
	}
	if m, f, path, ok := decl.FuncOf(v); ok {
		return thing{mod: m, fn: f, path: path}
	}
	if o := decl.ObjectOf(v); o != nil {
		_, place := o.Unwrap()
		return thing{object: o, place: place}
	}
	return thing{value: v}
}

// step goes from a thing to what its member is.
func (l *lookup) step(t thing, s step) (thing, bool) {
	switch {
	case t.all:
		return l.root(s.name)
	case t.fn != nil:
		return thing{}, false
	case t.mod != nil:
		if f := t.mod.Func(s.name); f != nil {
			return thing{mod: t.mod, fn: f, place: t.place, path: t.path}, true
		}
		if m := t.mod.Sub(s.name); m != nil {
			return thing{mod: m, place: t.place, path: t.path + "." + s.name}, true
		}
		return thing{}, false
	case t.object != nil && t.method == "" && s.sep == ":":
		t.method = s.name
		return t, true
	case t.object != nil && t.method == "":
		return fieldThing(t.object.RenderFields(), s.name)
	case t.field.Kind() == attr.KindTable:
		return fieldThing(t.field.Table(), s.name)
	}
	switch v := t.value.(type) {
	case *glua.LTable:
		x, ok := rawIndex(v, s.name)
		return thingOf(x), ok
	case *glua.LUserData:
		return entryThing(v, s)
	}
	return thing{}, false
}

func fieldThing(pairs []attr.Pair, name string) (thing, bool) {
	for _, p := range pairs {
		if p.Key == name {
			return thing{field: p.Val}, true
		}
	}
	return thing{}, false
}

// entryThing is the member of a value that lists its own.
func entryThing(u *glua.LUserData, s step) (thing, bool) {
	e, ok := u.Value.(decl.Entries)
	if !ok {
		return thing{}, false
	}
	for _, x := range e.Entries() {
		if x.Name != s.name || x.Method != (s.sep == ":") {
			continue
		}
		return thing{mod: x.Module, fn: x.Func, place: e.EntryPlace(), path: x.Name}, true
	}
	return thing{}, false
}

// maxIndex bounds how many tables stand behind another through __index.
const maxIndex = 20

// rawIndex reads a key of a table, and where it is not there of the tables
// behind it, as Lua does, but calls nothing.
func rawIndex(t *glua.LTable, key string) (glua.LValue, bool) {
	for range maxIndex {
		if v := t.RawGetString(key); v != glua.LNil {
			return v, true
		}
		if t = behind(t); t == nil {
			break
		}
	}
	return glua.LNil, false
}

// behind is the table that __index names; nil for none or a function.
func behind(t *glua.LTable) *glua.LTable {
	mt, ok := t.Metatable.(*glua.LTable)
	if !ok {
		return nil
	}
	next, _ := mt.RawGetString("__index").(*glua.LTable)
	return next
}
