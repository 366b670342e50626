package bindings

import (
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

func neighModule() *decl.Module {
	return &decl.Module{
		Name:  "neigh",
		Doc:   "Neighbours: which link-layer address an address has, and the addresses that this machine answers for (proxy=true).",
		Since: since,
		Class: nlcore.ClassByName("neigh"),
		Has:   isAddress, Narrow: neighNarrow, Again: neighKey, Eager: true,
		Columns: []string{"dst", "dev", "lladdr", "nud", "router", "proxy", "managed", "extern_learn", "proto"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Example: onVeth + `
neigh.add{ "10.0.0.2", "v0", lladdr="02:00:00:00:00:02" }
neigh.add{ { "10.0.0.3", "v0", lladdr="02:00:00:00:00:03", nud="stale" }, { "10.0.0.4", "v0", proxy=true } }`}),
			decl.Verb("replace", nlcore.Replace, decl.About{Since: since, Example: onVeth + `
neigh.replace{ "10.0.0.2", "v0", lladdr="02:00:00:00:00:02" }`}),
			decl.Verb("change", nlcore.Update, decl.About{Since: since, Example: onVeth + `
neigh.add{ "10.0.0.2", "v0", lladdr="02:00:00:00:00:02" }
neigh.change{ "10.0.0.2", "v0", lladdr="02:00:00:00:00:05" }`}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Example: onVeth + `
neigh.add{ "10.0.0.2", "v0", lladdr="02:00:00:00:00:02" }
neigh.del("10.0.0.2", "v0")`}),
			decl.Get(decl.About{Since: since, Example: onVeth + `
neigh.add{ "10.0.0.2", "v0", lladdr="02:00:00:00:00:02" }
print(neigh.get("10.0.0.2", "v0").lladdr)`,
				Doc: "The entry of an address on an interface, with proxy=true that of the proxies, or an error."}),
			decl.Find(decl.About{Since: since, Example: `assert(neigh.find "10.0.0.2" == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: `print(neigh.list{ dev="lo", nud="all" })`,
				Doc: "The neighbours that match every field, of both families, but those of state noarp unless nud=, which may be \"all\"; " +
					"with proxy=true the proxies. dst= may be a prefix."}),
			decl.Each(decl.About{Since: since, Example: `for n in neigh.each{ nud={ "reachable", "stale" } } do print(n.dst, n.lladdr) end`}),
			neighFlush(),
		},
	}
}

// onVeth begins the examples that need an interface with link-layer
// addresses.
const onVeth = `
link.add{ "v0", type="veth", up=true, peer={ "v1", up=true } }`

// neighKey says which entry an object is.
func neighKey(o nlcore.Object) nlcore.Object {
	n, ok := o.(*nlcore.Neigh)
	if !ok {
		return o
	}
	return &nlcore.Neigh{Dst: n.Dst, Dev: n.Dev, Proxy: n.Proxy}
}

// neighNarrow handles what says which list is meant, and, as ip, hides
// neighbours that need no resolution unless the state is said.
func neighNarrow(f *decl.Filter) error {
	like, ok := f.Like.(*nlcore.Neigh)
	if !ok {
		return nil
	}
	for _, key := range []string{"proxy", "master", "vrf"} {
		v, ok := f.Take(key)
		if !ok {
			continue
		}
		if err := nlcore.SetField(f.Env, like, key, v); err != nil {
			return err
		}
	}
	if v, ok := f.Take("dst"); ok {
		if err := neighDst(f, v); err != nil {
			return err
		}
	}
	for _, key := range []string{"nud", "state"} {
		switch v, ok := f.Take(key); {
		case !ok:
		case v.Kind() == attr.KindString && v.Word() == "all":
			return nil
		default:
			f.Add(key, v)
			return nil
		}
	}
	f.Where(func(o nlcore.Object) bool {
		n, ok := o.(*nlcore.Neigh)
		return ok && n.State != val.Some(nlcore.NeighNoARP)
	})
	return nil
}

// neighDst takes a prefix for all addresses in it.
func neighDst(f *decl.Filter, v attr.Value) error {
	if v.Kind() != attr.KindString || !strings.Contains(v.Word(), "/") {
		f.Add("dst", v)
		return nil
	}
	p, err := attr.ToPrefix(v)
	if err != nil {
		return fmt.Errorf("dst %w", err)
	}
	f.Where(func(o nlcore.Object) bool {
		n, ok := o.(*nlcore.Neigh)
		return ok && p.Contains(n.Dst)
	})
	return nil
}

// neighFlush leaves permanent entries unless the state is said, as ip does.
func neighFlush() decl.Func {
	f := decl.Flush(decl.About{Since: since, Example: onVeth + `
neigh.add{ { "10.0.0.2", "v0", lladdr="02:00:00:00:00:02", nud="stale" }, { "10.0.0.3", "v0", lladdr="02:00:00:00:00:03" } }
assert(neigh.flush{ dev="v0", dst="10.0.0.0/24" } == 1)
assert(neigh.flush{ dev="v0", nud="permanent" } == 1)`,
		Doc: "Deletes all that match, but permanent and noarp entries unless nud= names their state or is \"all\"; none is fine. Without a field say all=true."})
	flush := f.Run
	f.Run = func(c *decl.Call) error {
		instead(c, func(t *glua.LTable) {
			said := t.RawGetString("nud") != glua.LNil || t.RawGetString("state") != glua.LNil
			first, _ := t.Next(glua.LNil)
			if said || first == glua.LNil || glua.LVAsBool(t.RawGetString("proxy")) {
				return
			}
			states := c.L.NewTable()
			for _, w := range []string{"reachable", "stale", "none", "incomplete", "delay", "probe", "failed"} {
				states.Append(glua.LString(w))
			}
			t.RawSetString("nud", states)
		})
		return flush(c)
	}
	return f
}
