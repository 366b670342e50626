package lua_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/lua"
)

// ticks is a source of numbers that a test sends.
type ticks struct {
	in   chan int
	took []int
	call func(L *glua.LState, n int) error
}

func (s *ticks) Fill(ctx context.Context) {
	select {
	case n := <-s.in:
		s.took = append(s.took, n)
		return
	default:
	}
	select {
	case n := <-s.in:
		s.took = append(s.took, n)
	case <-ctx.Done():
	}
}

func (s *ticks) Deliver(L *glua.LState) error {
	for len(s.took) > 0 {
		n := s.took[0]
		s.took = s.took[1:]
		if err := s.call(L, n); err != nil {
			return err
		}
	}
	return nil
}

// waitingInterp is an interpreter with on(f), which calls f with numbers that
// are sent to the channel, and pause([seconds]), which waits until done is
// closed, or so long.
func waitingInterp(t *testing.T, done <-chan struct{}) (*lua.Interp, chan<- int, *strings.Builder) {
	t.Helper()
	sent := make(chan int, 16)
	var out strings.Builder
	var in *lua.Interp
	in, err := lua.New(lua.Options{Stdout: &out, Functions: []*decl.Func{
		{Name: "on", Doc: "on", Params: []decl.Param{{Name: "f", Kind: decl.Any, Pos: 1, Doc: "f"}}, Run: func(c *decl.Call) error {
			f := c.Arg(1).(*glua.LFunction)
			c.Host.(bindings.Waiter).Watch(&ticks{in: sent, call: func(L *glua.LState, n int) error {
				_, err := c.Host.Call(L, f, glua.LNumber(n))
				return err
			}})
			return nil
		}},
		{Name: "pause", Doc: "pause", Params: []decl.Param{{Name: "d", Kind: decl.Duration, Pos: 1, Doc: "d"}}, Run: func(c *decl.Call) error {
			d, _ := c.Args["d"].(time.Duration)
			return c.Host.(bindings.Waiter).Wait(c.L, done, d)
		}},
		{Name: "at_end", Doc: "at end", Run: func(c *decl.Call) error {
			c.Host.(bindings.Waiter).AtEnd(func() { out.WriteString("ended\n") })
			return nil
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in, sent, &out
}

func TestCallbacksRunWhileTheScriptWaits(t *testing.T) {
	done := make(chan struct{})
	in, sent, out := waitingInterp(t, done)
	sent <- 1
	sent <- 2
	sent <- 3
	in.L.SetGlobal("finish", in.L.NewFunction(func(*glua.LState) int { close(done); return 0 }))
	err := in.Run(t.Context(), "x.lua", `
		on(function(n) print("got", n); if n == 3 then finish() end end)
		print "before"
		pause()
		print "after"`)
	if want := "before\ngot\t1\ngot\t2\ngot\t3\nafter\n"; err != nil || out.String() != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
}

func TestWhatACallbackRaisesEndsTheWait(t *testing.T) {
	in, sent, out := waitingInterp(t, nil)
	sent <- 1
	sent <- 2
	err := in.Run(t.Context(), "x.lua", `
		on(function(n) if n == 1 then error("one") end print("got", n) end)
		local ok, err = pcall(pause)
		print(err)
		pause(0.001)`)
	want := "x.lua:2: one\ngot\t2\n"
	if out.String() != want || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %q, %v; want %q and a deadline", out, err, want)
	}
}

func TestACallbackThatWaitsIsNotCalledAgainMeanwhile(t *testing.T) {
	in, sent, out := waitingInterp(t, nil)
	sent <- 1
	sent <- 2
	_ = in.Run(t.Context(), "x.lua", `
		on(function(n) print("begin", n); pcall(pause, 0.001); print("end", n) end)
		pcall(pause, 0.05)`)
	if want := "begin\t1\nend\t1\nbegin\t2\nend\t2\n"; out.String() != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

func TestIdleDeliversWithoutWaiting(t *testing.T) {
	in, sent, out := waitingInterp(t, nil)
	if _, err := in.Eval(t.Context(), `on(function(n) if n == 2 then error("two", 0) end print(n) end)`); err != nil {
		t.Fatal(err)
	}
	if err := in.Idle(t.Context()); err != nil || out.String() != "" {
		t.Errorf("nothing happened: got %q, %v", out, err)
	}
	sent <- 1
	if err := in.Idle(t.Context()); err != nil || out.String() != "1\n" {
		t.Errorf("got %q, %v", out, err)
	}
	sent <- 2
	var failed *lua.Error
	if err := in.Idle(t.Context()); !errors.As(err, &failed) || failed.Error() != "two" {
		t.Errorf("got %v, want the callback's error", err)
	}
}

func TestAtEndComesAfterDeferred(t *testing.T) {
	in, _, out := waitingInterp(t, nil)
	err := in.Run(t.Context(), "x.lua", `at_end() defer(function() print "deferred" end) print "last line"`)
	if want := "last line\ndeferred\nended\n"; err != nil || out.String() != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
}

func TestAWaitEndsWithTheContext(t *testing.T) {
	in, _, _ := waitingInterp(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	in.L.SetGlobal("stop", in.L.NewFunction(func(*glua.LState) int { cancel(); return 0 }))
	if err := in.Run(ctx, "x.lua", `stop() pause()`); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

// A builtin may see the end of the context before the interpreter's loop does.
func TestTheEndOfTheContextIsNoErrorOfABuiltin(t *testing.T) {
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		var out strings.Builder
		in, err := lua.New(lua.Options{Stdout: &out, Functions: []*decl.Func{{
			Name: "stop", Doc: "stop", Run: func(c *decl.Call) error {
				cancel()
				<-c.Context().Done()
				return c.Context().Err()
			},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		err = in.Run(ctx, "x.lua", `pcall(stop) print "after"`)
		in.Close()
		if out.String() != "" || !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "stop:") {
			t.Fatalf("got %q, %v; want that the script ends at once", out.String(), err)
		}
	}
}
