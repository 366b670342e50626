package decl

import (
	"fmt"
	"slices"

	glua "github.com/yuin/gopher-lua"
)

// moduleRef is what the table of a module knows of itself.
type moduleRef struct {
	mod   *Module
	path  string
	bound *Place
}

const moduleKey = "nlsh.module" // hidden in the metatable

// Install makes the Lua table of a module. With p nil its functions act in
// the namespace that is current when they are called, else always in p.
func Install(L *glua.LState, h Host, m *Module, p *Place) *glua.LTable {
	return install(L, h, m, p, m.Name)
}

func install(L *glua.LState, h Host, m *Module, p *Place, path string) *glua.LTable {
	s := ensureState(L, h)
	t := L.CreateTable(0, len(m.Funcs)+len(m.Subs))
	if m.Class != nil {
		s.class(m, path)
	}
	for i := range m.Funcs {
		f := &m.Funcs[i]
		t.RawSetString(f.Name, newFunction(L, caller(h, m, f, p, path), m, f, path))
	}
	for _, sub := range m.Subs {
		t.RawSetString(sub.Name, install(L, h, sub, p, path+"."+sub.Name))
	}
	ref := &moduleRef{m, path, p}
	mt := L.CreateTable(0, 4)
	mt.RawSetString(moduleKey, &glua.LUserData{Value: ref, Metatable: glua.LNil})
	mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
		L.Push(glua.LString("module " + path))
		return 1
	}))
	mt.RawSetString("__index", L.NewFunction(func(L *glua.LState) int {
		name := L.Get(2).String()
		h.Raise(L, &Error{Op: spaced(path), Msg: fmt.Sprintf("no function %q", name), Hint: didYouMean(name, m.names())})
		return 0
	}))
	if call := m.caller(); call != nil {
		mt.RawSetString("__call", L.NewFunction(wrap(h, m, call, p, path, 1)))
	}
	mt.RawSetString("__metatable", glua.LString("module "+path))
	t.Metatable = mt
	return t
}

// ModuleOf finds the declaration behind a module's table, and its path.
func ModuleOf(v glua.LValue) (m *Module, path string, p *Place, ok bool) {
	t, isTable := v.(*glua.LTable)
	if !isTable {
		return nil, "", nil, false
	}
	mt, isTable := t.Metatable.(*glua.LTable)
	if !isTable {
		return nil, "", nil, false
	}
	u, isUser := mt.RawGetString(moduleKey).(*glua.LUserData)
	if !isUser {
		return nil, "", nil, false
	}
	ref, ok := u.Value.(*moduleRef)
	if !ok {
		return nil, "", nil, false
	}
	return ref.mod, ref.path, ref.bound, true
}

func (m *Module) names() []string {
	var l []string
	for i := range m.Funcs {
		l = append(l, m.Funcs[i].Name)
	}
	for _, s := range m.Subs {
		l = append(l, s.Name)
	}
	slices.Sort(l)
	return l
}

// InstallFunc makes the Lua function of a declaration that is in no module:
// try, defer, bigint.
func InstallFunc(L *glua.LState, h Host, f *Func) *glua.LFunction {
	ensureState(L, h)
	m := &Module{}
	return newFunction(L, caller(h, m, f, nil, f.Name), m, f, f.Name)
}

// caller is the Lua function of a declaration.
func caller(h Host, m *Module, f *Func, p *Place, path string) glua.LGFunction {
	return wrap(h, m, f, p, path, 0)
}

// wrap makes a Lua function of f; base is how many arguments come first that
// are not f's (the module, when it is called).
func wrap(h Host, m *Module, f *Func, p *Place, path string, base int) glua.LGFunction {
	return func(L *glua.LState) int {
		c := &Call{L: L, Host: h, Module: m, Func: f, Path: path, bound: p, base: base}
		err := c.bind()
		if err == nil {
			err = f.Run(c)
		}
		if err != nil {
			h.Raise(L, c.failure(err))
			return 0
		}
		return c.push()
	}
}

func (c *Call) push() int {
	for _, v := range c.out {
		c.L.Push(v)
	}
	return len(c.out)
}

// class is the class that the call is about.
func (c *Call) class() *class { return ensureState(c.L, c.Host).class(c.Module, c.Path) }

// caller is what calling the module runs; nil where it cannot be called.
func (m *Module) caller() *Func {
	switch {
	case m.Call != nil:
		return &Func{Name: "call", Run: m.Call, Plain: true}
	case m.Class != nil:
		return &Func{Name: "call", Run: callModule, Plain: true}
	}
	return nil
}

// callModule reads: a table or nothing lists, anything else gets.
func callModule(c *Call) error {
	name := "get"
	switch v := c.Arg(1).(type) {
	case *glua.LTable, *glua.LNilType:
		name = "list"
	case glua.LString:
		if c.Module.Has != nil && !c.Module.Has(string(v)) {
			t := c.L.CreateTable(0, 1)
			t.RawSetString("dev", v)
			c.L.Replace(c.base+1, t)
			name = "list"
		}
	}
	f := c.Module.Func(name)
	if f == nil {
		return &Error{Op: spaced(c.Path), Msg: "has no " + name}
	}
	c.Func = f
	return f.Run(c)
}
