package bindings

import (
	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

func bridgeModule() *decl.Module {
	return &decl.Module{
		Name:  "bridge",
		Doc:   "What belongs to bridges beside the links themselves.",
		Since: since,
		Subs:  []*decl.Module{bridgeLinkModule()},
	}
}

func bridgeLinkModule() *decl.Module {
	return &decl.Module{
		Name:  "link",
		Doc:   "Options of links as ports of a bridge.",
		Since: since,
		Class: nlcore.ClassByName("bridge.link"),
		Again: func(o nlcore.Object) nlcore.Object { return o }, Eager: true,
		Columns: []string{"dev", "master", "state", "priority", "cost", "learning", "flood", "isolated"},
		Funcs: []decl.Func{
			decl.Verb("set", nlcore.Set, decl.About{Since: since, Example: bridgePort + `
bridge.link.set{ "v1", flood=false, cost=10 }`}),
			decl.Get(decl.About{Since: since, Doc: "The port's options, or an error.", Example: bridgePort + `
print(bridge.link.get("v1").state)`}),
			decl.Find(decl.About{Since: since, Example: `assert(bridge.link.find "lo" == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: bridgePort + `
print(bridge.link.list{ master="br0" })`}),
			decl.Each(decl.About{Since: since, Example: bridgePort + `
for p in bridge.link.each{ learning=true } do print(p.dev) end`}),
		},
	}
}

// bridgePort begins the examples that need one.
const bridgePort = `
link.add{ "br0", type="bridge" }
link.add{ "v1", type="veth", master="br0", peer={ "v2" } }`
