package lua_test

import (
	"strings"
	"testing"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore/netns/nstest"
)

// TestExamples runs the example of every builtin as help shows it.
func TestExamples(t *testing.T) {
	features := map[string]*nstest.Feature{"esp": &nstest.ESP}
	one := func(name, example, needs string) {
		t.Run(name, func(t *testing.T) {
			switch needs {
			case "":
			case bindings.NeedsTest:
				runTests(t, example)
				return
			default:
				features[needs].Need(t)
			}
			if got := run(t, example+"\nprint 'done'"); !strings.HasSuffix(got, "done\n") {
				t.Errorf("%s\n%s", example, got)
			}
		})
	}
	var all func(path string, m *decl.Module)
	all = func(path string, m *decl.Module) {
		for _, f := range m.Funcs {
			one(path+"."+f.Name, f.Example, f.Needs)
		}
		for _, s := range m.Subs {
			all(path+"."+s.Name, s)
		}
	}
	for _, m := range bindings.Modules() {
		all(m.Name, m)
	}
	for _, f := range bindings.Globals() {
		one(f.Name, f.Example, f.Needs)
	}
}
