package lua

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"
)

func TestDefer(t *testing.T) {
	for _, tt := range []struct{ name, src, out, err string }{
		{"last first", `defer(function() print(1) end) defer(function() print(2) end) print(0)`, "0\n2\n1\n", ""},
		{"after an error", `local x = 1 defer(function() print("x", x) end) x = 2 error("boom")`, "x\t2\n", "t:1: boom"},
		{"after os.exit", `defer(function() print("d") end) os.exit(3)`, "d\n", "exit status 3"},
		{"an error in one", `defer(function() print("first") end) defer(function() error("second") end)`, "first\n", "t:1: second"},
		{"errors in all", `defer(function() error("first") end) defer(function() error("second") end) error("main")`, "", "t:1: main\nt:1: second\nt:1: first"},
		{"deferred while deferring", `defer(function() defer(function() print("inner") end) print("outer") end)`, "outer\ninner\n", ""},
		{"no function", `defer(5)`, "", "t:1: bad argument #1 to 'defer' (function expected, got number)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in, out := newInterp(t, Options{})
			got := ""
			if err := in.Run(t.Context(), "t", tt.src); err != nil {
				got = err.Error()
			}
			if out.String() != tt.out || got != tt.err {
				t.Errorf("printed %q, want %q; error %q, want %q", out.String(), tt.out, got, tt.err)
			}
		})
	}
}

// TestDeferAfterStop holds that deferred functions run when the script was
// stopped, under a context that lives.
func TestDeferAfterStop(t *testing.T) {
	out, err := runUntilStarted(t, Options{}, `
		local x = "value"
		defer(function() for i = 1, 1000 do end print("deferred", x, alive()) end)
		function alive() return coroutine.wrap(function() return pcall(function() return 1 end) end)() end
		started() while true do pcall(function() while true do end end) end`)
	if !errors.Is(err, context.Canceled) || out != "deferred\tvalue\ttrue\t1\n" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestGraceEnds(t *testing.T) {
	out, err := runUntilStarted(t, Options{Grace: 10 * time.Millisecond}, `
		defer(function() print("not run to its end", pcall(function() end)) end)
		defer(function() while true do end end)
		started() while true do end`)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, context.DeadlineExceeded) || out != "" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestSecondInterruptEndsGrace(t *testing.T) {
	in, out := newInterp(t, Options{Grace: time.Hour})
	in.setGlobals(map[string]glua.LGFunction{"interrupt": func(*glua.LState) int { in.Interrupt(); return 0 }})
	err := in.Run(t.Context(), "t", `
		defer(function() print("never") end)
		defer(function() print("second") interrupt() while true do end end)
		defer(function() print("first") end)
		interrupt() while true do end`)
	if diff := cmp.Diff("first\nsecond\n", out.String()); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(err, ErrInterrupted) {
		t.Error(err)
	}
}

func TestCloseRunsDeferred(t *testing.T) {
	in, out := newInterp(t, Options{})
	if _, err := in.Eval(t.Context(), `defer(function() print("at the end") end)`); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 0 {
		t.Errorf("printed %q before Close", out.String())
	}
	if err := in.Close(); err != nil || out.String() != "at the end\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if _, err := in.Eval(t.Context(), "1"); err == nil {
		t.Error("a closed interpreter still runs")
	}
}
