package lua

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// TestStops holds that a script stops whatever it does when its context ends.
func TestStops(t *testing.T) {
	for name, src := range map[string]string{
		"loop":                "started() while true do end",
		"repeat":              "started() repeat until false",
		"loop of pcall":       "started() while true do pcall(function() while true do end end) end",
		"pcall of errors":     "started() while true do pcall(error) end",
		"xpcall with a loop":  "started() while true do xpcall(function() error() end, function() while true do end end) end",
		"recursion of pcall":  "local function f() return pcall(f), pcall(f) end started() while true do f() end",
		"endless recursion":   "local function f() return 1 + f() end started() while true do pcall(f) end",
		"tail calls":          "local function f() return f() end started() f()",
		"__index recursion":   "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end started() while true do pcall(function() return t.x end) end",
		"coroutines":          "started() while true do coroutine.wrap(function() pcall(function() while true do end end) end)() end",
		"yields":              "started() local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
		"coroutine recursion": "local function f() coroutine.wrap(f)() end started() while true do pcall(f) end",
		"resume":              "started() while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
		"sort":                "started() while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end",
		"gsub":                "started() while true do pcall(string.gsub, 'abc', '.', function() while true do end end) end",
		"backtracking":        "started() while true do pcall(string.find, string.rep('a', 60), string.rep('a?', 60) .. string.rep('a', 60) .. 'b') end",
		"try":                 "started() while true do try(function() while true do end end) end",
		"os.execute":          "started() os.execute('sleep 1000')",
		"os.execute in pcall": "started() while true do pcall(os.execute, 'sleep 1000') end",
		"io.popen":            "local f = io.popen('sleep 1000; echo x') started() f:read('*a')",
		"io.popen, close":     "local f = io.popen('sleep 1000') started() f:close()",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := runUntilStarted(t, Options{}, src)
			var e *Error
			if !errors.Is(err, context.Canceled) || !errors.As(err, &e) {
				t.Errorf("got %v", err)
			}
			if e != nil && !strings.HasPrefix(e.Traceback, "stack traceback:\n\t") {
				t.Errorf("traceback %q", e.Traceback)
			}
		})
	}
}

func TestReadStops(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, src := range []string{"started() io.read()", "started() for l in io.lines() do end", "started() while true do pcall(io.read, '*a') end"} {
		if _, err := runUntilStarted(t, Options{Stdin: r}, src); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", src, err)
		}
	}
	// What was interrupted can be read later.
	if _, err := w.WriteString("line\n"); err != nil {
		t.Fatal(err)
	}
	in, out := newInterp(t, Options{Stdin: r})
	if err := in.Run(t.Context(), "t", "print(io.read())"); err != nil || out.String() != "line\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if _, err := runUntilStarted(t, Options{Stdin: a}, "started() io.read()"); !errors.Is(err, context.Canceled) {
		t.Errorf("connection: got %v", err)
	}
}

// TestStateAfterStop holds that an interpreter can be used after it was
// stopped, at the prompt.
func TestStateAfterStop(t *testing.T) {
	in, out := newInterp(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	in.setGlobals(map[string]glua.LGFunction{"started": func(*glua.LState) int { cancel(); return 0 }})
	if _, err := in.Eval(ctx, "(function() x = 5 pcall(function() started() while true do end end) x = 6 end)()"); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := in.Eval(t.Context(), "print(x, pcall(error, 'e'), coroutine.running())"); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "5\tfalse\tnil\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(in.threads) != 0 || in.nested != 0 || len(in.coroutines) != 0 {
		t.Errorf("%d threads, %d nested, %d coroutines are left", len(in.threads), in.nested, len(in.coroutines))
	}
}

func TestEndedContext(t *testing.T) {
	in, out := newInterp(t, Options{})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the cause")
	cancel(cause)
	if err := in.Run(ctx, "t", "print(1)"); !errors.Is(err, cause) || out.Len() > 0 {
		t.Errorf("%v, output %q", err, out.String())
	}
}

func TestInterrupt(t *testing.T) {
	in, _ := newInterp(t, Options{})
	in.setGlobals(map[string]glua.LGFunction{"started": func(*glua.LState) int { go in.Interrupt(); return 0 }})
	if err := in.Run(t.Context(), "t", "started() while true do end"); !errors.Is(err, ErrInterrupted) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	in.Interrupt() // nothing runs: nothing happens
	if err := in.Run(t.Context(), "t", "x = 1"); err != nil {
		t.Error(err)
	}
}

func TestTimeout(t *testing.T) {
	in, _ := newInterp(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := in.Run(ctx, "t", "while true do end"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
