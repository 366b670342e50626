package bindings

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// liveMeta is the metatable of all values of an interpreter that live beside
// the script, such as processes: their methods are the functions of a module,
// whose first argument they are. field reads what is no method; false leaves
// the key to the module, which knows its names. A value prints as its String.
func liveMeta(L *glua.LState, h decl.Host, name string, methods func() *decl.Module, field func(L *glua.LState, value any, key string) (glua.LValue, bool)) *glua.LTable {
	key := "nlsh." + name
	if mt, ok := L.GetTypeMetatable(key).(*glua.LTable); ok {
		return mt
	}
	mt := L.NewTypeMetatable(key)
	table := decl.Install(L, h, methods(), nil)
	mt.RawSetString("__index", L.NewFunction(func(L *glua.LState) int {
		value, key := L.CheckUserData(1).Value, L.Get(2).String()
		v := table.RawGetString(key)
		if v == glua.LNil {
			var ok bool
			if v, ok = field(L, value, key); !ok {
				v = L.GetField(table, key) // raises
			}
		}
		L.Push(v)
		return 1
	}))
	mt.RawSetString("__newindex", L.NewFunction(func(L *glua.LState) int {
		h.Raise(L, &decl.Error{Op: name, Msg: fmt.Sprintf("%s is not set by assigning to it", L.Get(2))})
		return 0
	}))
	mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
		L.Push(glua.LString(fmt.Sprint(L.CheckUserData(1).Value)))
		return 1
	}))
	mt.RawSetString("__metatable", glua.LString(name))
	return mt
}
