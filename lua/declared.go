package lua

import (
	"fmt"
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
)

// declared is what an interpreter offers to scripts beside Lua's libraries.
type declared struct {
	modules   []moduleDecl // sorted by name
	functions []*decl.Func // sorted by name
	// native are the functions that the interpreter makes itself.
	native []nativeFunc
}

// moduleDecl is a module that is made when a script or help asks for it.
type moduleDecl struct {
	bindings.Decl
	made *decl.Module
}

type nativeFunc struct {
	name string
	fn   *glua.LFunction
}

// declare collects the declarations of nlsh and of the options.
func (in *Interp) declare() error {
	d := &in.declared
	d.functions = bindings.Globals()
	own := bindings.ModuleDecls()
	d.modules = make([]moduleDecl, len(own), len(own)+len(in.opts.Modules))
	for i, m := range own {
		d.modules[i].Decl = m
	}
	for _, f := range d.functions {
		if fn, ok := in.L.G.Global.RawGetString(f.Name).(*glua.LFunction); ok && f.Run == nil {
			d.native = append(d.native, nativeFunc{f.Name, fn})
		}
	}
	if len(in.opts.Modules)+len(in.opts.Functions) == 0 {
		return nil
	}
	return in.declareMore()
}

// declareMore adds the declarations of the options.
func (in *Interp) declareMore() error {
	d := &in.declared
	taken := map[string]bool{nlName: true, "help": true, "arg": true}
	for k, _ := in.L.G.Global.Next(glua.LNil); k != glua.LNil; k, _ = in.L.G.Global.Next(k) {
		taken[k.String()] = true // Lua's own, try and defer
	}
	for i := range d.modules {
		taken[d.modules[i].Name] = true
	}
	for _, f := range d.functions {
		taken[f.Name] = true
	}
	for _, m := range in.opts.Modules {
		if err := checkModule(m, m.Name, taken); err != nil {
			return err
		}
		d.modules = append(d.modules, moduleDecl{Decl: bindings.Decl{Name: m.Name}, made: m})
	}
	for _, f := range in.opts.Functions {
		if err := checkFunc(f, f.Name); err != nil {
			return err
		}
		if err := checkFree(f.Name, "function", taken); err != nil {
			return err
		}
		d.functions = append(d.functions, f)
	}
	slices.SortFunc(d.modules, func(a, b moduleDecl) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(d.functions, func(a, b *decl.Func) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// module is the module at i, made now if it was not.
func (d *declared) module(i int) *decl.Module {
	m := &d.modules[i]
	if m.made == nil {
		m.made = m.Make()
	}
	return m.made
}

// allModules is every module.
func (d *declared) allModules() []*decl.Module {
	l := make([]*decl.Module, len(d.modules))
	for i := range l {
		l[i] = d.module(i)
	}
	return l
}

// opener is what makes the value of a module or function of this name; nil
// where none is declared, or the interpreter makes it itself.
func (in *Interp) opener(name string) func(*glua.LState) glua.LValue {
	d := &in.declared
	if i, ok := slices.BinarySearchFunc(d.modules, name, func(m moduleDecl, name string) int {
		return strings.Compare(m.Name, name)
	}); ok {
		return func(L *glua.LState) glua.LValue { return decl.Install(L, in.host, d.module(i), nil) }
	}
	for _, f := range d.functions {
		if f.Name == name && f.Run != nil {
			return func(L *glua.LState) glua.LValue { return decl.InstallFunc(L, in.host, f) }
		}
	}
	return nil
}

// checkModule says what is wrong with a module of the options; taken are the
// names beside it.
func checkModule(m *decl.Module, path string, taken map[string]bool) error {
	if err := checkFree(m.Name, "module", taken); err != nil {
		return err
	}
	if m.Doc == "" {
		return fmt.Errorf("lua: module %s has no Doc", path)
	}
	members := map[string]bool{}
	for i := range m.Funcs {
		f := &m.Funcs[i]
		if err := checkFunc(f, path+"."+f.Name); err != nil {
			return err
		}
		if err := checkFree(f.Name, "function of module "+path, members); err != nil {
			return err
		}
	}
	for _, sub := range m.Subs {
		if err := checkModule(sub, path+"."+sub.Name, members); err != nil {
			return err
		}
	}
	return nil
}

func checkFunc(f *decl.Func, path string) error {
	switch {
	case f.Run == nil:
		return fmt.Errorf("lua: function %s has no Run", path)
	case f.Doc == "":
		return fmt.Errorf("lua: function %s has no Doc", path)
	}
	return nil
}

// checkFree says why a name cannot be given, else takes it.
func checkFree(name, what string, taken map[string]bool) error {
	switch {
	case !isName(name):
		return fmt.Errorf("lua: %s %q: not a name in Lua", what, name)
	case taken[name]:
		return fmt.Errorf("lua: %s %s: the name is taken", what, name)
	}
	taken[name] = true
	return nil
}

// isName reports that text can be written as a name in Lua.
func isName(text string) bool {
	for i, c := range []byte(text) {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return text != "" && !slices.Contains(luaKeywords, text)
}

var luaKeywords = []string{
	"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in",
	"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
}
