package lua

import (
	"errors"
	"strings"
	"testing"
)

func TestScanLimits(t *testing.T) {
	lim := limits{Nesting: 10, Operators: 100}
	many := strings.Repeat
	for _, tt := range []struct{ name, src, want string }{
		{"nothing", "", ""},
		{"10 brackets", many("(", 10), ""},
		{"11 brackets", "x = \n" + many("(", 11), "line 2: blocks and brackets nested deeper than 10"},
		{"brackets closed", many("f(1) ", 1000), ""},
		{"blocks", many("do ", 11), "line 1: blocks and brackets nested deeper than 10"},
		{"blocks closed", many("do end if x then end while x do end for i = 1, 2 do end repeat until x ", 100), ""},
		{"functions", many("function f() ", 11), "line 1: blocks and brackets nested deeper than 10"},
		{"operators", "x = " + many("not ", 101) + "x", "line 1: expression with more than 100 operators"},
		{"100 operators", "x = " + many("- ", 100) + "x", ""},
		{"binary", "x = a" + many("+a", 101), "line 1: expression with more than 100 operators"},
		{"fields", "x = a" + many(".b", 101), "line 1: expression with more than 100 operators"},
		{"calls", "x = a" + many("()", 101), "line 1: expression with more than 100 operators"},
		{"calls with strings", "x = a" + many("''", 101), "line 1: expression with more than 100 operators"},
		{"statements", many("a.b() ", 1000), ""},
		{"statements without calls", many("x = y ", 1000), ""},
		{"list", "x = {" + many("-1, ", 1000) + "}", ""},
		{"operators around brackets", "x = " + many("not ", 60) + "(" + many("not ", 60) + "x)", "line 1: expression with more than 100 operators"},
		{"elseif", "if x then " + many("elseif y then ", 101), "line 1: expression with more than 100 operators"},
		{"in a string", "x = '" + many("(", 100) + `' y = "` + many("(", 100) + `"`, ""},
		{"in a long string", "x = [==[" + many("(]]", 100) + "]==]", ""},
		{"in comments", "-- " + many("(", 100) + "\n--[[ " + many("(", 100) + " ]] x = 1", ""},
		{"after an escaped quote", `x = 'a\'' ` + many("(", 11), "line 1: blocks and brackets nested deeper than 10"},
		{"unfinished", "x = [[ " + many("(", 100), ""},
		{"more closed than open", many(")", 100) + many("end ", 100), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := scanLimits(tt.src, lim); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestDeepSources holds that no source of any shape ends the process.
func TestDeepSources(t *testing.T) {
	in, _ := newInterp(t, Options{})
	const n = 300000
	for name, src := range map[string]string{
		"not":       "x = " + strings.Repeat("not ", n) + "x",
		"brackets":  "x = " + strings.Repeat("(", n),
		"tables":    "x = " + strings.Repeat("{", n),
		"calls":     "x = f" + strings.Repeat("{}", n),
		"fields":    "x = f" + strings.Repeat(".f", n),
		"power":     "x = 2" + strings.Repeat("^2", n),
		"concat":    "x = 2" + strings.Repeat("..2", n),
		"functions": strings.Repeat("function f() ", n),
		"elseif":    "if x then " + strings.Repeat("elseif x then ", n) + "end",
		"few power": "x = 2" + strings.Repeat("^2", 9990),
	} {
		var se *SyntaxError
		if _, err := in.compile(src, "t"); !errors.As(err, &se) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"a, b = b, a", "local a <const> = 1", "x = 'a' .. 1 .. {}", "if x then elseif y then end", "for i = 1, 2 do goto x end ::x::",
		"return (function(...) local a, b = ..., (...) return a end)()", "x = [==[ ]] ]==] --[[ ", "#!x\n", "t[i], t = f(), 5 .. 6", "\x00\xff",
	} {
		f.Add(seed)
	}
	in, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { in.Close() })
	f.Fuzz(func(t *testing.T, src string) {
		fn, err := in.compile(src, "t")
		if (fn == nil) == (err == nil) {
			t.Fatalf("compile(%q) = %v, %v", src, fn, err)
		}
		if err != nil && strings.Contains(err.Error(), "the compiler failed") {
			t.Fatal(err)
		}
	})
}
