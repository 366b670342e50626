package lua

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestAssignmentOrder(t *testing.T) {
	sameAsPUC(t, []program{
		{"swap of locals", `local a, b = 1, 2; a, b = b, a; print(a, b)`},
		{"swap of parameters", `print((function(a, b) a, b = b, a; return a .. b end)(1, 2))`},
		{"swap of upvalues", `local a, b = 1, 2; (function() a, b = b, a end)(); print(a, b)`},
		{"swap of globals", `a, b = 1, 2; a, b = b, a; print(a, b)`},
		{"rotation of three", `local a, b, c = 1, 2, 3; a, b, c = c, a, b; print(a, b, c)`},
		{"rotation, mixed", `local a, t = 1, {x=2}; g = 3; a, t.x, g = g, a, t.x; print(a, t.x, g)`},
		{"swap in a table", `local t, i, j = {1, 2}, 1, 2; t[i], t[j] = t[j], t[i]; print(t[1], t[2])`},
		{"index before store", `local i, t = 1, {}; i, t[i] = i + 1, 20; print(i, t[1], t[2])`},
		{"table stored first", `local t = {}; local u = t; t[1], t = 5, 6; print(u[1], t)`},
		{"table stored last", `local t = {}; local u = t; t, t[1] = 5, 6; print(u[1], t)`},
		{"table twice", `local t = {}; local u = t; t.a, t, t.b = 1, 2, 3; print(u.a, u.b, t)`},
		{"last wins", `local a; a, a = 1, 2; print(a)`},
		{"last wins, global", `g, g = 1, 2; print(g)`},
		{"too few values", `local a, b, c = 9, 9, 9; a, b, c = b; print(a, b, c)`},
		{"too many values", `local a, b = 1, 2; a, b = b, a, print("extra"); print(a, b)`},
		{"one variable, two values", `local a = 1; a = a + 1, print("extra"); print(a)`},
		{"call at the end", `local a, b, c = 1, 2, 3; a, b, c = c, (function() return a, b end)(); print(a, b, c)`},
		{"call in the middle", `local a, b = 1, 2; local function f() return a, b end; a, b = f(), a; print(a, b)`},
		{"call in parentheses", `local a, b = 1, 2; a, b = (function() return 8, 9 end)(); print(a, b); a, b = ((function() return 8, 9 end)()); print(a, b)`},
		{"varargs", `(function(...) local a, b, c = 0, 0, 0; a, b, c = 7, ...; print(a, b, c); a, b = (...); print(a, b) end)(1, 2, 3)`},
		{"value read after a call", `local a, t = 1, {}; t.x, t.y = a, (function() a = 5 return 2 end)(); print(t.x, t.y)`},
		{"failure stores nothing", `local a, b = 1, 2; print(pcall(function() a, b = 5, nil + 1 end)); print(a, b)`},
		{"failure stores nothing, same function", `local f = (function() local a = 1; local g = function() return a end; pcall(function() end); return function() a, b = 2, error("x", 0) end, g end); local h, g = f(); print(pcall(h)); print(g())`},
		{"parentheses to the last parameter", `print((function(a) local b, c = 7, 8; a = (tostring(b)); return a .. b .. c end)(1))`},
		{"parentheses reading the parameter", `local g = function(x) x = x + 1 return x end; print((function(a) a = (g(a)); return a end)(4))`},
		{"concat to the last parameter", `print((function(s) local k = "k"; s = s .. "x" .. k; return s .. k end)("s"))`},
		{"first of varargs", `print((function(...) local a, b, c = 1, 2, 3; a = (...); return a, b, c end)(7, 8))`},
		{"first of varargs, or", `print((function(...) local a, b, c = nil, 2, 3; a = a or (...); return a, b, c end)(7, 8))`},
		{"metamethod order", `local log = {}; local t = setmetatable({}, {__newindex = function(_, k, v) log[#log+1] = k .. "=" .. v end}); t.a, t.b, t.c = 1, 2, 3; print(table.concat(log, " "))`},
		{"evaluation order", `local function v(x) print(x) return x end; local t = {}; t[v(1)], t[v(2)] = v(3), v(4); print(t[1], t[2])`},
		{"local to a field, a call to a global", `local a, t = 1, {}; g, t.x = tostring(2), a; print(g, t.x)`},
		{"local to a field, an upvalue", `local u, a, t = 0, 1, {}; (function(b) u, t.x = a and b, b end)(5); print(u, t.x)`},
		{"fibonacci", `local a, b = 0, 1; for _ = 1, 20 do a, b = b, a + b end; print(a)`},
		{"gcd", `local a, b = 48, 36; while b ~= 0 do a, b = b, a % b end; print(a)`},
		{"in a loop with closures", `local fs = {}; for i = 1, 2 do local a, b = i, -i; a, b = b, a; fs[i] = function() a, b = b, a; return a end end; print(fs[1](), fs[1](), fs[2]())`},
		{"goto around", `local n, a, b = 0, 1, 2; while n < 3 do n = n + 1; if n == 2 then a, b = b, a end end; print(a, b)`},
		{"line of an error", "local a, b = 1, 2\na,\nb = b,\n  a + nil\n"},
	})
}

func TestConcat(t *testing.T) {
	sameAsPUC(t, []program{
		{"text and numbers", `print("a" .. 1 .. 2.5 .. "b" .. -0 .. 1e100)`},
		{"of two", `local a = "x"; a = a .. "y"; print(a, #(a .. a))`},
		{"right associative", `local log = {}; local mt = {__concat = function(a, b) log[#log+1] = tostring(type(a)) .. type(b); return "r" end}; local o = setmetatable({}, mt); print("a" .. o .. "b" .. "c"); print(table.concat(log, " "))`},
		{"metamethod left", `local o = setmetatable({}, {__concat = function(a, b) return "m" end}); print(o .. "x", "x" .. o, o .. o, 1 .. o, (o .. 1) .. 2)`},
		{"metamethod gives a table", `local o; o = setmetatable({}, {__concat = function(a, b) return o end}); print(("a" .. o .. "b") == o)`},
		{"parentheses", `local o = setmetatable({}, {__concat = function(a, b) return "<" .. tostring(type(a)) .. tostring(type(b)) .. ">" end}); print(("a" .. "b") .. o, "a" .. ("b" .. o))`},
		{"one value of a call", `local function f() return "a", "b" end; print(f() .. f(), (f() .. "x"))`},
		{"varargs", `print((function(...) return ... .. "x" end)("a", "b"))`},
		{"in arguments", `print("a" .. "b", ("c" .. "d"):upper(), #("e" .. "f"))`},
		{"returned, not a tail call", `local function f(a) return a .. "x" end; print(f("1"), (f("2")))`},
		{"string library gone", `local s = string.format; string.concat = nil; string = nil; print("a" .. 1)`},
		{"setfenv", `local f = setfenv(function(a) return a .. "x" end, {}); print(f("y"))`},
		{"nil local", `local x; print(pcall(function() local y; return "a" .. y end)); print("a" .. x)`},
		{"nil global", `print("a" .. undefined .. "b")`},
		{"nil field", `local t = {}; print(t.name .. "b")`},
		{"nil upvalue", `local u; (function() return u .. "b" end)()`},
		{"boolean", `print("a" .. true)`},
		{"table and nil", `local t = {}; print(t .. nil)`},
		{"line", "print('a' ..\n 'b' ..\n {})"},
	})
}

func TestLongConcat(t *testing.T) {
	var chain strings.Builder
	chain.WriteString(`local a, o = "x", setmetatable({}, {__concat = function(l, r) return (type(l) == "string" and l or "O") .. (type(r) == "string" and r or "O") end}) print(#(a`)
	for range 3000 {
		chain.WriteString(" .. a")
	}
	chain.WriteString("), (a")
	for range 100 {
		chain.WriteString(" .. a .. o")
	}
	chain.WriteString("))")
	if got, want := output(t, chain.String()), "3001\tx"+strings.Repeat("xO", 100)+"\n"; got != want {
		t.Errorf("got %q", got)
	}
	bad := `local n; return "a"` + strings.Repeat(` .. "b"`, 60) + ` .. n`
	if got, want := output(t, bad), "error\tt:1: attempt to concatenate a nil value\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConcatLimit(t *testing.T) {
	in, _ := newInterp(t, Options{StringBytes: 1000})
	err := in.Run(t.Context(), "t", `local s = "x" while true do s = s .. s end`)
	if want := "t:1: string too long: .. would make 1024 bytes, the limit is 1000"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestManyLocals holds the limit of 200 locals: a swap among 199 needs but
// one register more.
func TestManyLocals(t *testing.T) {
	program := func(n int, end string) string {
		var b strings.Builder
		b.WriteString("local function f()\n")
		for i := range n {
			fmt.Fprintf(&b, "local a%d = %d\n", i, i)
		}
		return b.String() + end + "\nend\nf()\nprint(X, Y)"
	}
	swap := "a0, a1 = a1, a0\nX = a0\nY = a1"
	for _, tt := range []struct {
		name string
		n    int
		end  string
		want string
	}{
		{"swap in 199", 199, swap, "1\t0\n"},
		{"rotation in 198", 198, "a0, a1, a2 = a1, a2, a0\nX = a0\nY = a2", "1\t0\n"},
		{"concat in 197", 197, "X = a0 .. a1\nY = a2", "01\t2\n"},
		{"201", 201, "", "error\tt:1: too many local variables\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := output(t, program(tt.n, tt.end)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestRandomAssignments compares random assignments with lua5.1.
func TestRandomAssignments(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var programs []program
	for i := range 400 {
		programs = append(programs, program{fmt.Sprint(i), randomAssignments(rnd)})
	}
	sameAsPUC(t, programs)
}

// randomAssignments makes a program of assignments among a parameter, locals,
// upvalues, globals and fields. A call changes no key of a target: when a
// local key is read, before or after the values, no manual says.
func randomAssignments(rnd *rand.Rand) string {
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	targets := []string{"p", "q", "a", "b", "u", "v", "g", "h", "t.x", "t[a]", "t[i]", "w.t.y", "t"}
	values := append([]string{"1", "nil", "f()", "f(a, b)", "(f(b, a))", "...", "(...)", "a + 1", "n(u)", "set(7)",
		"a and b", "b or p", "not a", "n(a) .. n(b)", "function() return a end", "(function() return a end)()"}, targets...)
	var b strings.Builder
	b.WriteString(`local u, v = 100, 200
local function n(x) return type(x) == "number" and x or 0 end
local function f(...) return ..., 55 end
local w = {t = {y = 9}}
g, h = "g", "h"
local function run(q, p, ...)
  local a, b, i, t = 1, 2, 3, {x = 10, 11, 12, 13}
  local keep = t
  local function set(x) b, u = x, x + 1 return b end
  local function probe() return a, b end
`)
	for range 1 + rnd.IntN(3) {
		var left, right []string
		for range 1 + rnd.IntN(4) {
			left = append(left, pick(targets))
		}
		for range 1 + rnd.IntN(4) {
			right = append(right, pick(values))
		}
		fmt.Fprintf(&b, "  %s = %s\n", strings.Join(left, ", "), strings.Join(right, ", "))
		b.WriteString("  if type(a) ~= 'number' then a = 1 end if type(t) ~= 'table' then t = keep end\n")
	}
	b.WriteString(`  local function s(x) local k = type(x) if k == "table" or k == "function" then return k end return tostring(x) end
  print(s(p), s(q), s(a), s(b), s(i), s(t), s(u), s(v), s(g), s(h), s(keep.x), s(keep[1]), s(keep[2]), s(keep[3]), s(keep[7]), s(w.t.y), s((probe())))
end
print(pcall(run, 31, 32, 33, 34))
`)
	return b.String()
}
