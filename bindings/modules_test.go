package bindings_test

import (
	"slices"
	"strings"
	"testing"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
)

// TestDeclarations holds that every builtin has doc, since, example and
// parameters, and that the list is sorted.
func TestDeclarations(t *testing.T) {
	l := bindings.Modules()
	for _, m := range l {
		if err := m.Check(); err != nil {
			t.Error(err)
		}
	}
	if !slices.IsSortedFunc(l, func(a, b *decl.Module) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("modules are not sorted by name")
	}
	for i, d := range bindings.ModuleDecls() {
		if d.Name != l[i].Name {
			t.Errorf("module %s is listed as %s", l[i].Name, d.Name)
		}
	}
}

// TestParameters holds that verbs have the rows' fields as parameters.
func TestParameters(t *testing.T) {
	m := bindings.Modules()[slices.IndexFunc(bindings.Modules(), func(m *decl.Module) bool { return m.Name == "link" })]
	names := func(verb, kind string) []string {
		var l []string
		for _, p := range m.Func(verb).Parameters(m, &attr.Env{}, kind) {
			l = append(l, p.Name)
		}
		return l
	}
	tests := []struct {
		verb, kind, name string
		want             bool
	}{
		{"add", "", "mtu", true},
		{"add", "", "ageing_time", false},
		{"add", "bridge", "ageing_time", true},
		{"add", "", "min_mtu", false},
		{"add", "", "altnames", true},
		{"add", "", "slave_type", false},
		{"list", "", "min_mtu", true},
		{"list", "", "netns", false},
		{"add", "", "netns", true},
	}
	for _, tt := range tests {
		if got := slices.Contains(names(tt.verb, tt.kind), tt.name); got != tt.want {
			t.Errorf("%s of type %q has %s: %v", tt.verb, tt.kind, tt.name, got)
		}
	}
}

// TestExamples runs each example in a fresh namespace.
func TestExamples(t *testing.T) {
	var all func(path string, m *decl.Module)
	all = func(path string, m *decl.Module) {
		for _, f := range m.Funcs {
			if f.Needs == bindings.NeedsTest {
				continue // tests/lua runs it
			}
			t.Run(path+"."+f.Name, func(t *testing.T) {
				needed(t, f.Needs)
				if got := newWorld(t).run(f.Example + "\nprint 'done'"); !strings.HasSuffix(got, "done\n") {
					t.Errorf("%s\n%s", f.Example, got)
				}
			})
		}
		for _, s := range m.Subs {
			all(path+"."+s.Name, s)
		}
	}
	for _, m := range bindings.Modules() {
		all(m.Name, m)
	}
}
