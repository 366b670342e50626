package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// pushText pushes a string result.
func pushText(L *glua.LState, s string) int {
	L.Push(glua.LString(s))
	return 1
}

// pushNumber pushes a number result.
func pushNumber(L *glua.LState, f float64) int {
	L.Push(glua.LNumber(f))
	return 1
}

// mustGoOn raises what ends the script if it has to stop. Loops that a script can make long call it every few hundred rounds.
func mustGoOn(L *glua.LState) {
	if err := interpOf(L).poll(); err != nil {
		raise(L, err)
	}
}

// needLength raises if a result of n bytes is longer than a string may become. A negative n is one that did not fit an int.
func needLength(L *glua.LState, n int) {
	if most := interpOf(L).StringBytes; n < 0 || n > most {
		name, _ := calledName(L)
		throw(L, "resulting string of '%s' is too long (limit %d bytes)", name, most)
	}
}

// needRoom raises msg if n more values, 1 or more, do not fit the stack; an n that overflowed does not.
func needRoom(L *glua.LState, n int, msg string) {
	most := max(L.Options.RegistrySize, L.Options.RegistryMaxSize)
	// Part of the stack is in use; half of it is more than any script that is in order wants.
	if n < 1 || n > most/2 {
		throw(L, "%s", msg)
	}
}

// callLua calls the function below its nargs arguments on the stack, as LState.Call does. It counts as a call through Go, of
// which only so many may nest: each takes a piece of Go's own stack.
func callLua(L *glua.LState, nargs, nresults int) {
	in := interpOf(L)
	in.nest(L)
	L.Call(nargs, nresults)
	in.unnest()
}
