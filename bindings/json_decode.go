package bindings

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// maxDigits bounds an integer of a JSON text: a longer one is a mistake or an
// attack, since reading it takes more than linear time.
const maxDigits = 1000

// decodeJSON reads one JSON value; null is what stands for null.
func decodeJSON(L *glua.LState, text string, null glua.LValue) (glua.LValue, error) {
	// Checked as a whole first, so that the reader can trust the text. It is 3
	// times as fast as the tokens of a json.Decoder.
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		return nil, jsonPlace(text, err)
	}
	r := jsonReader{L: L, text: text, null: null}
	return r.value()
}

// jsonPlace says where in text a syntax error is.
func jsonPlace(text string, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	at := int(syntax.Offset)
	if at >= len(text) && strings.Contains(syntax.Error(), "unexpected end") {
		return fmt.Errorf("the text ends too early (%s)", position(text, len(text)))
	}
	return fmt.Errorf("%s (%s)", syntax, position(text, at-1))
}

// position is an offset as people count: line and column, from 1.
func position(text string, offset int) string {
	before := text[:max(0, min(offset, len(text)))]
	return fmt.Sprintf("line %d, column %d", strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n'))
}

// jsonReader makes Lua values from a text that is known to be JSON, nested no
// deeper than encoding/json allows (10,000).
type jsonReader struct {
	L    *glua.LState
	text string
	at   int // what is read next
	null glua.LValue
}

// fail is an error about what begins at start.
func (r *jsonReader) fail(start int, format string, args ...any) error {
	return fmt.Errorf("%s (%s)", fmt.Sprintf(format, args...), position(r.text, start))
}

// next is the first byte that is no blank; it stays unread.
func (r *jsonReader) next() byte {
	for {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
}

// skip reads the byte if it comes next.
func (r *jsonReader) skip(c byte) bool {
	if r.next() != c {
		return false
	}
	r.at++
	return true
}

func (r *jsonReader) value() (glua.LValue, error) {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return glua.LString(r.string()), nil
	case 't':
		r.at += len("true")
		return glua.LTrue, nil
	case 'f':
		r.at += len("false")
		return glua.LFalse, nil
	case 'n':
		r.at += len("null")
		return r.null, nil
	}
	return r.number()
}

func (r *jsonReader) array() (glua.LValue, error) {
	r.at++ // the bracket
	l := decl.NewList(r.L, r.L.CreateTable(4, 0))
	if r.skip(']') {
		return l, nil
	}
	for i := 1; ; i++ {
		r.next()
		start := r.at
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		if v == glua.LNil {
			return nil, r.fail(start, "null as element %d would leave a hole; say null=false, or another value that stands for it", i)
		}
		l.Append(v)
		if !r.skip(',') {
			r.at++ // the closing bracket
			return l, nil
		}
	}
}

func (r *jsonReader) object() (glua.LValue, error) {
	r.at++ // the brace
	t := r.L.CreateTable(0, 4)
	if r.skip('}') {
		return t, nil
	}
	for {
		r.next()
		key := r.string()
		r.skip(':')
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		t.RawSetString(key, v)
		if !r.skip(',') {
			r.at++ // the closing brace
			return t, nil
		}
	}
}

// string reads a string; what is no UTF-8 in it becomes U+FFFD.
func (r *jsonReader) string() string {
	start := r.at + 1
	plain := true
	for r.at = start; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			plain = false
			r.at++ // what follows is no end
		}
	}
	s := r.text[start:r.at]
	r.at++
	if plain && utf8.ValidString(s) {
		return s
	}
	var out string
	if err := json.Unmarshal([]byte(r.text[start-1:r.at]), &out); err != nil {
		return s // it was checked with the whole text
	}
	return out
}

// number keeps an integer exact; one with a fraction or exponent is a Lua
// number.
func (r *jsonReader) number() (glua.LValue, error) {
	start, whole := r.at, true
	for ; r.at < len(r.text); r.at++ {
		c := r.text[r.at]
		if c == '.' || c == 'e' || c == 'E' {
			whole = false
		} else if (c < '0' || c > '9') && c != '-' && c != '+' {
			break
		}
	}
	s := r.text[start:r.at]
	switch {
	case whole && len(s) > maxDigits:
		return nil, r.fail(start, "a number of %d digits; at most %d are read", len(s), maxDigits)
	case whole && len(s) > len("9007199254740992"):
		return decl.ParseInteger(r.L, s)
	}
	// Shorter integers are exact as they are, up to 2^53 = 9007199254740992.
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, r.fail(start, "the number %s is too large", s)
	}
	if whole && math.Abs(f) >= 1<<53 {
		return decl.ParseInteger(r.L, s)
	}
	return glua.LNumber(f), nil
}
