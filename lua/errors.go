package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// raise raises err as a Lua error object; it does not return.
func raise(L *glua.LState, err error) {
	L.Error(&glua.LUserData{Value: err, Metatable: glua.LNil}, 1)
}
