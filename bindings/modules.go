package bindings

import "nlsh/bindings/decl"

// Modules lists the modules, sorted by name.
func Modules() []*decl.Module {
	return []*decl.Module{
		addrModule(),
		bridgeModule(),
		expectModule(),
		jsonModule(),
		linkModule(),
		monitorModule(),
		neighModule(),
		netModule(),
		netnsModule(),
		routeModule(),
		ruleModule(),
		sysModule(),
		testModule(),
		xfrmModule(),
	}
}

// since is the first version of nlsh, which has all that says so.
const since = "0.1"
