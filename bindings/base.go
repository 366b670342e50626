package bindings

import "nlsh/bindings/decl"

// Globals lists the functions that are in no module, sorted by name. Those
// without Run are the interpreter's own: it catches and raises errors itself.
func Globals() []*decl.Func {
	return []*decl.Func{bigintFunc(), deferFunc(), inspectFunc(), tryFunc()}
}

func deferFunc() *decl.Func {
	return &decl.Func{
		Name:  "defer",
		Doc:   "Has a function called when the script ends, also by an error or Ctrl-C; the one deferred last comes first.",
		Since: since,
		Example: `
local h = netns.add "h1"
defer(function() h:del() end)`,
		Plain:  true,
		Params: []decl.Param{{Name: "f", Kind: decl.Function, Required: true, Pos: 1, Doc: "what to call, without arguments"}},
	}
}

func tryFunc() *decl.Func {
	return &decl.Func{
		Name:  "try",
		Doc:   "Calls a function and returns nil and the error when the kernel or the environment refused. Mistakes in the script are raised all the same; pcall catches all.",
		Since: since,
		Example: `
local ok, err = try(netns.del, "h1")
assert(not ok and err.errno == "ENOENT")`,
		Returns: "what the function returns; nil and the error where it was refused",
		Plain:   true,
		Params: []decl.Param{
			{Name: "f", Kind: decl.Function, Required: true, Pos: 1, Doc: "what to call"},
			{Name: "args", Kind: decl.Any, Pos: 2, Rest: true, Doc: "its arguments"},
		},
	}
}
