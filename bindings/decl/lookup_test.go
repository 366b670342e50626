package decl

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"
)

func TestFuncOf(t *testing.T) {
	l := newLab(t)
	tests := []struct{ name, expr, want string }{
		{"of a module", "thing.add", "thing.add"},
		{"of no module", "bigint", "bigint.bigint"},
		{"of Lua", "print", ""},
		{"of the script", "function() end", ""},
		{"a method", `thing.add("a").set`, ""},
		{"no function", "5", ""},
		{"a module", "thing", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if err := l.L.DoString("x = " + tc.expr); err != nil {
				t.Fatal(err)
			}
			got := ""
			if _, f, path, ok := FuncOf(l.L.GetGlobal("x")); ok {
				got = path + "." + f.Name
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestFuncOfIsHidden: a script does not reach the declaration.
func TestFuncOfIsHidden(t *testing.T) {
	l := newLab(t)
	want := "nil \nnil nil\n"
	got := l.run(t, `print(debug.setupvalue(thing.add, 1, "x"), "") print(debug.getupvalue(thing.add, 1), getmetatable(thing.add))`)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, _, _, ok := FuncOf(l.L.GetField(l.L.GetGlobal("thing"), "add")); !ok {
		t.Error("setupvalue took the declaration away")
	}
}

// TestMethodsAreListed: help and completion know the methods that there are.
func TestMethodsAreListed(t *testing.T) {
	l := newLab(t)
	var have []string
	for name := range objectMethods() {
		have = append(have, name)
	}
	var list []string
	listMetatable(l.L).RawGetString("__index").(*glua.LTable).ForEach(func(k, _ glua.LValue) { list = append(list, k.String()) })
	slices.Sort(have)
	slices.Sort(list)
	names := func(l []Method) (out []string) {
		for _, m := range l {
			out = append(out, m.Name)
		}
		return out
	}
	if d := cmp.Diff([][]string{have, list}, [][]string{names(ObjectMethods()), names(ListMethods())}); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFieldList(t *testing.T) {
	w := &world{}
	m := w.module()
	list := func(kind string, show func(*FieldInfo) bool) (out []string) {
		l := m.FieldList(nil, kind)
		for i := range l {
			if show(&l[i]) {
				out = append(out, l[i].Name)
			}
		}
		return out
	}
	takes := func(name string) func(*FieldInfo) bool { return m.Func(name).Takes }
	writable := []string{"name", "dev", "mtu", "up", "local_", "age", "hop", "marks", "type"}
	tests := []struct {
		name      string
		want, got []string
	}{
		{"own", []string{"size", "color"}, list("box", func(x *FieldInfo) bool { return x.Own })},
		{"own of all kinds", nil, list("", func(x *FieldInfo) bool { return x.Own })},
		{"add takes", writable, list("", takes("add"))},
		{"del takes", writable, list("", takes("del"))},
		{"list takes", append([]string{"name", "index", "dev", "mtu", "up", "local_", "count", "state", "age", "hop", "marks"}, "type"), list("", takes("list"))},
		{"read only", []string{"index", "count", "state"}, list("", func(x *FieldInfo) bool { return !x.Writable })},
		{"kind", []string{"type"}, []string{m.KindKey(nil)}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			slices.Sort(tc.want)
			slices.Sort(tc.got)
			if d := cmp.Diff(tc.want, tc.got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
