package bindings_test

import (
	"slices"
	"strings"
	"testing"

	"nlsh/bindings"
	"nlsh/bindings/decl"
)

func TestInspect(t *testing.T) {
	runScripts(t, []script{
		{"scalars", `print(inspect(nil), inspect(1.5), inspect "a\nb", inspect(true), inspect())`, "nil 1.5 \"a\\nb\" true nil\n"},
		{"keys are sorted", `print(inspect{ b=1, a={ 3, 2 } })`, "{\n  a = {\n    3,\n    2\n  },\n  b = 1\n}\n"},
		{"depth", `print(inspect({ a={ b={ c=1 } } }, { depth=2 }))`, "{\n  a = {\n    b = {...}\n  }\n}\n"},
		{"itself", `local t = {} t.me = t print(inspect(t))`, "{\n  me = <itself>\n}\n"},
		{"a bigint", `print(inspect(bigint "18446744073709551615"))`, "18446744073709551615\n"},
		{"a namespace", `print(inspect(netns.add "h1"))`, "{\n  name = \"h1\",\n  path = \"/run/netns/h1\"\n}\n"},
		{"a wrong depth", `inspect({}, { depth=0 })`, "! inspect: depth wants a whole number from 1 to 1000, got 0\n"},
	})
}

func TestBigint(t *testing.T) {
	runScripts(t, []script{
		{"from digits", `print(bigint "18446744073709551615" + 1, bigint "0x10", bigint(2) * bigint(3))`, "18446744073709551616 16 6\n"},
		{"from a fraction", `bigint(1.5)`, "! bigint: wants a whole number, got 1.5\n"},
		{"from a word", `bigint "many"`, "! bigint: wants digits, got \"many\"\n"},
		{"from nothing", `bigint()`, "! bigint: wants a whole number, got a nil\n"},
	})
}

// TestGlobals holds that the functions that are in no module are declared as
// completely as the others, and sorted.
func TestGlobals(t *testing.T) {
	l := bindings.Globals()
	if !slices.IsSortedFunc(l, func(a, b *decl.Func) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted by name")
	}
	for _, f := range l {
		m := decl.Module{Name: f.Name, Doc: "d", Since: f.Since, Funcs: []decl.Func{*f}}
		if f.Run == nil { // the interpreter's own
			m.Funcs[0].Run = func(*decl.Call) error { return nil }
		}
		if err := m.Check(); err != nil {
			t.Error(err)
		}
		if f.Run == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			if got := newWorld(t).run(f.Example + "\nprint 'done'"); !strings.HasSuffix(got, "done\n") {
				t.Errorf("%s\n%s", f.Example, got)
			}
		})
	}
}
