package lua

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"
)

// TestEverySourceIsCompiledHere holds that no way to make a function of text
// goes around the compile step: each must swap.
func TestEverySourceIsCompiledHere(t *testing.T) {
	dir := t.TempDir()
	swap := "local a, b = 1, 2 a, b = b, a "
	file := filepath.Join(dir, "f.lua")
	if err := os.WriteFile(file, []byte("#!/usr/bin/nlsh\n"+swap+"return a .. b"), 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"m/init.lua": {Data: []byte(swap + "return a .. b")}, "main.lua": {Data: []byte(swap + "print(a .. b, (require 'm'))")}}
	in, out := newInterp(t, Options{FS: fsys, Stdin: strings.NewReader(swap + "return a .. b")})
	in.L.SetGlobal("file", glua.LString(file))
	in.L.SetGlobal("swap", glua.LString(swap))
	err := in.Run(t.Context(), "t", swap+`print(a .. b)
print(loadstring(swap .. "return a .. b")())
local parts = {swap, "return a", " .. b"}
print(load(function() return table.remove(parts, 1) end)())
print(loadfile(file)())
print(dofile(file))
print(loadfile()())
print(require "m")
package.path = file:gsub("f.lua", "?.lua")
print(require "f")`)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.RunFile(t.Context(), "main.lua"); err != nil {
		t.Fatal(err)
	}
	values, err := in.Eval(t.Context(), swap+"return a .. b")
	if err != nil || values[0] != glua.LString("21") {
		t.Error(values, err)
	}
	if diff := cmp.Diff(strings.Repeat("21\n", 8)+"21\t21\n", out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestLoad(t *testing.T) {
	sameAsPUC(t, []program{
		{"names", `local function e(n) return select(2, pcall(loadstring("error('x')", n))) end print(e("=n"), e("@f.lua"), e("text"), e("two\nlines"), e(("x"):rep(100)), e("@" .. ("y"):rep(100)), e("=" .. ("z"):rep(100)))`},
		{"no name", `print(pcall(loadstring("error('x')")))`},
		{"arguments", `print(loadstring("return ...")(1, nil, 3))`},
		{"load gives nil", `print(pcall(load(function() return nil end)))`},
		{"load gives a number", `local n = 0 print(load(function() n = n + 1 if n == 1 then return "return " elseif n == 2 then return 5 end end)())`},
		{"load gives a table", `print(pcall(load, function() return {} end))`},
		{"load name", `print(pcall(load(function(...) if not done then done = true return "error('x')" end end)))`},
		{"environment", `local e = setfenv(function() return loadstring("x = 1 return getfenv()")() end, {loadstring = loadstring}) print(e() == _G, x)`},
		{"loadfile of nothing", `local f, e = loadfile("/nonexistent.lua") print(f, e)`},
	})
}

func TestRequire(t *testing.T) {
	dir := t.TempDir()
	write := func(name, src string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("main.lua", `
print(require("lib").name, require("lib") == require("lib"), package.loaded.lib.name)
print(require("plain"))
print(pcall(require, "missing"))
print(pcall(require, "broken"))
print(pcall(require, "loop"))
package.preload.pre = function(n) return "pre " .. n end
print(require("pre"))
table.insert(package.loaders, function(n) return n == "own" and function() return "own loader" end or "\n\tnot own" end)
print(require("own"))`)
	write("lib.lua", "#!shebang\nreturn { name = ... }")
	write("plain.lua", "x = 1")
	write("broken.lua", "\nx = = 1")
	write("loop.lua", "require 'loop'")
	in, out := newInterp(t, Options{Path: "./?.lua"})
	if err := in.RunFile(t.Context(), filepath.Join(dir, "main.lua")); err != nil {
		t.Fatal(err)
	}
	want := `lib	true	lib
true
false	module 'missing' not found:
	no field package.preload['missing']
	no file 'DIR/missing.lua'
	no file './missing.lua'
false	error loading module 'broken' from file 'DIR/broken.lua':
	DIR/broken.lua:2: syntax error near '='
false	DIR/loop.lua:1: loop or previous error loading module 'loop'
pre pre
own loader
`
	if diff := cmp.Diff(strings.ReplaceAll(want, "DIR", dir), out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestModulesBehindGlobals(t *testing.T) {
	fsys := fstest.MapFS{
		"lib.lua":   {Data: []byte("shared = 5\nfunction wire() return 'mine' end\nwire2 = 1\nreturn wire()")},
		"plain.lua": {Data: []byte("return wire")},
		"local.lua": {Data: []byte("local wire = 'local'\nwire = wire .. '!'\nreturn wire")},
	}
	var stderr bytes.Buffer
	in, out := newInterp(t, Options{FS: fsys, Stderr: &stderr})
	opened := 0
	in.AddModule("wire", func(*glua.LState) glua.LValue { opened++; return glua.LString("the module") })
	err := in.Run(t.Context(), "t", `
print(rawget(_G, "wire"), wire, wire, _G.wire)
print(pcall(function() wire = 1 end))
print(pcall(function() function wire() end end))
print(pcall(function() _G["wire"] = 1 end))
local wire2 = wire
print(require("lib"), wire, shared)
print(require("plain"), require("local"))
print(undefined)
newglobal = 7 print(newglobal)
do local wire = 5 print(wire) end`)
	if err != nil {
		t.Fatal(err)
	}
	refused := "cannot assign to 'wire': it is a module; a local variable may have that name\n"
	want := "nil\tthe module\tthe module\tthe module\n" +
		"false\tt:3: " + refused + "false\tt:4: " + refused + "false\tt:5: " + refused +
		"mine\tthe module\t5\nthe module\tlocal!\nnil\n7\n5\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	if got, want := stderr.String(), "lib.lua:2: warning: the global 'wire' hides the module of that name in this file\n"; got != want {
		t.Errorf("stderr %q, want %q", got, want)
	}
	if opened != 1 {
		t.Errorf("the module was opened %d times", opened)
	}
}
