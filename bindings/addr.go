package bindings

import (
	"strings"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

func addrModule() *decl.Module {
	return &decl.Module{
		Name:  "addr",
		Doc:   "Addresses of interfaces.",
		Since: since,
		Class: nlcore.ClassByName("addr"),
		Has:   isAddress, Narrow: addrNarrow, Eager: true,
		Columns: []string{"address", "dev", "scope", "peer", "label", "valid_lft", "proto"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Example: `
addr.add("10.0.0.1/24", "lo")
addr.add{ { "10.0.0.2/24", dev="lo" }, { "2001:db8::1/64", "lo", nodad=true } }`}),
			decl.Verb("replace", nlcore.Replace, decl.About{Since: since, Example: `
addr.replace{ "10.0.0.1/24", "lo", valid_lft=300, preferred_lft=200 }`}),
			decl.Verb("change", nlcore.Update, decl.About{Since: since, Example: `
addr.add("10.0.0.1/24", "lo")
addr.change{ "10.0.0.1/24", "lo", metric=50 }`,
				Doc: "Alters lifetimes, flags and metric of an address. As with ip, the kernel creates one that is not there."}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Example: `
addr.add("10.0.0.1/24", "lo")
addr.del("10.0.0.1/24", "lo")`}),
			decl.Get(decl.About{Since: since, Example: `
addr.add("10.0.0.1/24", "lo")
print(addr.get("10.0.0.1/24").dev)`}),
			decl.Find(decl.About{Since: since, Example: `
assert(addr.find{ "10.0.0.1", dev="lo" } == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: `print(addr.list{ dev="lo", family="inet" })`}),
			decl.Each(decl.About{Since: since, Example: `for a in addr.each{ scope="global" } do print(a.ip, a.dev) end`}),
			decl.Flush(decl.About{Since: since, Example: `
addr.add("10.0.0.1/24", "lo")
assert(addr.flush{ dev="lo", address="10.0.0.1" } == 1)`}),
		},
	}
}

// isAddress tells an address from a link's name, which has neither colon nor,
// by custom, only digits and dots.
func isAddress(s string) bool {
	_, err := attr.ToPrefix(attr.StringOf(s))
	return err == nil
}

// addrNarrow lets an address without a length match with any.
func addrNarrow(f *decl.Filter) error {
	v, ok := f.Take("address")
	if !ok {
		return nil
	}
	key := "address"
	if v.Kind() == attr.KindAddr || v.Kind() == attr.KindString && !strings.Contains(v.Word(), "/") {
		key = "ip"
	}
	f.Add(key, v)
	return nil
}
