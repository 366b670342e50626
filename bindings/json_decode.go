package bindings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// maxDigits bounds an integer of a JSON text: a longer one is a mistake or an
// attack, since reading it takes more than linear time.
const maxDigits = 1000

// decodeJSON reads one JSON value; null is what stands for null.
func decodeJSON(L *glua.LState, text string, null glua.LValue) (glua.LValue, error) {
	// Checked as a whole first: the tokens of a Decoder are read more leniently,
	// and only this error has an exact place.
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		return nil, jsonPlace(text, err)
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	r := jsonReader{L: L, d: d, text: text, null: null}
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
	before := []byte(text[:max(0, min(offset, len(text)))])
	line := bytes.Count(before, []byte("\n")) + 1
	return fmt.Sprintf("line %d, column %d", line, len(before)-bytes.LastIndexByte(before, '\n'))
}

// jsonReader makes Lua values from a text that is known to be JSON.
type jsonReader struct {
	L    *glua.LState
	d    *json.Decoder
	text string
	null glua.LValue
}

// here adds the place of the token read last to an error.
func (r *jsonReader) here(format string, args ...any) error {
	return fmt.Errorf("%s (%s)", fmt.Sprintf(format, args...), position(r.text, int(r.d.InputOffset())-1))
}

func (r *jsonReader) value() (glua.LValue, error) {
	t, err := r.d.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	switch t := t.(type) {
	case bool:
		return glua.LBool(t), nil
	case string:
		return glua.LString(t), nil
	case json.Number:
		return r.number(string(t))
	case json.Delim:
		if t == '[' {
			return r.array()
		}
		return r.object()
	}
	return r.null, nil
}

func (r *jsonReader) array() (glua.LValue, error) {
	l := decl.NewList(r.L, r.L.CreateTable(4, 0))
	for i := 1; r.d.More(); i++ {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		if v == glua.LNil {
			return nil, r.here("null as element %d would leave a hole; say null=false, or another value that stands for it", i)
		}
		l.Append(v)
	}
	_, err := r.d.Token() // the closing bracket
	return l, err
}

func (r *jsonReader) object() (glua.LValue, error) {
	t := r.L.CreateTable(0, 4)
	for r.d.More() {
		key, err := r.d.Token()
		if err != nil {
			return nil, err
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		t.RawSetString(name, v)
	}
	_, err := r.d.Token() // the closing brace
	return t, err
}

// number keeps an integer exact; one with a fraction or exponent is a Lua
// number.
func (r *jsonReader) number(s string) (glua.LValue, error) {
	if !strings.ContainsAny(s, ".eE") {
		if len(s) > maxDigits {
			return nil, r.here("a number of %d digits; at most %d are read", len(s), maxDigits)
		}
		if s != "-0" {
			return decl.ParseInteger(r.L, s)
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, r.here("the number %s is too large", s)
	}
	return glua.LNumber(f), nil
}
