package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// library is the functions of one library table, by name.
type library map[string]glua.LGFunction

// openStdlib replaces, after gopher-lua has opened its own libraries, what differs from PUC Lua 5.1, and takes away what is not
// Lua. The tables stay the same, only their functions change. What runs chunks, catches errors or leaves the process is not here.
func openStdlib(L *glua.LState) {
	repair(L, "string", stringLibrary())
	repair(L, "table", tableLibrary())
	repair(L, "math", mathLibrary())
	repair(L, "os", osLibrary())
	repair(L, "_G", baseLibrary())
	L.SetGlobal("pairs", L.NewClosure(basePairs, L.GetGlobal("next")))
	L.SetGlobal("ipairs", L.NewClosure(baseIpairs, L.NewFunction(nextIndex)))
	separateStringMetatable(L)
	if mod, ok := L.GetGlobal("string").(*glua.LTable); ok {
		mod.RawSetString("gfind", mod.RawGetString("gmatch"))
	}
	if mod, ok := L.GetGlobal("math").(*glua.LTable); ok {
		mod.RawSetString("huge", glua.LNumber(inf))
	}
	for _, name := range []string{"_printregs", "_GOPHER_LUA_VERSION", "channel"} {
		L.SetGlobal(name, glua.LNil)
	}
	if loaded, ok := L.G.Registry.RawGetString("_LOADED").(*glua.LTable); ok {
		loaded.RawSetString("channel", glua.LNil)
	}
	if mod, ok := L.GetGlobal("os").(*glua.LTable); ok {
		mod.RawSetString("setenv", glua.LNil)
	}
}

// repair puts functions into the library called name, which need not have been opened.
func repair(L *glua.LState, name string, functions library) {
	mod, ok := L.GetGlobal(name).(*glua.LTable)
	if !ok {
		return
	}
	for key, fn := range functions {
		mod.RawSetString(key, L.NewFunction(fn))
	}
}

// separateStringMetatable gives strings a metatable of their own; gopher-lua uses the library itself, which so gets a field
// "__index" that scripts see, and lets every field of string act as a metamethod.
func separateStringMetatable(L *glua.LState) {
	mod, ok := L.GetGlobal("string").(*glua.LTable)
	if !ok {
		return
	}
	mod.RawSetString("__index", glua.LNil)
	mt := L.CreateTable(0, 8)
	mt.RawSetString("__index", mod)
	stringArithmetic(L, mt)
	L.SetMetatable(glua.LString(""), mt)
}
