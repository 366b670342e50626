package render

import (
	"fmt"
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
)

// InspectOptions say how Inspect writes.
type InspectOptions struct {
	Depth int  // tables deeper than this are {...}; 0: no bound
	Line  bool // everything on one line
}

// Inspect writes any Lua value as Lua would read it where that is possible:
// keys sorted, tables that hold themselves named.
func Inspect(v glua.LValue, o InspectOptions) string {
	in := inspector{o: o, path: map[*glua.LTable]bool{}}
	in.value(v, 0)
	return in.b.String()
}

type inspector struct {
	o    InspectOptions
	b    strings.Builder
	path map[*glua.LTable]bool // the tables around the present value
}

func (in *inspector) value(v glua.LValue, depth int) {
	switch v := v.(type) {
	case glua.LString:
		in.b.WriteString(quote(string(v)))
	case *glua.LTable:
		in.table(v, depth)
	case *glua.LUserData:
		in.userdata(v, depth)
	case *glua.LFunction:
		in.b.WriteString("<function>")
	case glua.LNumber, glua.LBool, *glua.LNilType:
		in.b.WriteString(v.String())
	default:
		in.b.WriteString("<" + v.Type().String() + ">")
	}
}

func (in *inspector) userdata(u *glua.LUserData, depth int) {
	switch x := u.Value.(type) {
	case Integer:
		in.b.WriteString(x.LuaInteger())
	case Object:
		if in.o.Depth > 0 && depth >= in.o.Depth {
			in.b.WriteString("<" + x.String() + ">")
			return
		}
		in.pairs(x.RenderFields(), depth)
	case fmt.Stringer:
		in.b.WriteString("<" + x.String() + ">")
	default:
		in.b.WriteString("<userdata>")
	}
}

func (in *inspector) table(t *glua.LTable, depth int) {
	first, _ := t.Next(glua.LNil)
	switch {
	case in.path[t]:
		in.b.WriteString("<itself>")
		return
	case first == glua.LNil:
		in.b.WriteString("{}")
		return
	case in.o.Depth > 0 && depth >= in.o.Depth:
		in.b.WriteString("{...}")
		return
	}
	in.path[t] = true
	defer delete(in.path, t)
	n := 0 // the list part ends at the first hole
	for t.RawGetInt(n+1) != glua.LNil {
		n++
	}
	in.b.WriteByte('{')
	for i := 1; i <= n; i++ {
		in.item(i == 1, depth)
		in.value(t.RawGetInt(i), depth+1)
	}
	for i, k := range sortedKeys(t, n) {
		in.item(n == 0 && i == 0, depth)
		in.b.WriteString(keyText(k) + " = ")
		in.value(t.RawGet(k), depth+1)
	}
	in.close(depth)
}

// pairs writes fields in their own order.
func (in *inspector) pairs(l []attr.Pair, depth int) {
	in.b.WriteByte('{')
	for i, p := range l {
		in.item(i == 0, depth)
		in.b.WriteString(keyText(glua.LString(p.Key)) + " = ")
		in.attr(p.Val, depth+1)
	}
	if len(l) == 0 {
		in.b.WriteByte('}')
		return
	}
	in.close(depth)
}

func (in *inspector) attr(v attr.Value, depth int) {
	switch v.Kind() {
	case attr.KindBool, attr.KindInt, attr.KindUint, attr.KindFloat, attr.KindNil:
		in.b.WriteString(v.String())
	case attr.KindEnum:
		if v.Word() == "" {
			in.b.WriteString(v.String())
			return
		}
		in.b.WriteString(quote(v.Word()))
	case attr.KindList:
		l := v.List()
		in.b.WriteByte('{')
		for i, x := range l {
			in.item(i == 0, depth)
			in.attr(x, depth+1)
		}
		if len(l) == 0 {
			in.b.WriteByte('}')
			return
		}
		in.close(depth)
	case attr.KindTable:
		in.pairs(v.Table(), depth)
	default:
		in.b.WriteString(quote(v.String()))
	}
}

// item starts a member of a table.
func (in *inspector) item(first bool, depth int) {
	if !first {
		in.b.WriteByte(',')
	}
	in.space(depth + 1)
}

func (in *inspector) close(depth int) {
	in.space(depth)
	in.b.WriteByte('}')
}

func (in *inspector) space(depth int) {
	if in.o.Line {
		in.b.WriteByte(' ')
		return
	}
	in.b.WriteByte('\n')
	in.b.WriteString(strings.Repeat("  ", depth))
}

// sortedKeys are the keys after the list part: numbers, then words, then the
// rest as it comes.
func sortedKeys(t *glua.LTable, n int) []glua.LValue {
	var l []glua.LValue
	for k, _ := t.Next(glua.LNil); k != glua.LNil; k, _ = t.Next(k) {
		if i, ok := k.(glua.LNumber); ok && i >= 1 && i <= glua.LNumber(n) && i == glua.LNumber(int(i)) {
			continue
		}
		l = append(l, k)
	}
	slices.SortStableFunc(l, func(a, b glua.LValue) int {
		if a.Type() != b.Type() {
			return int(a.Type()) - int(b.Type())
		}
		if x, ok := a.(glua.LNumber); ok {
			return cmpNumber(x, b.(glua.LNumber))
		}
		return strings.Compare(a.String(), b.String())
	})
	return l
}

func cmpNumber(a, b glua.LNumber) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// keyText is a key as a table constructor takes it.
func keyText(k glua.LValue) string {
	s, ok := k.(glua.LString)
	if !ok {
		if k.Type() == glua.LTNumber || k.Type() == glua.LTBool {
			return "[" + k.String() + "]"
		}
		return "[<" + k.Type().String() + ">]"
	}
	for i, c := range []byte(s) {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return "[" + quote(string(s)) + "]"
		}
	}
	if s == "" || isKeyword(string(s)) {
		return "[" + quote(string(s)) + "]"
	}
	return string(s)
}

func isKeyword(s string) bool {
	return slices.Contains([]string{
		"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
		"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
	}, s)
}

// quote is text as Lua 5.1 reads it back, byte for byte.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
