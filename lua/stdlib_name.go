package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// calledName returns the name under which the script called the library function that runs, and whether it was a method call.
// A function that has no name there, or that Go called (pcall, an iterator), has the name that its library knows it by.
func calledName(L *glua.LState) (name string, method bool) {
	self, ok := topFrame(L)
	if !ok {
		return "?", false
	}
	if caller, ok := callerFrame(L); ok && !caller.fn.IsG {
		i := code(caller.fn.Proto, caller.pc)
		if i.op() == glua.OP_CALL || i.op() == glua.OP_TAILCALL {
			if kind, name := variableName(caller.fn.Proto, caller.pc, i.a()); kind != "" {
				return name, kind == "method"
			}
		}
	}
	return libraryName(L, self.fn), false
}

// libraryName looks fn up in the loaded libraries, in a fixed order so that messages are the same in every run.
func libraryName(L *glua.LState, fn glua.LValue) string {
	for _, lib := range []string{"_G", "string", "table", "math", "os", "io", "coroutine", "debug", "package"} {
		loaded, _ := L.G.Registry.RawGetString("_LOADED").(*glua.LTable)
		if loaded == nil {
			return "?"
		}
		tb, _ := loaded.RawGetString(lib).(*glua.LTable)
		if tb == nil {
			continue
		}
		for key, value := tb.Next(glua.LNil); key != glua.LNil; key, value = tb.Next(key) {
			if name, ok := key.(glua.LString); ok && value == fn {
				return string(name)
			}
		}
	}
	return "?"
}
