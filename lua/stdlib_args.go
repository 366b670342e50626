package lua

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"
)

// throw raises a message with the position of the script line that runs. It does not return.
func throw(L *glua.LState, format string, args ...any) {
	L.Error(glua.LString(scriptPosition(L)+fmt.Sprintf(format, args...)), 0)
}

// scriptPosition returns "file:line: " for the innermost function written in Lua, "" if none runs.
func scriptPosition(L *glua.LState) string {
	for level := 0; ; level++ {
		dbg, ok := L.GetStack(level)
		if !ok {
			return ""
		}
		fn, err := L.GetInfo("fSl", dbg, glua.LNil)
		if f, isFunc := fn.(*glua.LFunction); err == nil && isFunc && !f.IsG {
			return fmt.Sprintf("%s:%d: ", dbg.Source, dbg.CurrentLine)
		}
	}
}

// argError raises that argument n, counted from 1, of the running library function is wrong. In a method call the object
// before the colon is not counted, as the caller does not see it as an argument.
func argError(L *glua.LState, n int, msg string) {
	name, method := calledName(L)
	if method {
		n--
		if n == 0 {
			throw(L, "calling '%s' on bad self (%s)", name, msg)
		}
	}
	throw(L, "bad argument #%d to '%s' (%s)", n, name, msg)
}

// typeError raises that argument n is not of the type wanted.
func typeError(L *glua.LState, n int, want string) {
	got := "no value"
	if n <= L.GetTop() {
		got = L.Get(n).Type().String()
	}
	argError(L, n, want+" expected, got "+got)
}

// needAny raises if argument n was not given; nil counts as given.
func needAny(L *glua.LState, n int) glua.LValue {
	if n > L.GetTop() {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}

// needString returns argument n, a string or a number.
func needString(L *glua.LState, n int) string {
	s, ok := stringOf(L.Get(n))
	if !ok {
		typeError(L, n, "string")
	}
	return s
}

// optString is needString with a value for an argument that is absent or nil.
func optString(L *glua.LState, n int, def string) string {
	if L.Get(n) == glua.LNil {
		return def
	}
	return needString(L, n)
}

// stringOf returns v as text if it is a string or a number.
func stringOf(v glua.LValue) (string, bool) {
	switch v := v.(type) {
	case glua.LString:
		return string(v), true
	case glua.LNumber:
		return numberText(v), true
	}
	return "", false
}

// needNumber returns argument n, a number or a string that reads as one.
func needNumber(L *glua.LState, n int) float64 {
	f, ok := numberOf(L.Get(n))
	if !ok {
		typeError(L, n, "number")
	}
	return f
}

// numberOf returns v as a number if it is one or a string that reads as one.
func numberOf(v glua.LValue) (float64, bool) {
	switch v := v.(type) {
	case glua.LNumber:
		return float64(v), true
	case glua.LString:
		return parseNumber(string(v))
	}
	return 0, false
}

// needInt returns argument n cut to a whole number.
func needInt(L *glua.LState, n int) int { return toInt(needNumber(L, n)) }

// optInt is needInt with a value for an argument that is absent or nil.
func optInt(L *glua.LState, n, def int) int {
	if L.Get(n) == glua.LNil {
		return def
	}
	return needInt(L, n)
}

// needTable returns argument n, a table.
func needTable(L *glua.LState, n int) *glua.LTable {
	tb, ok := L.Get(n).(*glua.LTable)
	if !ok {
		typeError(L, n, "table")
	}
	return tb
}

// needFunction returns argument n, a function.
func needFunction(L *glua.LState, n int) *glua.LFunction {
	fn, ok := L.Get(n).(*glua.LFunction)
	if !ok {
		typeError(L, n, "function")
	}
	return fn
}

// needOption returns argument n, one of the words, or def if it is absent and def is not "".
func needOption(L *glua.LState, n int, def string, words ...string) string {
	word := def
	if def == "" || L.Get(n) != glua.LNil {
		word = needString(L, n)
	}
	for _, w := range words {
		if w == word {
			return word
		}
	}
	argError(L, n, "invalid option '"+word+"'")
	return ""
}
