package bindings

import "nlsh/bindings/decl"

// Modules lists the modules that handle classes of kernel objects, sorted by
// name.
func Modules() []*decl.Module {
	return []*decl.Module{
		addrModule(),
		bridgeModule(),
		linkModule(),
		routeModule(),
	}
}

// since is the first version of nlsh, which has all that says so.
const since = "0.1"
