package decl

import (
	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
)

// funcRef is what a builtin's Lua function knows of itself.
type funcRef struct {
	mod  *Module
	fn   *Func
	path string
}

// newFunction makes the Lua function of f, which FuncOf finds again. A script
// cannot reach the upvalue: debug.getupvalue sees those of Lua functions only.
func newFunction(L *glua.LState, call glua.LGFunction, m *Module, f *Func, path string) *glua.LFunction {
	return L.NewClosure(call, &glua.LUserData{Value: &funcRef{m, f, path}, Metatable: glua.LNil})
}

// FuncOf finds the declaration behind a builtin's Lua function: its module
// and the module's path, "bridge.link". A function that is in no module has an
// empty Module and its own name as path.
func FuncOf(v glua.LValue) (m *Module, f *Func, path string, ok bool) {
	fn, isFunc := v.(*glua.LFunction)
	if !isFunc || !fn.IsG || len(fn.Upvalues) != 1 {
		return nil, nil, "", false
	}
	u, isUser := fn.Upvalues[0].Value().(*glua.LUserData)
	if !isUser {
		return nil, nil, "", false
	}
	ref, ok := u.Value.(*funcRef)
	if !ok {
		return nil, nil, "", false
	}
	return ref.mod, ref.fn, ref.path, true
}

// FieldInfo is one field of a class as help and completion show it.
type FieldInfo struct {
	attr.Member
	Name     string // as scripts write it: "local_", or a synonym where the kind's own field hides the word
	Writable bool   // scripts may set it
	Own      bool   // of this kind, not of all kinds
}

// FieldList lists the fields of one kind of the module's class ("": what all
// kinds have), the kind's own last. It is empty for a module without a class.
func (m *Module) FieldList(e *attr.Env, kind string) []FieldInfo {
	if m.Class == nil {
		return nil
	}
	list, all := m.fields(e, kind).list, m.fields(e, "").byKey
	out := make([]FieldInfo, len(list))
	for i, f := range list {
		common := all[f.key]
		out[i] = FieldInfo{
			Member: f.Member, Name: luaName(f.key), Writable: f.writable,
			Own: kind != "" && (common == nil || common.Field != f.Field),
		}
	}
	return out
}

// Takes says whether a function of a class takes the field.
func (f *Func) Takes(x *FieldInfo) bool {
	switch f.Fields {
	case Filters:
		return x.Key != "netns"
	case Writable, KeyFields:
		return x.Writable
	}
	return false
}

// KindKey is the field that says an object's kind: "type", in tc "kind"; ""
// where the class has no kinds.
func (m *Module) KindKey(e *attr.Env) string {
	if m.Class == nil || m.Class.Kinds == nil {
		return ""
	}
	if m.fields(e, "").byKey["type"] == nil {
		return "kind"
	}
	return "type"
}

// Method is what can be called on an object with a colon.
type Method struct{ Name, Doc string }

// ObjectMethods lists the methods of every object, sorted.
func ObjectMethods() []Method {
	return []Method{
		{"del", "deletes it"},
		{"fields", "iterates over all fields: for k, v in x:fields() do"},
		{"ident", "a text that is the same for the same thing, for the key of a table"},
		{"json", "all fields as JSON"},
		{"raw", "the kernel's number behind a field: x:raw \"proto\""},
		{"refresh", "reads it again, in place"},
		{"set", "alters the fields given: x:set{ mtu=9000 }"},
		{"totable", "the fields that add takes, as a table"},
	}
}

// ListMethods lists the methods of a list, sorted.
func ListMethods() []Method {
	return []Method{
		{"filter", "the elements for which a function returns true"},
		{"json", "all elements as JSON"},
		{"map", "what a function returns for each element"},
	}
}

// IsList reports a list as the verbs return it.
func IsList(L *glua.LState, v glua.LValue) bool {
	t, ok := v.(*glua.LTable)
	return ok && t.Metatable == glua.LValue(listMetatable(L))
}

// ReadBack reads those objects, v itself or the elements of the list v, that
// were made by a batch and not looked at yet.
func ReadBack(L *glua.LState, v glua.LValue) error {
	if o := objectOf(v); o != nil {
		return o.read(L)
	}
	if IsList(L, v) {
		return readAll(L, v.(*glua.LTable))
	}
	return nil
}

// ObjectOf is the object in a script's value; nil where there is none.
func ObjectOf(v glua.LValue) *Object { return objectOf(v) }

// Module is the module of the object's class and its path.
func (o *Object) Module() (m *Module, path string) { return o.cl.mod, o.cl.path }

// Kind is the object's kind; "" where its class has none.
func (o *Object) Kind() string { return o.kind() }

// Entry is a name that can follow a value of scripts that is neither table
// nor Object: a field, a method, or a module that the value carries.
type Entry struct {
	Name   string
	Doc    string
	Method bool
	Module *Module // the module; of a method that of Func
	Func   *Func   // what the method runs; nil where it is no builtin
}

// Entries is implemented by the Value of such a userdata. Place is where its
// modules act; nil where that is not known yet.
type Entries interface {
	Entries() []Entry
	EntryPlace() *Place
}
