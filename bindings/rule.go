package bindings

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

func ruleModule() *decl.Module {
	return &decl.Module{
		Name:   "rule",
		Doc:    "Routing policy: which table a packet is looked up in. A rule without family is IPv4, as with ip; a list has both.",
		Since:  since,
		Class:  nlcore.ClassByName("rule"),
		Again:  func(o nlcore.Object) nlcore.Object { return o },
		Narrow: ruleNarrow, Filters: ruleFilters, Eager: true,
		Columns: []string{"priority", "not", "from", "to", "fwmark", "iif", "oif", "action", "table", "goto", "suppress_prefixlength", "family"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Example: `
rule.add{ not_=true, fwmark="0x64/0xff", iif="dummy0", table=100, priority=500 }
rule.add{ { from="10.0.0.0/8", table=100 }, { 600, to="2001:db8::/32", action="prohibit" } }`,
				Doc: "Adds a rule. Without a priority it is asked after the one of priority 0 and before all others."}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Example: `
rule.add{ 500, from="10.0.0.0/8", table=100 }
rule.del(500)`,
				Doc: "Deletes the first rule that agrees with all that is said; there must be one."}),
			decl.Get(decl.About{Since: since, Example: `
rule.add{ 500, from="10.0.0.0/8", table=100 }
print(rule.get(500).table)`,
				Doc: "The first rule that agrees with all that is said, in the order in which the kernel asks them, or an error."}),
			decl.Find(decl.About{Since: since, Example: `assert(rule.find{ fwmark="0x64" } == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: `
print(rule.list{ family="inet" })
print(#rule.list{ table="main", lowest=1 })`}),
			decl.Each(decl.About{Since: since, Example: `for r in rule.each() do print(r.priority, r.table) end`}),
			ruleFlush(),
		},
	}
}

// ruleFilters bound the priority.
var ruleFilters = []decl.Param{
	{Name: "lowest", Kind: decl.Integer, Doc: "rules of at least this priority"},
	{Name: "highest", Kind: decl.Integer, Doc: "rules of at most this priority"},
}

func ruleNarrow(f *decl.Filter) error {
	for _, by := range []struct {
		key  string
		test func(is, want uint32) bool
	}{
		{"lowest", func(is, want uint32) bool { return is >= want }},
		{"highest", func(is, want uint32) bool { return is <= want }},
	} {
		v, ok := f.Take(by.key)
		if !ok {
			continue
		}
		want, err := attr.ToUint(v, 1<<32-1)
		if err != nil {
			return fmt.Errorf("%s%w", by.key, err)
		}
		f.Where(func(o nlcore.Object) bool {
			r, ok := o.(*nlcore.Rule)
			return ok && by.test(r.Priority.Or(0), uint32(want))
		})
	}
	return nil
}

// ruleFlush leaves the rule of priority 0 with all=true, as ip does: without
// it no address of the machine is its own.
func ruleFlush() decl.Func {
	f := decl.Flush(decl.About{Since: since, Example: `
rule.add{ { 500, table=100 }, { 501, table=100 } }
assert(rule.flush{ table=100 } == 2)`,
		Doc: "Deletes all that match; none is fine. Without a field say all=true: all but those of priority 0."})
	flush := f.Run
	f.Run = func(c *decl.Call) error {
		instead(c, func(t *glua.LTable) {
			if t.RawGetString("all") == glua.LTrue && t.RawGetString("lowest") == glua.LNil && t.RawGetString("priority") == glua.LNil {
				t.RawSetString("lowest", glua.LNumber(1))
			}
		})
		return flush(c)
	}
	return f
}

// instead lets change alter a copy of a call's only table before it is read.
func instead(c *decl.Call, change func(t *glua.LTable)) {
	given, ok := c.Arg(1).(*glua.LTable)
	if !ok || c.N() != 1 {
		return
	}
	t := c.L.CreateTable(given.Len(), 4)
	for k, v := given.Next(glua.LNil); k != glua.LNil; k, v = given.Next(k) {
		t.RawSet(k, v)
	}
	change(t)
	c.L.Replace(c.L.GetTop(), t)
}
