package bindings

import "nlsh/bindings/decl"

// Decl is a module that is made when it is needed: making all of them takes as
// long as an interpreter's own start.
type Decl struct {
	Name string // as in the module
	Make func() *decl.Module
}

// ModuleDecls lists the modules, sorted by name.
func ModuleDecls() []Decl {
	return []Decl{
		{"addr", addrModule},
		{"bit", bitModule},
		{"bridge", bridgeModule},
		{"expect", expectModule},
		{"inet", inetModule},
		{"json", jsonModule},
		{"link", linkModule},
		{"monitor", monitorModule},
		{"neigh", neighModule},
		{"net", netModule},
		{"netns", netnsModule},
		{"route", routeModule},
		{"rule", ruleModule},
		{"sys", sysModule},
		{"test", testModule},
		{"xfrm", xfrmModule},
	}
}

// Modules makes all modules, sorted by name.
func Modules() []*decl.Module {
	var l []*decl.Module
	for _, d := range ModuleDecls() {
		l = append(l, d.Make())
	}
	return l
}

// since is the first version of nlsh, which has all that says so.
const since = "0.1"
