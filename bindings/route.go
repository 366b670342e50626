package bindings

import (
	"fmt"
	"net/netip"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

func routeModule() *decl.Module {
	return &decl.Module{
		Name:   "route",
		Doc:    "Routing tables and lookups in them.",
		Since:  since,
		Class:  nlcore.ClassByName("route"),
		Narrow: routeNarrow, Writable: routeWritable, Filters: routeFilters,
		Columns: []string{"type", "dst", "via", "dev", "table", "metric", "proto", "scope", "src", "nhid", "pref"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Example: onLo + `
route.add{ "10.9.0.0/16", via="10.0.0.2" }
route.add{ { "10.8.0.0/16", dev="lo" }, { "10.7.0.0/16", type="unreachable" } }`}),
			decl.Verb("append", nlcore.Append, decl.About{Since: since, Example: onLo + `
route.add{ "10.9.0.0/16", via="10.0.0.2" }
route.append{ "10.9.0.0/16", via="10.0.0.3" }`}),
			decl.Verb("prepend", nlcore.Prepend, decl.About{Since: since, Example: onLo + `
route.add{ "10.9.0.0/16", via="10.0.0.2" }
route.prepend{ "10.9.0.0/16", via="10.0.0.3" }`}),
			decl.Verb("replace", nlcore.Replace, decl.About{Since: since, Example: onLo + `
route.replace{ "default", via="10.0.0.2", metric=100 }`}),
			decl.Verb("change", nlcore.Update, decl.About{Since: since, Example: onLo + `
route.add{ "10.9.0.0/16", via="10.0.0.2" }
route.change{ "10.9.0.0/16", via="10.0.0.3" }`}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Example: onLo + `
route.add{ "10.9.0.0/16", via="10.0.0.2" }
route.del "10.9.0.0/16"`}),
			decl.Get(decl.About{Since: since, Doc: "The route that a packet would take, as the kernel looks it up.", Example: onLo + `
print(route.get("10.0.0.7").dev)`}),
			decl.Find(decl.About{Since: since, Doc: "The entry of the table that matches, or nil; several are an error. The table is main unless table=.",
				Example: `assert(route.find "10.9.0.0/16" == nil)`}),
			decl.ListVerb(decl.About{Since: since, Doc: "The routes that match every field, of both families, of table main unless table=.",
				Example: onLo + `
print(route.list{ dev="lo" })
print(#route.list{ table="all", family="inet", match="10.0.0.7" })`}),
			decl.Each(decl.About{Since: since, Example: `
for r in route.each{ table="all" } do print(r.dst, r.dev) end`}),
			decl.Flush(decl.About{Since: since, Example: onLo + `
route.add{ "10.9.0.0/16", via="10.0.0.2", proto="static" }
assert(route.flush{ proto="static" } == 1)`}),
		},
	}
}

// onLo begins the examples that need a gateway that is reachable.
const onLo = `
link.up "lo"
addr.add("10.0.0.1/24", "lo")`

// routeWritable keeps what only a lookup takes out of a route.
func routeWritable(key string) (ok, said bool) { return false, key == "fibmatch" }

var routeFilters = []decl.Param{
	{Name: "match", Kind: decl.String, Doc: "routes whose destination holds this prefix"},
	{Name: "root", Kind: decl.String, Doc: "routes whose destination lies in this prefix"},
	{Name: "exact", Kind: decl.String, Doc: "routes to exactly this prefix"},
}

// routeNarrow handles what is no field: the table that is listed unless
// another is said, and match, root and exact.
func routeNarrow(f *decl.Filter) error {
	if v, ok := f.Take("table"); !ok {
		f.Add("table", attr.StringOf("main"))
	} else if v.Word() != "all" {
		f.Add("table", v)
	}
	for _, by := range []struct {
		key  string
		test func(dst, want netip.Prefix) bool
	}{
		{"match", func(dst, want netip.Prefix) bool { return dst.Bits() <= want.Bits() && dst.Contains(want.Addr()) }},
		{"root", func(dst, want netip.Prefix) bool { return dst.Bits() >= want.Bits() && want.Contains(dst.Addr()) }},
		{"exact", func(dst, want netip.Prefix) bool { return dst == want }},
	} {
		v, ok := f.Take(by.key)
		if !ok {
			continue
		}
		want, err := attr.ToPrefix(v)
		if err != nil {
			return fmt.Errorf("%s %w", by.key, err)
		}
		want = want.Masked()
		f.Where(func(o nlcore.Object) bool {
			r, ok := o.(*nlcore.Route)
			return ok && r.Dst.IsValid() && by.test(r.Dst, want)
		})
	}
	return nil
}
