package lua

import (
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// openBuiltins puts the modules and functions of bindings in place. A module
// is made when a script first names it.
func (in *Interp) openBuiltins() {
	in.host = &host{in: in, env: &attr.Env{Names: in.opts.Names}, places: places{
		in: in, start: in.opts.Netns,
		options: nlcore.Options{Names: in.opts.Names, Tracer: in.opts.Tracer},
	}}
	for _, m := range bindings.Modules() {
		in.AddModule(m.Name, func(L *glua.LState) glua.LValue {
			return decl.Install(L, in.host, m, nil)
		})
	}
	for _, f := range bindings.Globals() {
		if f.Run == nil {
			continue // the interpreter's own: try, defer
		}
		in.AddModule(f.Name, func(L *glua.LState) glua.LValue {
			return decl.InstallFunc(L, in.host, f)
		})
	}
	in.openHelp()
	in.AddModule("nl", in.allModules)
	preload := in.L.GetField(in.L.GetGlobal("package"), "preload").(*glua.LTable)
	preload.RawSetString("nlsh", in.L.NewFunction(func(L *glua.LState) int {
		L.Push(in.Module("nl"))
		return 1
	}))
}

// allModules is the table nl: every module under its name.
func (in *Interp) allModules(L *glua.LState) glua.LValue {
	mt := L.CreateTable(0, 1)
	mt.RawSetString("__index", in.modules.values)
	t := L.CreateTable(0, 0)
	t.Metatable = mt
	return t
}
