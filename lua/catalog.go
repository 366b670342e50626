package lua

import (
	"maps"
	"slices"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/bindings/docgen"
)

// Catalog is what the interpreter declares to scripts, for help and completion.
func (in *Interp) Catalog() *docgen.Catalog {
	return &docgen.Catalog{
		Modules:   in.declared.allModules(),
		Functions: append(slices.Clone(in.declared.functions), in.helpFunc()),
		Env:       in.host.Env(),
		NameOf:    in.globalName,
	}
}

// globalName is the name of a function of ours that no declaration made: try,
// defer.
func (in *Interp) globalName(fn *glua.LFunction) string {
	for _, f := range in.declared.native {
		if f.fn == fn {
			return f.name
		}
	}
	return ""
}

// Place is the network namespace in which unbound modules act, now.
func (in *Interp) Place() (*decl.Place, error) { return in.host.places.current() }

// Color reports whether what is printed may carry colours.
func (in *Interp) Color() bool { return in.opts.Color }

// ModuleNames says which names are modules or functions of nlsh, which scripts
// see as globals without being able to assign to them.
func (in *Interp) ModuleNames() []string {
	l := slices.Collect(maps.Keys(in.modules.open))
	for i := range in.declared.modules {
		l = append(l, in.declared.modules[i].Name)
	}
	for _, f := range in.declared.functions {
		if f.Run != nil {
			l = append(l, f.Name)
		}
	}
	return slices.DeleteFunc(l, func(name string) bool { return !in.isModule(name) })
}

func (in *Interp) helpFunc() *decl.Func { return docgen.HelpFunc(in.Catalog) }

// openHelp puts help in place.
func (in *Interp) openHelp() {
	in.AddModule("help", func(L *glua.LState) glua.LValue {
		return decl.InstallFunc(L, in.host, in.helpFunc())
	})
}
