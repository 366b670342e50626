package bindings_test

import (
	"fmt"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"
)

// benchmark runs the Lua function f of src b.N times.
func benchmark(b *testing.B, w *lab, src string) {
	b.Helper()
	w.L.SetGlobal("n", glua.LNumber(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	if got := w.run(src); got != "" {
		b.Fatal(got)
	}
}

func BenchmarkJSONDecode(b *testing.B) {
	w := newWorld(b)
	var rows []string
	for i := range 1000 {
		rows = append(rows, fmt.Sprintf(`{"ifindex":%d,"ifname":"eth%d","flags":["UP","LOWER_UP"],"mtu":1500,"stats64":{"rx":{"bytes":18446744073709551615}}}`, i, i))
	}
	text := "[" + strings.Join(rows, ",") + "]"
	w.L.SetGlobal("text", glua.LString(text))
	b.SetBytes(int64(len(text)))
	benchmark(b, w, `for i = 1, n do json.decode(text) end`)
}

func BenchmarkNetnsModule(b *testing.B) {
	w := newWorld(b)
	w.run(`h = netns.add "h1"`)
	benchmark(b, w, `for i = 1, n do local _ = h.route end`)
}

func BenchmarkNetnsGet(b *testing.B) {
	w := newWorld(b)
	w.run(`netns.add "h1"`)
	benchmark(b, w, `for i = 1, n do local _ = netns("h1").route end`)
}

func BenchmarkSysExec(b *testing.B) {
	w := newWorld(b)
	w.run(`h = netns.add "h1"`)
	benchmark(b, w, `for i = 1, n do h:exec{ "true" } end`)
}

func BenchmarkNetPing(b *testing.B) {
	w := newWorld(b)
	benchmark(b, w, `for i = 1, n do net.ping "127.0.0.1" end`)
}
