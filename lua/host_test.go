package lua

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"
)

// newInterp makes an interpreter that the test closes, and the buffer that
// its standard output goes to.
func newInterp(t testing.TB, opts Options) (*Interp, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	if opts.Stdout == nil {
		opts.Stdout = &out
	}
	in, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in, &out
}

// output runs a program and returns what it printed, and its error as a line
// "error<TAB>message".
func output(t testing.TB, src string) string {
	t.Helper()
	in, out := newInterp(t, Options{})
	if err := in.Run(t.Context(), "t", src); err != nil {
		out.WriteString("error\t" + err.Error() + "\n")
	}
	return out.String()
}

// program is one named Lua program.
type program struct{ name, src string }

// sameAsPUC runs the programs under lua5.1 and here and compares what they
// print.
func sameAsPUC(t *testing.T, programs []program) {
	t.Helper()
	sources := make([]string, len(programs))
	for i, p := range programs {
		sources[i] = p.src
	}
	want := runPUC(t, sources)
	for i, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			if diff := cmp.Diff(want[i], output(t, p.src)); diff != "" {
				t.Errorf("lua5.1 (-) and ours (+) differ on\n%s\n%s", p.src, diff)
			}
		})
	}
}

// soon is how long anything that "stops at once" may take on a busy machine.
const soon = 5 * time.Second

// runUntilStarted runs src, in which a call of started() cancels the context,
// and fails the test when the script does not end soon after.
func runUntilStarted(t *testing.T, opts Options, src string) (out string, err error) {
	t.Helper()
	in, buf := newInterp(t, opts)
	ctx, cancel := context.WithCancel(t.Context())
	var at time.Time
	in.setGlobals(map[string]glua.LGFunction{"started": func(*glua.LState) int {
		at = time.Now()
		cancel()
		return 0
	}})
	err = in.Run(ctx, "t", src)
	if d := time.Since(at); d > soon {
		t.Errorf("the script ended %v after it was stopped", d)
	}
	return buf.String(), err
}

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		in, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = in.Run(ctx, "t", `
			local co = coroutine.wrap(function() coroutine.yield() end) co()
			f = io.popen("cat", "w")
			g = io.open("/dev/null")
			pcall(error)`)
		cancel()
		if err := errors.Join(err, in.Close(), in.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(soon); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines before, now:\n%s", before, buf[:runtime.Stack(buf, true)])
		}
	}
}

func TestManyInterpretersAtOnce(t *testing.T) {
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			got := output(t, `local s = 0 for i = 1, 20000 do s = s + select(2, pcall(function() return i end)) end print(s)`)
			if got != "200010000\n" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestRunEvalCall(t *testing.T) {
	in, out := newInterp(t, Options{})
	ctx := t.Context()
	if err := in.Run(ctx, "s.lua", "#!/usr/bin/env nlsh\nprint(arg[0], arg[1], #arg, ...)\nx = {5}", "a", "b"); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "s.lua\ta\t2\ta\tb\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	values, err := in.Eval(ctx, "x[1], 'y' .. 1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]glua.LValue{glua.LNumber(5), glua.LString("y1")}, values); diff != "" {
		t.Error(diff)
	}
	values, err = in.Eval(ctx, "local a = 1; return a, function(b) return a + b end")
	if err != nil || len(values) != 2 {
		t.Fatal(values, err)
	}
	if values, err = in.Call(ctx, values[1], glua.LNumber(2)); err != nil || len(values) != 1 || values[0] != glua.LNumber(3) {
		t.Error(values, err)
	}
	if _, err = in.Eval(ctx, "x ="); err == nil || err.Error() != "eval:1: syntax error near '<eof>'" {
		t.Error(err)
	}
	if in.L.GetTop() != 0 {
		t.Errorf("%d values left on the main stack", in.L.GetTop())
	}
}

func TestIncomplete(t *testing.T) {
	in, _ := newInterp(t, Options{})
	for src, want := range map[string]bool{
		"":                     false,
		"x":                    false,
		"x.y":                  false,
		"x = 1":                false,
		"x = ":                 true,
		"x = 1 +":              true,
		"if x then":            true,
		"for i = 1, 2 do":      true,
		"f(":                   true,
		"f{ a = 1,":            true,
		"function f()":         true,
		"x = [[ab":             true,
		"--[[ comment":         true,
		"x = 'abc":             false,
		"x = 'abc\\":           true,
		"x = = 1":              false,
		"end":                  false,
		"return":               false,
		"repeat x = 1 until x": false,
		"repeat":               true,
	} {
		if got := in.Incomplete(src); got != want {
			t.Errorf("Incomplete(%q) = %v, want %v", src, got, want)
		}
	}
}

func TestStringFieldsOfErrorsAreNil(t *testing.T) {
	if got := output(t, `local _, e = pcall(error, "x") print(e.errno == "EEXIST", e.errno)`); got != "false\tnil\n" {
		t.Error(got)
	}
}

func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
