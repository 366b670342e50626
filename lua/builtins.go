package lua

import (
	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// openBuiltins puts the modules and functions of bindings in place. A module
// is made when a script first names it.
func (in *Interp) openBuiltins() error {
	if err := in.declare(); err != nil {
		return err
	}
	in.host = &host{in: in, env: &attr.Env{Names: in.opts.Names}, places: places{
		in: in, start: in.opts.Netns,
		options: nlcore.Options{Names: in.opts.Names, Tracer: in.opts.Tracer},
	}}
	if in.opts.PrivateNetns {
		in.host.places.own = &ownNetns{}
		in.host.env.Netns = in.host.places.ref
	}
	in.openHelp()
	in.AddModule(nlName, in.allModules)
	if in.opts.NoGlobals {
		for _, f := range in.declared.native {
			in.L.G.Global.RawSetString(f.name, glua.LNil)
		}
	}
	preload := in.L.GetField(in.L.GetGlobal("package"), "preload").(*glua.LTable)
	preload.RawSetString("nlsh", in.L.NewFunction(func(L *glua.LState) int {
		L.Push(in.Module(nlName))
		return 1
	}))
	return nil
}

// allModules is the table nl: every module and function under its name.
func (in *Interp) allModules(L *glua.LState) glua.LValue {
	mt := L.CreateTable(0, 1)
	mt.RawSetString("__index", in.modules.values)
	t := L.CreateTable(0, len(in.declared.native))
	for _, f := range in.declared.native {
		t.RawSetString(f.name, f.fn)
	}
	t.Metatable = mt
	return t
}
