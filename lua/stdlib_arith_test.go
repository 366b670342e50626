package lua

import "testing"

func TestStringArithmetic(t *testing.T) {
	sameAsPUC(t, []program{
		{"read as Lua reads", `print("010" + 1, "0x10" + 1, " 5 " * "2", "1e1" - 1, "5" / 2, "7" % "4", "2" ^ "10", -"010", -" 0x1f ")`},
		{"all operators", `for _, s in ipairs{"10", "-3", "0.5", "1e2"} do print(s + 3, s - 3, s * 3, s / 3, s % 3, s ^ 2, 3 + s, 3 - s, 3 * s, 3 / s, 3 % s, 2 ^ s, -s) end`},
		{"remainders", `for _, a in ipairs{"7", "-7", "0", "7.5"} do for _, b in ipairs{"2", "-2", "3.5", "-0.25"} do print(a % b, a % tonumber(b), tonumber(a) % tonumber(b)) end end`},
		{"underscore", `print(pcall(function() return "1_0" + 0 end))`},
		{"binary", `print(pcall(function() return "0b1" + 0 end))`},
		{"octal", `print(pcall(function() return 0 + "0o17" end))`},
		{"no number", `local x = "abc" return x + 1`},
		{"no number, right", `local t = {x = "abc"} return 1 + t.x`},
		{"no number, constant", `return "abc" * 2`},
		{"both strings", `local a, b = "1", "b" return a - b`},
		{"both no numbers", `local a, b = "a", "b" return a - b`},
		{"nil", `local a = "1" return a / nowhere`},
		{"nil, left", `return nowhere / "1"`},
		{"table", `local t = {} return "5" % t`},
		{"minus of a word", `local w = "word" return -w`},
		{"upvalue", `local u = "u" local function f() return u ^ 2 end f()`},
		{"line", "local a = 1\nlocal b = a +\n 'x'\n"},
		{"metamethod of the other", `local t = setmetatable({}, {__add = function(a, b) return type(a) .. type(b) end}) print("5" + t, t + "5", "x" + t, t + "x")`},
		{"unlike metamethods", `local t = setmetatable({}, {__add = function() return 1 end}) return "5" * t`},
		{"metamethod gives nothing", `local t = setmetatable({}, {__sub = function() end}) print("5" - t)`},
		{"strings index as before", `print(("x").rep == string.rep, ("x").nothing, ("x"):upper())`},
	})
}

func TestLargestArray(t *testing.T) {
	src := `local t = {}
t[100000] = 1
t[2^24 + 1] = 2
t[67108862] = 3
print(t[100000], t[2^24 + 1], t[67108862], #t)
local n = 0 for k, v in pairs(t) do n = n + v end print(n)`
	if got, want := output(t, src), "1\t2\t3\t100000\n6\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
