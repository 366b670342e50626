package lua

import (
	"fmt"
	"reflect"
	"testing"

	glua "github.com/yuin/gopher-lua"
)

// TestFramesOfGopherLua holds the fields that frames.go reads by name.
func TestFramesOfGopherLua(t *testing.T) {
	f := fieldsOfFrames()
	for name, i := range map[string]int{
		"Debug.frame": f.debugFrame, "callFrame.Parent": f.parent, "callFrame.Pc": f.pc, "callFrame.TailCall": f.tail,
		"callFrame.Idx": f.index, "callFrame.Fn": f.fn, "LFunction.IsG": f.isGo,
	} {
		if i < 0 {
			t.Errorf("gopher-lua has no field %s any more", name)
		}
	}
	call := reflect.TypeFor[glua.Debug]().Field(f.debugFrame).Type.Elem()
	if k := call.Field(f.pc).Type.Kind(); k != reflect.Int {
		t.Errorf("callFrame.Pc is of kind %v", k)
	}
}

// TestErrorTexts compares the texts and positions of errors, and the names of
// variables in them, with lua5.1.
func TestErrorTexts(t *testing.T) {
	var programs []program
	for i, body := range []string{
		`foo()`, `foo.x = 1`, `return foo.x`, `local x; x()`, `local x; x.y = 1`, `local x; return x.y.z`,
		`t.y.z = 1`, `t.y()`, `t:nope()`, `t.a.b.c()`, `return t.a.b.c`, `return t + 1`, `return 1 + t.q`,
		`local a = 'x'; return a * 2`, `local a = 'x'; return 2 * a`, `return -t`, `local q = {}; return -q`,
		`return #nil`, `return #foo`, `local n = 5; return #n`, `return t < t`, `return t < 1`, `return 1 < 'x'`,
		`return 1 <= t`, `return t > 'x'`, `return nil >= nil`, `return {} .. 'x'`, `local s; return 'a' .. s`,
		`local s = 'x'; return 'a' .. s .. t`, `local s = 'x'; return 'a' .. foo .. s`, `return 'a' .. t.zz .. 'b'`,
		`for i = 1, 'x' do end`, `for i = t, 2 do end`, `for i = 1, 2, t do end`, `for k in 5 do end`,
		`error('one')`, `error('two', 2)`, `error('zero', 0)`, `error()`, `error(nil)`, `error(12)`, `error(12, 0)`,
		`local b; do local a = 1 end b.x = 1`, `do local a = 1 end local b; b.x = 1`,
		"for i = 1, 2 do local q = i end local z; z()", `local a, b = 1; do local c = 2; local d; d.x = 1 end`,
		`if t then local m; m.x = 1 else local n; n.x = 1 end`, `if not t then local m; m.x = 1 else local n; n.x = 1 end`,
		`while true do local w; w() end`, `repeat local r; r.x = 1 until false`, `for k, v in pairs({1}) do v.x.y = 1 end`,
		`local function f(a, ...) local arg = 1; return a.x end f()`, `local function f(...) local z = ...; return z.x end f()`,
		`local mt = setmetatable({}, {__index = function(_, k) return k.x.y end}); return mt.foo`,
		`local mt = setmetatable({}, {__call = 5}); mt()`, `local mt = setmetatable({}, {__index = 5}); return mt.x`,
		`local mt = setmetatable({}, {__newindex = true}); mt.x = 1`, `t.x, t.y.z = 1, 2`, `local a, b = 1; a, b.x = 2, 3`,
		`local a; a, foo.x = 1, 2`, `return (t.x or foo)()`, `return (foo and foo.x).y`, `string.nope()`, `('x'):nope()`,
		`local f = function() return g.h end; return f()`, `return math.floor(t)`, `return t.f.g(1, 2, 3)`,
		"foo(\n1,\n2)", "local x = {\n 1,\n y = t.z.a,\n}",
		`local t = setmetatable({}, {__add = function(a, b) error('in add') end}); return t + 1`,
		`setmetatable(t, {__index = function() error('in index', 2) end}); return t.x`,
		`local function a() error('lvl2', 2) end; local function b() a() end; b()`,
		`local function a() error('lvl3', 3) end; local function b() a() end; b()`,
		`assert(false, 'text')`, `assert(nil)`,
	} {
		programs = append(programs, program{fmt.Sprint(i), "local t = {}\nlocal ok, e = pcall(function() " + body + " end)\nprint(ok, type(e) == 'table' and 'table' or e)"})
	}
	for i, src := range []string{
		`print(pcall(nil)) print(pcall(5)) print(pcall({}))`, `print(pcall(error)) print(pcall(error, 'x')) print(pcall(error, 'x', 0))`,
		`print(pcall(pcall, error, 'e'))`, `print(select('#', pcall(function() end)), select('#', pcall(error)))`,
		`print(xpcall(function() local x; x.y = 1 end, function(e) return 'H:' .. e end))`,
		`print(xpcall(function() return 1, nil, 3 end, print))`, `print(xpcall(function() error({}) end, type))`,
		"coroutine.wrap(function() print(xpcall(function()\n local function f() error('deep') end\n f()\nend, debug.traceback)) end)()",
		"local function f(n) if n == 0 then print(debug.traceback('here')) return end f(n - 1) end coroutine.wrap(f)(3)",
		"local function f(n) if n == 0 then print((debug.traceback('deep'))) return 0 end return (f(n - 1)) end coroutine.wrap(f)(40)",
		"local function g() print(debug.traceback('tail', 1)) end local function f() return g() end coroutine.wrap(function() f() end)()",
		"local co = coroutine.create(function() local x = 1\n coroutine.yield(x) end) coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, 'm'))",
		"print(pcall(function() local i = debug.getinfo(1) print(i.currentline, i.what, i.short_src, i.namewhat, i.linedefined, i.lastlinedefined, i.nups) end))",
		"local function f() local i = debug.getinfo(1, 'n') print(i.name, i.namewhat) i = debug.getinfo(2, 'Sl') print(i.what, i.currentline) end f() t = {m = f} t.m() t:m()",
		"print(debug.getinfo(pcall).what, debug.getinfo(pcall).short_src, debug.getinfo(50), debug.getinfo(1, 'l').currentline)",
		"local function f(a, b) local c = 3 print(debug.getlocal(1, 1)) print(debug.getlocal(1, 3)) print(debug.getlocal(1, 9)) end f(1, 2)",
		"local a, b = 1, 2; local function g() print(debug.getlocal(2, 1)) return 3 end; a, b = g(), a; print(a, b)",
	} {
		programs = append(programs, program{fmt.Sprint("whole ", i), src})
	}
	sameAsPUC(t, programs)
}

func TestStackOverflow(t *testing.T) {
	in, out := newInterp(t, Options{Depth: 1000})
	err := in.Run(t.Context(), "t", `
		local function rec() return 1 + rec() end
		print(pcall(rec))
		local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end
		print(pcall(function() return t.x end))
		print(xpcall(rec, function(e) return "handled " .. e end))
		local function rep() return pcall(rep) end
		print(rep())
		local function co() return coroutine.wrap(co)() end
		print(select(2, pcall(co)))
		print(coroutine.resume(coroutine.create(rec)))
		print(select(2, pcall(string.rep, "x", -1)))`)
	if err != nil {
		t.Fatal(err)
	}
	deep := "C stack overflow (pcall, coroutines and callbacks nested deeper than 190)"
	want := []string{
		"false\tt:2: stack overflow",
		"false\tt:4: stack overflow",
		"false\thandled t:2: stack overflow",
	}
	got := lines(out.String())
	for i, w := range want {
		if got[i] != w {
			t.Errorf("line %d is %q, want %q", i+1, got[i], w)
		}
	}
	if n := len("true\t"); len(got[3]) < 189*n || got[3][len(got[3])-len(deep):] != deep {
		t.Errorf("endless pcall gave %q", got[3])
	}
	if got[4] != "t:9: "+deep {
		t.Errorf("endless coroutines gave %q", got[4])
	}
	if got[5] != "false\tstack overflow" {
		t.Errorf("overflow in a coroutine gave %q", got[5])
	}
}

// TestVariablesAfterErrors holds what gopher-lua's own pcall breaks: the
// variables of the running functions and of closures of the failed one.
func TestVariablesAfterErrors(t *testing.T) {
	sameAsPUC(t, []program{
		{"outer variable", `local x = 1 local function get() return x end pcall(error, "a") x = 2 print(get(), x)`},
		{"closure of the failed function", `local g pcall(function() local y = 5 g = function() y = y + 1 return y end error("x") end) print(g()) local a, b, c = 1, 2, 3 print(g(), a, b, c)`},
		{"xpcall", `local x = 1 local function get() return x end local g xpcall(function() local y = x g = function() y = y + 1 return y end error("x") end, function(e) x = 7 return e end) print(get(), x, g(), g())`},
		{"nested", `local n, fs = 0, {} local function f(d) local v = d fs[d] = function() v = v + 10 return v end if d == 3 then error("x") end local ok = pcall(f, d + 1) n = n + 1 v = v + 1 end pcall(f, 1) print(n, fs[1](), fs[2](), fs[3]())`},
		{"in a coroutine", `local x, g = 1 local co = coroutine.create(function() local y = 1 g = function() y = y + 1 return y + x end pcall(error) y = 5 coroutine.yield(g()) error("e") end) print(coroutine.resume(co)) x = 100 print(coroutine.resume(co)) print(g())`},
		{"loops", `local fs = {} for i = 1, 3 do local j = i pcall(function() fs[i] = function() j = j + 1 return j end error("x") end) j = j * 10 end print(fs[1](), fs[2](), fs[3](), fs[1]())`},
		{"many results", `print(select("#", pcall(unpack, {}, 1, 200)))`},
		{"results in the middle", `local function f(...) return select("#", ...), ... end print(f(1, pcall(function() return 2, 3 end)))`},
	})
}
