package lua

import (
	"context"
	"errors"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"
)

// failure runs a program and returns the text of its error, "" if it has none.
func failure(t *testing.T, L *glua.LState, program string) string {
	t.Helper()
	fn, err := L.Load(strings.NewReader(program), "t")
	if err != nil {
		t.Fatal(err)
	}
	L.Push(fn)
	if err := L.PCall(0, 0, nil); err != nil {
		text, _, _ := strings.Cut(err.Error(), "\n")
		return text
	}
	return ""
}

// TestStringLimit holds that no library function makes a string longer than StringBytes, and that one just as long is made.
func TestStringLimit(t *testing.T) {
	for _, tc := range []struct{ name, fits, tooLong string }{
		{"rep", `string.rep("x", 1000)`, `string.rep("x", 1001)`},
		{"rep overflow", `string.rep("xy", 500)`, `string.rep("xy", 2^62)`},
		{"format", `string.format("%s%s", s, s)`, `string.format("%s%sx", s, s)`},
		{"format width", `string.format(("%99d"):rep(10), 1,2,3,4,5,6,7,8,9,0)`, `string.format(("%99d"):rep(11), 1,2,3,4,5,6,7,8,9,0,1)`},
		{"concat", `table.concat{s, s}`, `table.concat({s, s}, "-")`},
		{"gsub text", `string.gsub(s, "x", "yy")`, `string.gsub(s, "x", "yyy")`},
		{"gsub table", `string.gsub(s, "x", {x = "yy"})`, `string.gsub(s, "x", {x = "yyy"})`},
		{"gsub function", `string.gsub(s, "x", function() return "yy" end)`, `string.gsub(s, "x", function() return "yyy" end)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			L := newLibraryState(t, Options{StringBytes: 1000})
			L.SetGlobal("s", glua.LString(strings.Repeat("x", 500)))
			if got := failure(t, L, "return "+tc.fits); got != "" {
				t.Errorf("%s: %s", tc.fits, got)
			}
			name, _, _ := strings.Cut(tc.name, " ")
			want := "t:1: resulting string of '" + name + "' is too long (limit 1000 bytes)"
			if got := failure(t, L, "return "+tc.tooLong); got != want {
				t.Errorf("%s: %q, want %q", tc.tooLong, got, want)
			}
		})
	}
}

// TestRoomLimit holds that more results than the stack can hold are refused with Lua's words.
func TestRoomLimit(t *testing.T) {
	L := newLibraryState(t, Options{})
	for _, tc := range []struct{ name, program, want string }{
		{"unpack", `unpack({}, 1, 2^40)`, "t:1: too many results to unpack"},
		{"unpack overflow", `unpack({}, -2^63, 2^63)`, "t:1: too many results to unpack"},
		{"byte", `string.byte(("x"):rep(2^24), 1, -1)`, "t:1: string slice too long"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := failure(t, L, tc.program); got != tc.want {
				t.Errorf("%s: %q, want %q", tc.program, got, tc.want)
			}
		})
	}
}

// wholeValue is a Go value that stands for a whole number, as bigint is one.
type wholeValue string

func (v wholeValue) LuaInteger() string { return string(v) }

// TestWholeValues holds that values which stand for whole numbers are exact under the integer verbs.
func TestWholeValues(t *testing.T) {
	L := newLibraryState(t, Options{})
	L.SetGlobal("big", &glua.LUserData{Value: wholeValue("18446744073709551615"), Metatable: glua.LNil})
	L.SetGlobal("small", &glua.LUserData{Value: wholeValue("-9223372036854775807"), Metatable: glua.LNil})
	L.SetGlobal("huge", &glua.LUserData{Value: wholeValue("36893488147419103232"), Metatable: glua.LNil})
	program := `return string.format("%d %d %d|%25d|%+d|%x %X %o %u|%x %u|%x|%g %.0f", big, small, huge, big, big, big, big, big, big,
small, small, huge, big, small) .. "|" .. tostring(tonumber(huge)) .. " " .. tostring(tonumber(big) == 2^64)`
	if err := L.DoString(program); err != nil {
		t.Fatal(err)
	}
	want := "18446744073709551615 -9223372036854775807 36893488147419103232|     18446744073709551615|+18446744073709551615|" +
		"ffffffffffffffff FFFFFFFFFFFFFFFF 1777777777777777777777 18446744073709551615|8000000000000001 9223372036854775809|" +
		"20000000000000000|1.84467e+19 -9223372036854775808|3.6893488147419e+19 true"
	if got := L.Get(-1).String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestLibraryStops holds that what a library function does for long ends soon after the context.
func TestLibraryStops(t *testing.T) {
	for _, tc := range []struct{ name, program string }{
		{"find", `stop() string.find(("a"):rep(3000), ("a*"):rep(30) .. "b")`},
		{"match", `stop() string.match(("a"):rep(3000), ("(a-)"):rep(30) .. "b")`},
		{"gsub", `stop() string.gsub(("a"):rep(3000), ("a*"):rep(30) .. "b", "")`},
		{"gmatch", `local it = string.gmatch(("a"):rep(3000), ("a*"):rep(30) .. "b") stop() it()`},
		{"sort", `local t = {} for i = 1, 1e5 do t[i] = -i end stop() while true do table.sort(t) end`},
		{"insert", `stop() table.insert({}, -2^40, 1)`},
		{"caught", `stop() while true do pcall(string.find, ("a"):rep(3000), ("a*"):rep(30) .. "b") end`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			L := newLibraryState(t, Options{})
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			L.SetGlobal("stop", L.NewFunction(func(*glua.LState) int { cancel(); return 0 }))
			if err := interpOf(L).Run(ctx, "t", tc.program); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.Canceled)
			}
		})
	}
}

// TestCallbackNesting holds that callbacks which call what calls them end with an error, not with Go's stack.
func TestCallbackNesting(t *testing.T) {
	const callbacks = "nested deeper than 190"
	for _, tc := range []struct{ name, program, want string }{
		{"gsub", `local function f() string.gsub("a", "a", f) end f()`, callbacks},
		{"sort", `local function f() table.sort({2, 1}, f) end f()`, callbacks},
		{"foreach", `local function f() table.foreach({1}, f) end f()`, callbacks},
		{"foreachi", `local function f() table.foreachi({1}, f) end f()`, callbacks},
		{"tostring", `local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return tostring(t) end tostring(t)`, callbacks},
		{"format", `local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return ("%s"):format(t) end tostring(t)`, callbacks},
		{"less than", `local t, u = setmetatable({}, {}), {} setmetatable(u, getmetatable(t))
getmetatable(t).__lt = function(a, b) table.sort{a, b} end table.sort{t, u}`, callbacks},
		{"index", `local t = setmetatable({}, {}) getmetatable(t).__index = function() return (string.gsub("a", "a", t)) end string.gsub("a", "a", t)`, "stack overflow"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			L := newLibraryState(t, Options{})
			err := interpOf(L).Run(context.Background(), "t", tc.program)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if err := interpOf(L).Run(context.Background(), "t", `assert(string.gsub("a", "a", string.upper) == "A")`); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}
