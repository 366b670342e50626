package bindings

import (
	"fmt"
	"slices"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/render"
)

// maxDifferences bounds what is told of two values.
const maxDifferences = 10

func isPlainName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// differences tells where two values differ, one line each, the path first:
// nothing where they are equal.
func differences(L *glua.LState, got, want glua.LValue) []string {
	d := differ{L: L, seen: map[[2]*glua.LTable]bool{}}
	d.compare("", got, want)
	return d.result()
}

type differ struct {
	L     *glua.LState
	seen  map[[2]*glua.LTable]bool // pairs compared, or being compared: tables may hold themselves
	lines []string
	more  int
}

// result is what add was told, under a title where it is more than one line.
func (d *differ) result() []string {
	if d.more > 0 {
		d.lines = append(d.lines, fmt.Sprintf("and %d more", d.more))
	}
	if len(d.lines) > 1 {
		d.lines = append([]string{"values differ"}, d.lines...)
	}
	return d.lines
}

func (d *differ) add(path, format string, args ...any) {
	if len(d.lines) == maxDifferences {
		d.more++
		return
	}
	if path != "" {
		path += ": "
	}
	d.lines = append(d.lines, path+fmt.Sprintf(format, args...))
}

func (d *differ) compare(path string, got, want glua.LValue) {
	a, isTable := got.(*glua.LTable)
	b, both := want.(*glua.LTable)
	switch {
	case isTable && both:
		if a != b && !d.seen[[2]*glua.LTable{a, b}] {
			d.seen[[2]*glua.LTable{a, b}] = true
			d.tables(path, a, b)
		}
	case got == want || sameInteger(got, want):
	case isUserdata(got) && isUserdata(want) && d.L.Equal(got, want):
	default:
		d.add(path, "got %s, want %s", brief(got), brief(want))
	}
}

// tables compares by keys: those of want in the order of lists and names, then
// what got has beside them.
func (d *differ) tables(path string, got, want *glua.LTable) {
	for _, k := range sortedKeys(want) {
		if v := got.RawGet(k); v == glua.LNil {
			d.add(path+step(k), "missing, want %s", brief(want.RawGet(k)))
		} else {
			d.compare(path+step(k), v, want.RawGet(k))
		}
	}
	for _, k := range sortedKeys(got) {
		if want.RawGet(k) == glua.LNil {
			d.add(path+step(k), "got %s, which is not wanted", brief(got.RawGet(k)))
		}
	}
}

// sortedKeys are numbers first, then names, then the rest as they print.
func sortedKeys(t *glua.LTable) []glua.LValue {
	var keys []glua.LValue
	for k, _ := t.Next(glua.LNil); k != glua.LNil; k, _ = t.Next(k) {
		keys = append(keys, k)
	}
	rank := func(k glua.LValue) int {
		switch k.(type) {
		case glua.LNumber:
			return 0
		case glua.LString:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(keys, func(a, b glua.LValue) int {
		if r := rank(a) - rank(b); r != 0 {
			return r
		}
		x, isNumber := a.(glua.LNumber)
		y, _ := b.(glua.LNumber)
		switch {
		case isNumber && x < y, !isNumber && a.String() < b.String():
			return -1
		case isNumber && x == y, !isNumber && a.String() == b.String():
			return 0
		}
		return 1
	})
	return keys
}

// step is a key as a path in Lua has it.
func step(k glua.LValue) string {
	if s, ok := k.(glua.LString); ok {
		if isPlainName(string(s)) {
			return "." + string(s)
		}
		return fmt.Sprintf("[%q]", string(s))
	}
	return "[" + k.String() + "]"
}

func isUserdata(v glua.LValue) bool {
	_, ok := v.(*glua.LUserData)
	return ok
}

// sameInteger compares a bigint with a number, or with another.
func sameInteger(a, b glua.LValue) bool {
	digits := func(v glua.LValue) (string, bool) {
		switch v := v.(type) {
		case glua.LNumber:
			return fmt.Sprintf("%.0f", float64(v)), float64(v) == float64(int64(v))
		case *glua.LUserData:
			if n, ok := v.Value.(render.Integer); ok {
				return n.LuaInteger(), true
			}
		}
		return "", false
	}
	x, okX := digits(a)
	y, okY := digits(b)
	return okX && okY && x == y
}

// brief is a value on one line, cut where it is long; an object is its name.
func brief(v glua.LValue) string {
	if u, ok := v.(*glua.LUserData); ok {
		if o, ok := u.Value.(render.Object); ok {
			return "<" + o.String() + ">"
		}
	}
	return shorten(render.Inspect(v, render.InspectOptions{Line: true, Depth: 3}), 200)
}
