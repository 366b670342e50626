package bindings

import (
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/bindings/render"
)

func inspectFunc() *decl.Func {
	return &decl.Func{
		Name:  "inspect",
		Doc:   "Any value as readable text, as Lua would read it where that is possible: keys sorted, objects with their fields, tables that hold themselves marked.",
		Since: since,
		Example: `
print(inspect(link.get "lo"))
print(inspect({ a = { b = { c = 1 } } }, { depth = 2 }))`,
		Returns: "the text",
		Params: []decl.Param{
			{Name: "value", Kind: decl.Any, Pos: 1, Doc: "what to show"},
			{Name: "depth", Kind: decl.Integer, Lo: 1, Hi: 1000, Default: "no bound", Doc: "tables deeper than this are {...}"},
		},
		Run: inspect,
	}
}

func inspect(c *decl.Call) error {
	depth, _ := c.Args["depth"].(int64)
	c.Return(glua.LString(render.Inspect(anyArg(c, "value"), render.InspectOptions{Depth: int(depth)})))
	return nil
}

// anyArg is an argument of kind Any; nil where it was not given.
func anyArg(c *decl.Call, name string) glua.LValue {
	if v, ok := c.Args[name].(glua.LValue); ok {
		return v
	}
	return glua.LNil
}
