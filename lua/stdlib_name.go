package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// calledName returns the name under which the script called the library function that runs, and whether it was a method call.
// A function that Go called (pcall, an iterator) has the name that it has in its library, else "?".
func calledName(L *glua.LState) (name string, method bool) {
	self, ok := L.GetStack(0)
	if !ok {
		return "?", false
	}
	fn, err := L.GetInfo("fn", self, glua.LNil)
	if err != nil {
		return "?", false
	}
	caller, ok := L.GetStack(1)
	if !ok {
		return libraryName(L, fn), false
	}
	callerFn, err := L.GetInfo("fl", caller, glua.LNil)
	f, ok := callerFn.(*glua.LFunction)
	if err != nil || !ok || f.IsG || self.Name == "?" || self.Name == "(anonymous)" {
		return libraryName(L, fn), false
	}
	return self.Name, isMethodCall(f.Proto, self.Name, caller.CurrentLine)
}

// isMethodCall reports whether every call of name on that line of the function is written with a colon. gopher-lua notes the
// name of a call only, so the instruction that loaded the function tells.
func isMethodCall(proto *glua.FunctionProto, name string, line int) bool {
	found := false
	for _, call := range proto.DbgCalls {
		if call.Name != name || call.Pc >= len(proto.Code) || proto.DbgSourcePositions[call.Pc] != line {
			continue
		}
		if !loadedBySelf(proto.Code, call.Pc) {
			return false
		}
		found = true
	}
	return found
}

// loadedBySelf reports whether the function that the call at pc calls was loaded by OP_SELF: the nearest one above that wrote
// the same register, with no other call from that register between.
func loadedBySelf(code []uint32, pc int) bool {
	reg := code[pc] >> 18 & 0xff
	for pc--; pc >= 0; pc-- {
		if code[pc]>>18&0xff != reg {
			continue
		}
		switch int(code[pc] >> 26) {
		case glua.OP_SELF:
			return true
		case glua.OP_CALL, glua.OP_MOVE, glua.OP_GETGLOBAL, glua.OP_GETUPVAL, glua.OP_GETTABLE, glua.OP_GETTABLEKS:
			return false
		}
	}
	return false
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
