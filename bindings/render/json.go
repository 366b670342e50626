package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
)

// maxDepth bounds tables in tables.
const maxDepth = 100

// AppendJSON appends v as JSON. A table is an array if it has elements from 1
// on and nothing else, or is an empty list; else an object, its members in
// the order in which they were set. Integers are exact. A table that holds
// itself, a hole, a function and a number that is none are errors.
func AppendJSON(b []byte, v glua.LValue) ([]byte, error) { return appendLua(b, v, 0) }

func appendLua(b []byte, v glua.LValue, depth int) ([]byte, error) {
	switch v := v.(type) {
	case *glua.LNilType:
		return append(b, "null"...), nil
	case glua.LBool:
		return strconv.AppendBool(b, bool(v)), nil
	case glua.LNumber:
		return appendNumber(b, float64(v))
	case glua.LString:
		return appendString(b, string(v)), nil
	case *glua.LTable:
		if depth == maxDepth {
			return b, fmt.Errorf("tables are nested more than %d deep; does one hold itself?", maxDepth)
		}
		return appendTable(b, v, depth+1)
	case *glua.LUserData:
		switch x := v.Value.(type) {
		case Integer:
			return append(b, x.LuaInteger()...), nil
		case Object:
			return AppendFields(b, x.RenderFields()), nil
		case fmt.Stringer:
			return appendString(b, x.String()), nil
		}
	}
	return b, fmt.Errorf("a %s cannot be written as JSON", v.Type())
}

func appendNumber(b []byte, f float64) ([]byte, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return b, fmt.Errorf("%v cannot be written as JSON", f)
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return strconv.AppendInt(b, int64(f), 10), nil
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 { // as JavaScript writes them
		return strconv.AppendFloat(b, f, 'f', -1, 64), nil
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64), nil
}

// appendString writes text; bytes that are no UTF-8 become U+FFFD, and
// nothing is escaped for HTML.
func appendString(b []byte, s string) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return append(b, `""`...) // a string always encodes
	}
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

func appendTable(b []byte, t *glua.LTable, depth int) ([]byte, error) {
	n := t.MaxN()
	first, _ := t.Next(glua.LNil)
	if n > 0 || first == glua.LNil && t.Metatable != glua.LNil {
		return appendArray(b, t, n, depth)
	}
	b = append(b, '{')
	var err error
	for k, v := first, t.RawGet(first); k != glua.LNil; k, v = t.Next(k) {
		s, ok := k.(glua.LString)
		if !ok {
			return b, fmt.Errorf("a key of an object is a string, got %v", k)
		}
		b = append(appendString(comma(b, '{'), string(s)), ':')
		if b, err = appendLua(b, v, depth); err != nil {
			return b, fmt.Errorf("%s: %w", string(s), err)
		}
	}
	return append(b, '}'), nil
}

func appendArray(b []byte, t *glua.LTable, n, depth int) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i := 1; i <= n; i++ {
		v := t.RawGetInt(i)
		if v == glua.LNil {
			return b, fmt.Errorf("the list has a hole at %d", i)
		}
		if b, err = appendLua(comma(b, '['), v, depth); err != nil {
			return b, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	if n > 0 {
		if k, _ := t.Next(glua.LNumber(n)); k != glua.LNil {
			return b, fmt.Errorf("a table is a list or has named fields; this one has both (%v)", k)
		}
	}
	return append(b, ']'), nil
}

// comma separates members: not after the opening bracket.
func comma(b []byte, open byte) []byte {
	if b[len(b)-1] == open {
		return b
	}
	return append(b, ',')
}

// AppendFields appends fields as a JSON object, in their order.
func AppendFields(b []byte, l []attr.Pair) []byte {
	b = append(b, '{')
	for _, p := range l {
		b = append(appendString(comma(b, '{'), p.Key), ':')
		b = AppendValue(b, p.Val)
	}
	return append(b, '}')
}

// AppendValue appends one field's value: numbers exact, words, addresses and
// links as text.
func AppendValue(b []byte, v attr.Value) []byte {
	switch v.Kind() {
	case attr.KindNil:
		return append(b, "null"...)
	case attr.KindBool:
		return strconv.AppendBool(b, v.Bool())
	case attr.KindInt:
		return strconv.AppendInt(b, v.Int(), 10)
	case attr.KindUint:
		return strconv.AppendUint(b, v.Uint(), 10)
	case attr.KindEnum:
		if v.Word() == "" {
			return strconv.AppendUint(b, v.Uint(), 10)
		}
		return appendString(b, v.Word())
	case attr.KindLink:
		if r := v.Link(); r.Name == "" {
			return strconv.AppendInt(b, int64(r.Index), 10)
		}
	case attr.KindList:
		b = append(b, '[')
		for _, x := range v.List() {
			b = AppendValue(comma(b, '['), x)
		}
		return append(b, ']')
	case attr.KindTable:
		return AppendFields(b, v.Table())
	}
	return appendString(b, v.String())
}
