package lua

import (
	"fmt"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"
)

// benchCall measures one call of the function that program returns, with s as its argument.
func benchCall(b *testing.B, program, s string) {
	L := newLibraryState(b, Options{})
	if err := L.DoString(program); err != nil {
		b.Fatal(err)
	}
	fn := L.Get(-1)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if err := L.CallByParam(glua.P{Fn: fn, NRet: 0}, glua.LString(s)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGsub shows with two sizes that the time is in proportion to the matches.
func BenchmarkGsub(b *testing.B) {
	for _, n := range []int{1e5, 1e6} {
		for _, c := range []struct{ name, replacement string }{
			{"text", `"b"`}, {"table", `{a = "b"}`}, {"function", `function(c) return "b" end`},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				benchCall(b, "local r = "+c.replacement+" return function(s) return (s:gsub('a', r)) end", strings.Repeat("a", n))
			})
		}
	}
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("the quick brown fox jumps over the lazy dog; ", 2000) + "address 10.0.0.1/24"
	for _, c := range []struct{ name, pattern string }{
		{"plain", "10.0"}, {"first byte", "1%d%.%d"}, {"class", "%d+%.%d+"}, {"capture", "(%d+)%.(%d+)%.(%d+)%.(%d+)"}, {"lazy", "a.-9"},
	} {
		b.Run(c.name, func(b *testing.B) {
			benchCall(b, fmt.Sprintf("return function(s) return s:find(%q, 1, %v) end", c.pattern, c.name == "plain"), text)
		})
	}
	b.Run("short", func(b *testing.B) {
		benchCall(b, `return function(s) return s:match("^(%w+)=(%w+)$") end`, "key=value")
	})
}

func BenchmarkFormat(b *testing.B) {
	benchCall(b, `return function(s) return string.format("%d %s %5.2f %x", 42, s, 3.14159, 255) end`, "text")
}

func BenchmarkSort(b *testing.B) {
	benchCall(b, `local t = {} for i = 1, 1e5 do t[i] = (i * 7919) % 100003 end
return function() local c = {} for i = 1, #t do c[i] = t[i] end table.sort(c) end`, "")
}

func BenchmarkTostring(b *testing.B) {
	benchCall(b, `return function(s) local x = tostring(12) x = tostring(1.5) end`, "")
}
