package lua

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"
)

// moduleSet is what stands behind _G: names that every script sees and none
// may assign to.
type moduleSet struct {
	// open makes those that are not declared.
	open map[string]func(*glua.LState) glua.LValue
	// values holds the modules opened so far; its metatable opens the others.
	values *glua.LTable
}

// openModules puts the modules behind _G's metatable.
func (in *Interp) openModules() {
	in.modules = moduleSet{
		open:   map[string]func(*glua.LState) glua.LValue{},
		values: in.L.CreateTable(0, 32),
	}
	lazy := in.L.CreateTable(0, 1)
	lazy.RawSetString("__index", in.L.NewFunction(in.openModule))
	in.modules.values.Metatable = lazy
	mt := in.L.CreateTable(0, 2)
	mt.RawSetString("__index", in.modules.values)
	if in.opts.NoGlobals {
		mt.RawSetString("__index", in.L.NewFunction(in.onlyNl))
	}
	mt.RawSetString("__newindex", in.L.NewFunction(in.assignGlobal))
	in.L.G.Global.Metatable = mt
}

// AddModule makes name a global that scripts read but cannot assign to. open
// runs when a script first uses it and returns its value.
func (in *Interp) AddModule(name string, open func(*glua.LState) glua.LValue) {
	in.modules.open[name] = open
}

// Module returns the value of a module, opening it if need be; nil when there
// is none of that name.
func (in *Interp) Module(name string) glua.LValue {
	v := in.modules.values.RawGetString(name)
	if v == glua.LNil {
		open := in.openerOf(name)
		if open == nil {
			return glua.LNil
		}
		v = open(in.running())
		in.modules.values.RawSetString(name, v)
	}
	return v
}

// isModule reports that scripts see a module as the global name.
func (in *Interp) isModule(name string) bool {
	return (name == nlName || !in.opts.NoGlobals) && in.openerOf(name) != nil
}

// openerOf is what makes the value of a module or function of ours.
func (in *Interp) openerOf(name string) func(*glua.LState) glua.LValue {
	if open := in.modules.open[name]; open != nil {
		return open
	}
	return in.opener(name)
}

// nlName is the table of all modules.
const nlName = "nl"

// onlyNl is the __index of _G that knows nl and nothing else.
func (in *Interp) onlyNl(L *glua.LState) int {
	if L.Get(2) == glua.LString(nlName) {
		L.Push(in.Module(nlName))
	} else {
		L.Push(glua.LNil)
	}
	return 1
}

// openModule is the __index of the table of open modules.
func (in *Interp) openModule(L *glua.LState) int {
	if name, ok := L.Get(2).(glua.LString); ok {
		L.Push(in.Module(string(name)))
	} else {
		L.Push(glua.LNil)
	}
	return 1
}

// assignGlobal is the __newindex of _G: a global that is not there yet.
func (in *Interp) assignGlobal(L *glua.LState) int {
	if name, ok := L.Get(2).(glua.LString); ok && in.isModule(string(name)) {
		L.RaiseError("cannot assign to '%s': it is a module; a local variable may have that name", string(name))
	}
	L.RawSet(in.L.G.Global, L.Get(2), L.Get(3))
	return 0
}

// libraryEnv gives a required file that assigns to module names globals of
// its own for these; all others it shares.
func (in *Interp) libraryEnv(fn *glua.LFunction, chunk string, info chunkInfo) {
	if len(info.hides) == 0 {
		return
	}
	global := in.L.G.Global
	env := in.L.CreateTable(0, len(info.hides))
	mt := in.L.CreateTable(0, 2)
	mt.RawSetString("__index", global)
	mt.RawSetString("__newindex", in.L.NewFunction(func(L *glua.LState) int {
		name, ok := L.Get(2).(glua.LString)
		line, hides := info.hides[string(name)]
		if !ok || !hides {
			L.SetTable(global, L.Get(2), L.Get(3))
			return 0
		}
		fmt.Fprintf(in.opts.Stderr, "%s:%d: warning: the global '%s' hides the module of that name in this file\n", chunk, line, string(name))
		env.RawSet(name, L.Get(3))
		return 0
	}))
	env.Metatable = mt
	fn.Env = env
}
