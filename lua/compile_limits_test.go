package lua

import (
	"fmt"
	"strings"
	"testing"
)

// TestCompilerLimits holds what would overflow fields of gopher-lua's
// instructions, and what just fits.
func TestCompilerLimits(t *testing.T) {
	long := strings.Repeat("x = x + 1\n", 43000) // 3 instructions each
	fits := strings.Repeat("x = x + 1\n", 43)
	upvalues := func(outer, inner int) string {
		var b strings.Builder
		var names []string
		for _, f := range []struct {
			name string
			n    int
		}{{"a", outer}, {"b", inner}} {
			fmt.Fprintf(&b, "local function f%s()\n", f.name)
			for i := range f.n {
				names = append(names, fmt.Sprintf("%s%d", f.name, i))
				fmt.Fprintf(&b, "local %s = %d\n", names[len(names)-1], i)
			}
		}
		b.WriteString("return (function() return " + strings.Join(names, " + ") + " end)() end return fb() end\nprint(fa())")
		return b.String()
	}
	for _, tt := range []struct{ name, src, want string }{
		{"for", "x = 0 for i = 1, 2 do\n" + fits + "end print(x)", "86\n"},
		{"long for", "x = 0\nfor i = 1, 2 do\n" + long + long + "end print(x)", "error\tt:2: control structure too long\n"},
		{"long for in a function", "x = 0\nlocal function f()\n for i = 1, 2 do\n" + long + long + "end end print(x)", "error\tt:3: control structure too long\n"},
		{"long while", "x = 0\nwhile x < 1 do\n" + long + long + "end print(x)", "error\tt:1: control structure too long\n"},
		{"long repeat", "x = 0\nrepeat\n" + long + long + "until x > 0", "error\tt:86003: control structure too long\n"},
		{"long generic for", "x = 0\nfor k in pairs{} do\n" + long + long + "end print(x)", "error\tt:1: control structure too long\n"},
		{"long chunk with a loop", "x = 0\n" + long + long + "for i = 1, 2 do x = x + 1 end print(x)", "86002\n"},
		{"255 upvalues", upvalues(150, 105), "16635\n"},
		{"256 upvalues", upvalues(150, 106), "error\tt:259: function at line 259 has more than 255 upvalues\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := output(t, tt.src); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
