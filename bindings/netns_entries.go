package bindings

import (
	"slices"
	"strings"

	"nlsh/bindings/decl"
)

// carriedModules are those that a namespace has as fields, sorted by name: all
// but what has nothing to do with a namespace, or makes them.
func carriedModules(h decl.Host) []*decl.Module {
	l := Modules()
	if s, ok := h.(ModuleSet); ok {
		l = s.ModuleDecls()
	}
	l = slices.DeleteFunc(slices.Clone(l), func(m *decl.Module) bool {
		return slices.Contains([]string{"bit", "inet", "json", "netns"}, m.Name)
	})
	slices.SortFunc(l, func(a, b *decl.Module) int { return strings.Compare(a.Name, b.Name) })
	return l
}

// Entries are what can follow a namespace in a script: fields, methods and
// modules.
func (n *namespace) Entries() []decl.Entry {
	sys := sysModule()
	own := netnsModule()
	l := []decl.Entry{
		{Name: "name", Doc: "its name under /run/netns; nil where it has none"},
		{Name: "nsid", Doc: "the number that the current namespace has for it, as link_netnsid of a link; nil where it has none"},
		{Name: "path", Doc: "a file that opens it"},
		{Name: "del", Doc: "removes it: h:del{ kill=true } ends the processes in it", Method: true, Module: own, Func: own.Func("del")},
		{Name: "exec", Doc: "runs a program in it and waits", Method: true, Module: sys, Func: sys.Func("exec")},
		{Name: "ident", Doc: "a text that is the same for the same namespace, for the key of a table", Method: true},
		{Name: "run", Doc: "calls a function with it as the current namespace: h:run(f, ...)", Method: true},
	}
	for _, m := range carriedModules(n.host) {
		l = append(l, decl.Entry{Name: m.Name, Doc: m.Doc, Module: m})
	}
	return l
}

// EntryPlace is where the modules act; nil until it is opened.
func (n *namespace) EntryPlace() *decl.Place { return n.place }
