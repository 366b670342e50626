package bench

import (
	"fmt"
	"testing"

	glua "github.com/yuin/gopher-lua"

	"nlsh/lua"
)

// interp is an interpreter in the sandbox's namespace.
func interp(b *testing.B) *lua.Interp {
	b.Helper()
	in, err := lua.New(lua.Options{})
	must(b, err)
	b.Cleanup(func() { must(b, in.Close()) })
	return in
}

// luaNumber runs a chunk that returns a number.
func luaNumber(in *lua.Interp, src string) (int, error) {
	out, err := in.Eval(ctx, src)
	if err != nil {
		return 0, err
	}
	if n, ok := out[0].(glua.LNumber); ok {
		return int(n), nil
	}
	return 0, fmt.Errorf("the chunk returned %v", out[0])
}

// luaRoute is the table of the i-th route, i from 0, in a script.
const luaRoute = `{ ("10.%d.%d.%d"):format(i / 65536 % 256, i / 256 % 256, i % 256), via="` + routeVia + `", dev="` + routeDev + `" }`

var luaVerbs = map[string]string{"add": "add", "replace": "replace", "delete": "del"}

// luaChangers change routes from a list that was built before, and from a
// function whose tables are built while the clock runs.
func luaChangers(b *testing.B) []changer {
	list, each := interp(b), interp(b)
	return []changer{{
		name: "Lua, list", go_: true,
		ready: func() error {
			return list.Run(ctx, "ready", fmt.Sprintf(`L = {} for i = 0, %d - 1 do L[i + 1] = %s end`, *routes, luaRoute))
		},
		do:   func(op string) error { return list.Run(ctx, op, "route."+luaVerbs[op]+"(L)") },
		done: func() { must(b, list.Run(ctx, "done", "L = nil")) },
	}, {
		name: "Lua, function", go_: true,
		do: func(op string) error {
			n, err := luaNumber(each, fmt.Sprintf(`local n = -1
				return route.%s(function() n = n + 1 local i = n if i < %d then return %s end end)`, luaVerbs[op], *routes, luaRoute))
			return counts(n, err)
		},
	}}
}
