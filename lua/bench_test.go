package lua

import (
	"context"
	"testing"

	glua "github.com/yuin/gopher-lua"
)

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		in, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		in.Close()
	}
}

func BenchmarkCall(b *testing.B) {
	in, _ := newInterp(b, Options{})
	values, err := in.Eval(b.Context(), "function() end")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := in.Call(context.Background(), values[0]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLua times loops in Lua: one round of ns/op is one of the loop.
func BenchmarkLua(b *testing.B) {
	for name, body := range map[string]string{
		"empty":       "",
		"pcall":       "pcall(f)",
		"pcall error": "pcall(error, 'x')",
		"concat":      "local s = a .. b",
		"concat of 5": "local s = a .. b .. a .. i .. b",
		"swap":        "x, y = y, x",
		"yield":       "co()",
		"coroutine":   "coroutine.wrap(f)()",
		"call":        "f(i)",
	} {
		b.Run(name, func(b *testing.B) {
			in, _ := newInterp(b, Options{})
			fn, err := in.compile(`local function f() end local a, b, x, y = "abc", "def", 1, 2
				local co = coroutine.wrap(function() while true do coroutine.yield() end end)
				for i = 1, ... do `+body+` end`, "b")
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			if _, err := in.Call(context.Background(), fn, glua.LNumber(b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkContext is what being stoppable costs: fib(20) in gopher-lua
// without a context, with Go's, and with ours.
func BenchmarkContext(b *testing.B) {
	const fib = `local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(20)`
	cancellable, cancel := context.WithCancel(b.Context())
	defer cancel()
	for name, ctx := range map[string]context.Context{"none": nil, "cancellable": cancellable, "ours": &vmContext{}} {
		b.Run(name, func(b *testing.B) {
			L := glua.NewState()
			defer L.Close()
			if ctx != nil {
				L.SetContext(ctx)
			}
			fn, err := L.LoadString(fib)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				L.Push(fn)
				L.Call(0, 0)
			}
		})
	}
}
