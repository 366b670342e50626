package lua

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// integerValue is what a Go value inside a userdata implements to stand for a whole number of any size: LuaInteger returns it
// in decimal digits, with a leading "-" if negative.
type integerValue interface{ LuaInteger() string }

// integerOf returns the digits of a userdata that stands for a whole number.
func integerOf(v glua.LValue) (string, bool) {
	if ud, ok := v.(*glua.LUserData); ok {
		if n, ok := ud.Value.(integerValue); ok {
			return n.LuaInteger(), true
		}
	}
	return "", false
}

// stringFormat is string.format with the verbs of 5.1. Unlike gopher-lua's it refuses what is missing, surplus options and
// values of the wrong type.
func stringFormat(L *glua.LState) int {
	format := needString(L, 1)
	arg := 1
	var buf []byte
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			break
		}
		buf = append(buf, format[:i]...)
		if format = format[i+1:]; strings.HasPrefix(format, "%") {
			buf = append(buf, '%')
			format = format[1:]
			continue
		}
		d, next, err := parseDirective(format, 0)
		if err != nil {
			throw(L, "%s", err.Error())
		}
		arg++
		buf = formatArgument(L, buf, &d, arg)
		needLength(L, len(buf))
		format = format[next:]
	}
	needLength(L, len(buf)+len(format))
	return pushText(L, string(append(buf, format...)))
}

// formatArgument appends argument n as d says.
func formatArgument(L *glua.LState, buf []byte, d *directive, n int) []byte {
	switch d.verb {
	case 'c':
		return d.appendText(buf, string([]byte{byte(needInt(L, n))}))
	case 'd', 'i':
		digits, negative := strings.CutPrefix(wholeNumber(L, n), "-")
		return d.appendInteger(buf, negative, digits)
	case 'o', 'u', 'x', 'X':
		return d.appendInteger(buf, false, unsignedDigits(wholeNumber(L, n), d.verb))
	case 'q':
		return appendQuoted(buf, needString(L, n))
	case 's':
		return d.appendText(buf, textArgument(L, n))
	default:
		if digits, ok := integerOf(L.Get(n)); ok {
			f, _ := parseNumber(digits)
			return d.appendFloat(buf, f)
		}
		return d.appendFloat(buf, needNumber(L, n))
	}
}

// wholeNumber returns the decimal digits of argument n, cut to a whole number.
func wholeNumber(L *glua.LState, n int) string {
	if digits, ok := integerOf(L.Get(n)); ok {
		return digits
	}
	f := math.Trunc(needNumber(L, n))
	if math.IsNaN(f) || math.IsInf(f, 0) {
		argError(L, n, "number has no integer representation")
	}
	if math.Abs(f) < 1<<63 {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

// unsignedDigits writes decimal digits in the base of the verb; a negative number as its 64-bit two's complement.
func unsignedDigits(decimal string, verb byte) string {
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		return decimal
	}
	if n.Sign() < 0 {
		n.And(n, new(big.Int).SetUint64(math.MaxUint64))
	}
	switch verb {
	case 'o':
		return n.Text(8)
	case 'u':
		return n.Text(10)
	}
	return n.Text(16)
}

// textArgument returns argument n as text: a string, a number, or a value that knows how to be one, as errors do.
func textArgument(L *glua.LState, n int) string {
	v := L.Get(n)
	if s, ok := stringOf(v); ok {
		return s
	}
	if L.GetMetaField(v, "__tostring") == glua.LNil {
		typeError(L, n, "string")
	}
	s, ok := stringOf(tostring(L, v))
	if !ok {
		argError(L, n, "'__tostring' must return a string")
	}
	return s
}
