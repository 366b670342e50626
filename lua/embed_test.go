package lua

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// twice is a function as an embedding program declares it.
func twice() *decl.Func {
	return &decl.Func{
		Name: "twice", Doc: "A text two times.", Since: "0.1", Returns: "the text",
		Params: []decl.Param{{Name: "text", Kind: decl.String, Required: true, Pos: 1, Doc: "the text"}},
		Run: func(c *decl.Call) error {
			text, _ := c.Args["text"].(string)
			c.Return(glua.LString(text + text))
			return nil
		},
	}
}

func module(name string, funcs ...decl.Func) *decl.Module {
	return &decl.Module{Name: name, Doc: "Texts.", Since: "0.1", Funcs: funcs}
}

func TestOwnDeclarations(t *testing.T) {
	texts := module("texts", *twice())
	texts.Subs = []*decl.Module{module("deep", *twice())}
	in, out := newInterp(t, Options{Modules: []*decl.Module{texts}, Functions: []*decl.Func{twice()}})
	err := in.Run(t.Context(), "t", `
print(twice "a", texts.twice{ "b" }, texts.deep.twice{ text="c" }, nl.twice "d", nl.texts == texts)
print(pcall(twice, 5, 6))
print(pcall(twice, { "a", txt=1 }))
print(pcall(loadstring "texts = 1"))
print(pcall(function() return texts.once end))`)
	if err != nil {
		t.Fatal(err)
	}
	want := `aa	bb	cc	dd	true
false	twice: text wants a string, got 5
false	twice: unknown field "txt"; did you mean "text"?
false	[string "texts = 1"]:1: cannot assign to 'texts': it is a module; a local variable may have that name
false	t:6: texts: no function "once"
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error("-want +got:\n", d)
	}
	for _, topic := range []string{"texts", "texts.deep.twice", "twice"} {
		text, err := in.Catalog().Help(topic)
		if err != nil || !strings.Contains(text, "A text two times.") {
			t.Errorf("help %q: %q, %v", topic, text, err)
		}
	}
}

func TestDeclarationErrors(t *testing.T) {
	noDoc, noRun := twice(), twice()
	noDoc.Doc, noRun.Run = "", nil
	named := func(name string) *decl.Func {
		f := twice()
		f.Name = name
		return f
	}
	for _, c := range []struct {
		name    string
		modules []*decl.Module
		funcs   []*decl.Func
		want    string
	}{
		{"a module of nlsh", []*decl.Module{module("link")}, nil, "lua: module link: the name is taken"},
		{"a function of nlsh", nil, []*decl.Func{named("bigint")}, "lua: function bigint: the name is taken"},
		{"one that the interpreter makes", nil, []*decl.Func{named("try")}, "lua: function try: the name is taken"},
		{"Lua's own", []*decl.Module{module("string")}, nil, "lua: module string: the name is taken"},
		{"nl", []*decl.Module{module("nl")}, nil, "lua: module nl: the name is taken"},
		{"the same twice", []*decl.Module{module("a")}, []*decl.Func{named("a")}, "lua: function a: the name is taken"},
		{"twice in a module", []*decl.Module{module("a", *twice(), *twice())}, nil, "lua: function of module a twice: the name is taken"},
		{"no name", []*decl.Module{module("")}, nil, `lua: module "": not a name in Lua`},
		{"a keyword", nil, []*decl.Func{named("end")}, `lua: function "end": not a name in Lua`},
		{"a digit first", nil, []*decl.Func{named("2x")}, `lua: function "2x": not a name in Lua`},
		{"no text", []*decl.Module{{Name: "a"}}, nil, "lua: module a has no Doc"},
		{"no text of a function", []*decl.Module{module("a", *noDoc)}, nil, "lua: function a.twice has no Doc"},
		{"nothing to run", nil, []*decl.Func{noRun}, "lua: function twice has no Run"},
		{"a good one", []*decl.Module{module("a_2", *twice())}, []*decl.Func{twice()}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := New(Options{Modules: c.modules, Functions: c.funcs})
			got := ""
			if err != nil {
				got = err.Error()
			} else if err := in.Close(); err != nil {
				t.Error(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

func TestNoGlobals(t *testing.T) {
	in, out := newInterp(t, Options{NoGlobals: true, Functions: []*decl.Func{twice()}})
	err := in.Run(t.Context(), "t", `
print(link, json, try, defer, help, bigint, twice)
link = 5 try = 6
print(link, try, require "nlsh" == nl, nl.json.encode{ 1 }, nl.twice "x", nl.nothing)
print(nl.try(nl.json.decode, "[1]")[1], tostring(nl.help ~= nil))
nl.defer(function() print "deferred" end)
print(pcall(loadstring "nl = 1"))`)
	if err != nil {
		t.Fatal(err)
	}
	want := `nil	nil	nil	nil	nil	nil	nil
5	6	true	[1]	xx	nil
1	true
false	[string "nl = 1"]:1: cannot assign to 'nl': it is a module; a local variable may have that name
deferred
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error("-want +got:\n", d)
	}
	if d := cmp.Diff([]string{"nl"}, in.ModuleNames()); d != "" {
		t.Error("names, -want +got:\n", d)
	}
}

// TestProcessStreams holds that without Options nothing goes to the process's
// own output, also from programs that a script runs.
func TestProcessStreams(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out, errs := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	in, newErr := New(Options{})
	if newErr == nil {
		err = in.Run(t.Context(), "t", `
print "a" io.write "b" io.stdout:write "c" io.stderr:write "d" os.execute "echo e; echo f >&2"
local p = io.popen("cat", "w") p:write "g" p:close()
help "json" print(json)
pcall(error, "h") dofile "/dev/null"`)
		if closeErr := in.Close(); closeErr != nil {
			t.Error(closeErr)
		}
	}
	os.Stdout, os.Stderr = out, errs
	if newErr != nil || err != nil {
		t.Error(newErr, err)
	}
	w.Close()
	text, err := io.ReadAll(r)
	if len(text) > 0 || err != nil {
		t.Errorf("written: %q, %v", text, err)
	}
}

// TestStartFileDefersLater holds that what a file defers runs at the end of the
// interpreter and not of the file.
func TestStartFileDefersLater(t *testing.T) {
	path := t.TempDir() + "/f.lua"
	if err := os.WriteFile(path, []byte("local a = ...\ndefer(function() print('deferred', a, arg[1]) end)\nprint 'started'"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, out := newInterp(t, Options{})
	if err := in.StartFile(t.Context(), path, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Eval(t.Context(), "print 'used'"); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("started\nused\ndeferred\tx\tx\n", out.String()); d != "" {
		t.Error("-want +got:\n", d)
	}
}
