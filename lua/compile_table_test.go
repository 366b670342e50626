package lua

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestGenericFor(t *testing.T) {
	const each = `local function each(t, i) i = i + 1 if t[i] ~= nil then return i, t[i] end end
local function three(t) return each, t, 0 end
local function two(t) return t, 0 end
`
	sameAsPUC(t, []program{
		{"next and a table", `for k, v in next, {1, 2} do print(k, v) end`},
		{"one variable", `for k in next, {1, 2, 3} do print(k) end`},
		{"three variables", `for a, b, c in next, {1, 2} do print(a, b, c) end`},
		{"four variables", each + `for a, b, c, d in each, {7, 8}, 0 do print(a, b, c, d) end`},
		{"all three", each + `for k in each, {7, 8}, 0 do print(k) end`},
		{"more than three", each + `for k, v in each, {7, 8}, 0, print("extra"), print("more") do print(k, v) end`},
		{"a call", each + `for k, v in three({7, 8}) do print(k, v) end`},
		{"a call in parentheses", each + `for k, v in (three({7, 8})) do print(k, v) end`},
		{"a call at the end, one variable", each + `for k in each, two({7, 8}) do print(k) end`},
		{"a call at the end, three variables", each + `for a, b, c in each, two({7, 8}) do print(a, b, c) end`},
		{"a call as the third", each + `for k in each, {7, 8}, tonumber("1") do print(k) end`},
		{"a call in the middle", each + `for k in each, two({7, 8}), 0 do print(k) end`},
		{"varargs", each + `(function(...) for k, v in ... do print(k, v) end end)(three({7, 8}))`},
		{"varargs at the end", each + `(function(...) for k in each, ... do print(k) end end)(two({7, 8}))`},
		{"first of varargs", `(function(...) for k in (...) do print(k) end end)(function(_, c) return not c or nil end, 5)`},
		{"the last parameter", each + `(function(t) for k in each, t, 0 do print(k, t[k]) end end)({7, 8})`},
		{"locals are not touched", each + `local a, b = 1, 2; for k in each, {7}, 0 do local c = k + a; print(a, b, c) end; print(a, b)`},
		{"closures", `local fs = {}; for k, v in next, {7, 8} do fs[k] = function() v = v + 1 return v end end; print(fs[1](), fs[1](), fs[2]())`},
		{"nested, break", `for i in next, {1, 2} do for j in next, {1, 2, 3} do if j == 2 then break end print(i, j) end end`},
		{"nil", `for k in nil do end`},
		{"nil field", `local t = {} for k in t.iter, 1 do end`},
		{"number", `for k, v in 5, 6, 7 do end`},
		{"callable table", `for k in setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1 return c < 3 and c or nil end}) do print(k) end`},
		{"line of an error", "for k in\n nowhere,\n nil do\n end"},
		{"yields", each + `local co = coroutine.wrap(function() for k, v in next, {7, 8} do coroutine.yield(k, v) end end) print(co()) print(co())`},
	})
}

// showTable prints what every key of a table holds that the tests use.
const showTable = `local function f(...) return ... end
local function v(x) print("v", x) return x end
local function show(t)
  local out = {}
  for i = 0, 160 do if t[i] ~= nil then out[#out + 1] = i .. "=" .. tostring(t[i]) end end
  for _, k in ipairs{"x", "y", "z", "k"} do if t[k] ~= nil then out[#out + 1] = k .. "=" .. tostring(t[k]) end end
  print(table.concat(out, " "))
end
`

// numbers writes n positional fields.
func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d, ", 1000+i)
	}
	return b.String()
}

func TestLongTables(t *testing.T) {
	var programs []program
	for _, n := range []int{0, 1, 49, 50, 51, 99, 100, 101, 150} {
		for name, end := range map[string]string{
			"keyed":             `x = f(7), [f("k")] = f(8, 9), y = 1`,
			"keyed call last":   `x = f(7), y = f(8, 9)`,
			"call last":         `f(1, 2, 3)`,
			"call of nothing":   `f()`,
			"call in brackets":  `(f(1, 2, 3))`,
			"keyed, call last":  `x = f(7), f(1, 2, 3)`,
			"varargs":           `...`,
			"varargs, one":      `(...)`,
			"keyed, positional": `x = 7, "a", y = f(8), "b", [f("z")] = "c"`,
			"same keys":         `[1] = "a", [50] = "b", [51] = "c", [100] = "d", f(5), f(6)`,
			"nil values":        `x = nil, y = f(nil), nil, f(nil), 5`,
			"order":             `x = v(1), v(2), [v("k")] = v(3), v(4)`,
			"nil key":           `[f(nil)] = 1`,
			"nan key":           `[f(0/0)] = 1`,
			"a function":        `x = function(a) return a + u end, function() u = u + 1 end`,
		} {
			src := showTable + "local u = 5\n(function(...) local a, b = 1, 2 local t = {" + numbers(n) + end + "} show(t) print(a, b, type(t.x) == 'function' and t.x(1)) end)(11, 12)"
			if name == "a function" {
				src = strings.Replace(src, "} show(t)", "} t[#t]()", 1)
			}
			programs = append(programs, program{fmt.Sprintf("%d, %s", n, name), src})
		}
	}
	sameAsPUC(t, programs)
}

func TestDataTables(t *testing.T) {
	sameAsPUC(t, []program{
		{"fresh every time", `local function make() return {` + numbers(120) + `x = {y = {1}}} end local a, b = make(), make() a.x.y[1] = 2 a[1] = 3 print(a[1], b[1], a.x.y[1], b.x.y[1], b[120])`},
		{"rows with a local", `local gw = "g" local t = {` + strings.Repeat(`{dst = "a", via = gw, 5}, `, 120) + `} print(#t, t[1].dst, t[120].via, t[7][1])`},
		{"rows with a call", `local n = 0 local function c() n = n + 1 return n, "extra" end local t = {` + strings.Repeat(`{n = c(), c(), "x", c()}, `, 60) + `} print(#t, t[1].n, t[1][1], t[1][3], t[60].n, #t[60], n)`},
		{"rows that end in calls", `local t = {` + strings.Repeat(`{5, k = "a", unpack({1, 2})}, `, 120) + `} print(#t, #t[1], t[120][3])`},
		{"signs and words", `local t = {` + strings.Repeat(`-1, true, false, "x", nil, - -2, `, 30) + `x = -0.5} print(t[1], t[2], t[3], t[4], t[5], t[6], t.x, t[178])`},
		{"one result", `local function g() return {` + numbers(120) + `}, 2 end print(select("#", g()), #{g()}, select("#", {` + numbers(120) + `}))`},
		{"called and indexed", `print(({` + numbers(120) + `})[3], #{` + numbers(120) + `}, type({` + numbers(120) + `}))`},
		{"to the last parameter", `print((function(a, t) t = {` + numbers(120) + `} return #t, a end)(1))`},
		{"in an assignment", `local a, t = 1 a, t = {` + numbers(120) + `}, a print(#a, t)`},
		{"as an argument", `print(unpack{` + numbers(101) + `"end"})`},
		{"duplicate keys", `local t = {` + numbers(100) + `x = 1, x = 2, [2^53] = "big", [0.5] = "half", [-1] = "minus", [true] = "yes"} print(t.x, t[2^53], t[0.5], t[-1], t[true])`},
		{"name of a failed call", `local t = {` + numbers(100) + `x = nowhere()}`},
		{"line of a failed call", "local t = {" + strings.Repeat("\n1,", 100) + "\nx = nowhere()}"},
		{"yield within", `local co = coroutine.wrap(function() return {` + numbers(100) + `x = coroutine.yield(1), coroutine.yield(2)} end) print(co()) print(co("a")) local t = co("b") print(t.x, t[101])`},
	})
}

// TestHugeTables counts 30,000 fields, more than gopher-lua can number.
func TestHugeTables(t *testing.T) {
	const n = 30000
	rows := func(row string) string { return strings.Repeat(row, n) }
	sum := ` local s = 0 for i = 1, #t do s = s + (type(t[i]) == "table" and t[i].a or t[i]) end print(#t, s)`
	sameAsPUC(t, []program{
		{"literals", `local t = {` + rows("1,") + `}` + sum},
		{"locals", `local one = 1 local t = {` + rows("one,") + `}` + sum},
		{"calls", `local n = 0 local function c() n = n + 1 return n end local t = {` + rows("c(),") + `}` + sum + ` print(t[1], t[29999])`},
		{"rows", `local one = 1 local t = {` + rows("{a=one},") + `}` + sum},
		{"rows with functions", `local one = 1 local t = {` + rows("{a=one, b=function() return one end},") + `}` + sum + ` print(t[n or 3].b())`},
		{"values at the end", `local t = {` + rows("1,") + `unpack({1, 2, 3})}` + sum},
	})
}

// TestManyConstants has more constants than a function keeps, in all places.
func TestManyConstants(t *testing.T) {
	var b strings.Builder
	b.WriteString("local t, s, n = {}, '', 0\nlocal function add(r) n = n + r.n s = s .. r.dst r.via[1] = 0 end\n")
	for i := range 1500 {
		fmt.Fprintf(&b, "add{dst = '10.%d', n = %d.5, via = {%d}}\n", i, i, i)
		fmt.Fprintf(&b, "t['k%d'] = 'v%d'; t.l%d, t[%d.25] = %d.125, 'w%d'\n", i, i, i, i, i, i)
		fmt.Fprintf(&b, "if t.k%d ~= 'v%d' or t[%d.25] ~= 'w' .. '%d' or -%d.75 > 0 then print('bad', %d) end\n", i, i, i, i, i, i)
	}
	b.WriteString("local a, b = 'last', 'first' a, b = b, a print(n, #s, s:sub(-20), t.k1499, t.l1400, a, b, ('%s'):format('formatted'))\n")
	b.WriteString("local f = function() return 'inner', 12345 end print(f()) print('a' + 1)\n")
	sameAsPUC(t, []program{{"everywhere", b.String()}})
}

// TestFewConstants holds what compiling 100,000 routes in seconds rests on:
// gopher-lua compares each constant with all others of its function.
func TestFewConstants(t *testing.T) {
	var calls, keys, rows strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&calls, "add{dst = '10.%d', metric = %d}\n", i, i)
		fmt.Fprintf(&keys, "t['10.%d'] = 'via %d'\n", i, i)
		fmt.Fprintf(&rows, "{dst = '10.%d', via = gw, metric = %d},\n", i, i)
	}
	in, _ := newInterp(t, Options{})
	for _, src := range []string{calls.String(), keys.String(), "t = {" + rows.String() + "}"} {
		fn, err := in.compile(src, "t")
		if err != nil {
			t.Fatal(err)
		}
		if n := len(fn.Proto.Constants); n > mostConstants+dataBase+10 {
			t.Errorf("%d constants in\n%.100s", n, src)
		}
	}
}

func TestNumberLiterals(t *testing.T) {
	sameAsPUC(t, []program{
		{"long hexadecimal", `print(0xffffffffffffffff, 0x7fffffffffffffff == 2^63, 0XFF, 0x0)`},
		{"too large", `print(1e999, -1e999, 1e308, 1e-400)`},
		{"decimal", `print(010, 08, 1e5, .5, 3., 1E-2, 123456789012345678, 0.1234567890123456789)`},
		{"folded", `print(0xffffffffffffffff + 1, 2^0x10, -0x10, 1e999 - 1)`},
	})
}

// TestRandomTables compares random constructors with lua5.1.
func TestRandomTables(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var programs []program
	for i := range 200 {
		programs = append(programs, program{fmt.Sprint(i), showTable + `(function(...) local a, b = "A", "B"
  local t = {` + randomFields(rnd, rnd.IntN(160), 1) + `} show(t) for i = 1, 160 do if type(t[i]) == "table" then show(t[i]) end end print(a, b)
end)(11, 12)`})
	}
	for i := range programs { // addresses differ
		programs[i].src = strings.Replace(programs[i].src, "tostring(t[i])", `(type(t[i]) == "table" and "T" or tostring(t[i]))`, 1)
	}
	sameAsPUC(t, programs)
}

func randomFields(rnd *rand.Rand, n, depth int) string {
	value := func() string {
		switch k := rnd.IntN(12); {
		case k < 4:
			return fmt.Sprint(rnd.IntN(1000))
		case k == 11 && depth > 0:
			return "{" + randomFields(rnd, rnd.IntN(8), depth-1) + "}"
		default:
			return []string{"a", "b", `"s"`, "f(3, 4)", "(f(5, 6))", "...", "nil", "-7", "true", "v(8)", `a .. b`}[rnd.IntN(11)]
		}
	}
	var fields []string
	keyed := rnd.IntN(3)
	for range n {
		switch k := rnd.IntN(30); {
		case k < keyed:
			fields = append(fields, []string{"x", "y", "z", `["k"]`, `[f("x")]`}[rnd.IntN(5)]+" = "+[]string{"1", "a", "f(8, 9)", "v(5)"}[rnd.IntN(4)])
		case k == 29 && keyed > 0:
			fields = append(fields, fmt.Sprintf("[%d] = %q", rnd.IntN(n+10), "at"))
		default:
			fields = append(fields, value())
		}
	}
	return strings.Join(fields, ", ")
}
