package decl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestScripts runs scripts in a fresh world each. What is expected is what
// lua-api.md says.
func TestScripts(t *testing.T) {
	const two = `thing.add{ {"a", mtu=100}, {"b", type="box", size=5} } `
	tests := []struct{ name, src, want string }{
		// Calling.
		{"key and fields in one table", `print(thing.add{ "a", mtu=1500 }.mtu)`, "1500\n"},
		{"key by name", `print(thing.add{ name="a", mtu=1500 }.name)`, "a\n"},
		{"key, then a table", `print(thing.add("a", { mtu=70 }).mtu)`, "70\n"},
		{"key and dev", `print(thing.add("a", "eth0").dev)`, "eth0\n"},
		{"key and dev in a table", `print(thing.add{ "a", "eth0" }.dev)`, "eth0\n"},
		{"key, dev, then a table", `print(thing.add("a", "eth0", { mtu=70 }).mtu)`, "70\n"},
		{"three positional values", `thing.add{ "a", "b", "c" }`,
			`! thing add: takes two positional values, name and dev, got also "c"; for several write thing.add{ {...}, {...} }` + "\n"},
		{"key twice", `thing.add("a", { "b" })`, `! thing add: takes the key as the first value or inside the table, not both; got b in the table` + "\n"},
		{"two tables", `thing.add({ "a" }, { "b" })`, "! thing add: takes one table, or a key and then a table; got a table and 1 more\n"},
		{"dev twice", `thing.add{ "a", "b", dev="c" }`, "! thing add a: has dev both as second value and by name\n"},
		{"key by position and name", `thing.add{ "a", name="b" }`, "! thing add: has name both as first value and by name\n"},
		{"nothing", `thing.add()`, "! thing add: needs to know which: thing.add{ ... }\n"},
		{"nil", `thing.add(nil)`, "! thing add: got nil where a name is wanted\n"},
		{"a boolean as key", `thing.del(true)`, "! thing del: wants a name, got true\n"},
		{"a list", two + `local l = thing.list() print(#l, l[1].name, l[2].size)`, "2 a 5\n"},
		{"a list returns a list", `local l = thing.add{ {"a"}, {"b"} } print(#l, l[2].name)`, "2 b\n"},
		{"an empty table does nothing", `print(#thing.add{}) thing.del{}`, "0\n"},
		{"an empty element", `thing.add{ {"a"}, {} }`, "! thing add: element 2: is an empty table\n"},
		{"a list of strings", `thing.del{ {"a"}, "b" }`, `! thing del: element 2 of the list is "b"; a list holds tables or objects only` + "\n"},
		{"a list with fields", `thing.del{ {"a"}, mtu=5 }`, "! thing del: element 1 is a table; a list of tables has no fields or values beside them\n"},
		{"a hole in a list", `thing.del{ {"a"}, nil, {"b"} }`, "! thing del: the table has a hole: element 2 is nil, element 3 is not\n"},
		{"a hole in a field", `thing.add{ "a", marks={ "x", nil, "y" } }`, "! thing add a: marks has a hole: element 2 is nil, element 3 is not\n"},
		{"a mistake in a list", `thing.add{ {"a"}, {"b", mut=5} }`,
			`! thing add b: element 2: unknown field "mut"; did you mean "mtu"?` + "\n"},
		{"a mistake in a list sends nothing", `pcall(thing.add, { {"a"}, {"b", mut=5} }) print(#thing.list())`, "0\n"},
		{"a generator", `local i = 0 print(thing.add(function() i = i + 1 if i < 4 then return { "t"..i } end end), #thing.list())`, "3 3\n"},
		{"a generator that returns a string", `thing.add(function() return "x" end)`,
			`! thing add: element 1: the function returned "x"; it returns a table, or nil at the end` + "\n"},
		{"a generator that raises", `print(pcall(thing.add, function() error("mine", 0) end))`, "false mine\n"},
		{"failures of a batch", two + `thing.add{ {"a"}, {"c"}, {"b"} }`,
			"! thing add a: file exists (EEXIST) (element 1; 2 of 3 failed)\n"},
		{"the others stay done", two + `pcall(thing.add, { {"a"}, {"c"}, {"b"} }) print(#thing.list())`, "3\n"},

		// Fields.
		{"unknown field", `thing.add{ "a", mut=1 }`, `! thing add a: unknown field "mut"; did you mean "mtu"?` + "\n"},
		{"unknown field of a kind", `thing.add{ "a", type="box", sise=1 }`, `! thing add a: unknown field "sise" for type box; did you mean "size"?` + "\n"},
		{"field of another kind", `thing.add{ "a", type="bag", size=1 }`, `! thing add a: unknown field "size" for type bag; it belongs to type box` + "\n"},
		{"unknown field inside", `thing.add{ "a", hop={ { via="1.1.1.1", weigth=1 } } }`, `! thing add a: unknown field "hop[1].weigth"; did you mean "weight"?` + "\n"},
		{"out of range", `thing.add{ "a", mtu=5 }`, "! thing add a: mtu wants a number from 68 to 9000, got 5\n"},
		{"not a whole number", `thing.add{ "a", mtu=100.5 }`, "! thing add a: mtu wants an integer, got 100.5\n"},
		{"a function as value", `thing.add{ "a", mtu=print }`, "! thing add a: mtu cannot be a function\n"},
		{"unknown word", `thing.add{ "a", type="box", color="pink" }`, `! thing add a: color wants a number or one of red, green, blue, got "pink"` + "\n"},
		{"read-only field", `thing.add{ "a", state="up" }`, "! thing add a: state is set by the kernel only\n"},
		{"keyword field", `print(thing.add{ "a", local_="10.0.0.1" }.local_)`, "10.0.0.1\n"},
		{"keyword field in brackets", `print(thing.add{ "a", ["local"]="10.0.0.1" }["local"])`, "10.0.0.1\n"},
		{"both spellings", `thing.add{ "a", local_="::1", ["local"]="::1" }`, `! thing add a: has both "local_" and "local", which are one field` + "\n"},
		{"synonym", `print(thing.add{ "a", src="10.0.0.1" }.local_)`, "10.0.0.1\n"},
		{"canonical address", `print(thing.add{ "a", src="2001:DB8:0::1" }.src)`, "2001:db8::1\n"},
		{"unit", `print(thing.add{ "a", age="3s" }.age)`, "300\n"},
		{"a table that holds itself", `local t = {} t.hop = t t[1] = "a" thing.add(t)`,
			"! thing add a: hop hop hop hop hop hop hop hop hop hop hop hop hop hop hop hop hop has tables nested more than 16 deep\n"},
		{"a single value is a list of one", `print(#thing.add{ "a", hop={ via="1.1.1.1" } }.hop)`, "1\n"},
		{"a hop by its key", `print(thing.add{ "a", hop={ "1.1.1.1", "1.1.1.2" } }.hop[2].via)`, "1.1.1.2\n"},

		// set, del, up.
		{"set", two + `print(thing.set{ "a", mtu=200 }.mtu)`, "200\n"},
		{"set renames", two + `local o = thing.set{ "a", name="z" } print(o.name, thing.find "a")`, "z nil\n"},
		{"set finds out the kind", two + `print(thing.set{ "b", size=7 }.size)`, "7\n"},
		{"set of a field of another kind", two + `thing.set{ "a", size=7 }`, `! thing set a: unknown field "size"; it belongs to type box` + "\n"},
		{"set of an absent one", `thing.set{ "a", mtu=100 }`, "! thing set a: no such device (ENODEV)\n"},
		{"up", two + `print(thing.up "a".up)`, "true\n"},
		{"up of a list", two + `thing.up{ {"a"}, {"b"} } print(#thing.list{ up=true })`, "2\n"},
		{"del returns nothing", two + `print(select("#", thing.del "a"), #thing.list())`, "0 1\n"},
		{"del of objects", two + `thing.del(thing.list()) print(#thing.list())`, "0\n"},
		{"del of an absent one", `thing.del "a"`, "! thing del a: no such device (ENODEV)\n"},

		// Reading.
		{"get", two + `print(thing.get("a").mtu)`, "100\n"},
		{"get of an absent one", `thing.get "x"`, "! thing get x: no such device (ENODEV)\n"},
		{"get without a key", `thing.get()`, "! thing get: needs to know which: thing.get(name)\n"},
		{"call with a key", two + `print(thing "a".mtu)`, "100\n"},
		{"call with nothing lists", two + `print(#thing())`, "2\n"},
		{"call with a table lists", two + `print(#thing{ type="box" })`, "1\n"},
		{"call with what is no key lists by dev", `thing.add("a", "dev0") print(#thing "dev0")`, "1\n"},
		{"find", two + `print(thing.find{ mtu=100 }.name, thing.find "zz")`, "a nil\n"},
		{"find of several", two + `thing.find{ state="up" }`, "! thing find: 2 match: a, b; list returns them all\n"},
		{"find without condition", `thing.find{}`, "! thing find: needs a condition\n"},
		{"filter by word and number", two + `print(#thing.list{ state="up" }, #thing.list{ state=1 }, #thing.list{ state=0 })`, "2 2 0\n"},
		{"filter by any of", two + `print(#thing.list{ name={ "a", "x" } }, #thing.list{ name={ "a", "b" } })`, "1 2\n"},
		{"filter by spelling", `thing.add{ "a", src="::1" } print(#thing.list{ src="0:0::0001" })`, "1\n"},
		{"filter by off or unset", two + `thing.up "a" print(#thing.list{ up=false }, #thing.list{ up=true })`, "1 1\n"},
		{"filter by a kind's field", two + `print(#thing.list{ size=5 }, #thing.list{ size=6 }, #thing.list{ size={ 5, 6 } })`, "1 0 1\n"},
		{"filter by an unknown field", `thing.list{ mut=5 }`, `! thing list: unknown field "mut"; did you mean "mtu"?` + "\n"},
		{"filter by element of a list", `thing.add{ "a", marks={ "x", "y" } } print(#thing.list{ marks="y" }, #thing.list{ marks="z" })`, "1 0\n"},
		{"each", two + `for o in thing.each() do print(o.name) end`, "a\nb\n"},
		{"each with changes inside", two + `for o in thing.each() do o:del() end print(#thing.list())`, "0\n"},
		{"flush", two + `print(thing.flush{ type="box" }, #thing.list())`, "1 1\n"},
		{"flush of none", `print(thing.flush{ mtu=100 })`, "0\n"},
		{"flush without a condition", `thing.flush()`, "! thing flush: needs a condition; to delete everything say all=true\n"},
		{"flush of an empty table", `thing.flush{}`, "! thing flush: needs a condition; to delete everything say all=true\n"},
		{"flush of all", two + `print(thing.flush{ all=true }, #thing.list())`, "2 0\n"},

		// The module.
		{"module prints", `print(thing)`, "module thing\n"},
		{"unknown function", `thing.lst()`, `! thing: no function "lst"; did you mean "list"?` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, newLab(t).run(t, tt.src)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, diff)
			}
		})
	}
}

func TestBatchIsOne(t *testing.T) {
	l := newLab(t)
	l.run(t, `thing.add{ {"a"}, {"b"}, {"c"} } thing.del(thing.list())`)
	if diff := cmp.Diff([]int{3, 3}, l.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestDryReadsNothing(t *testing.T) {
	l := newLab(t)
	l.dry = true
	if got := l.run(t, `print(thing.add{ "a", mtu=100 }.mtu)`); got != "100\n" {
		t.Errorf("got %q", got)
	}
	if l.w.asked != 0 {
		t.Errorf("the kernel was asked %d times", l.w.asked)
	}
}
