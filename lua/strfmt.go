package lua

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// directive is one "%..." of string.format.
type directive struct {
	minus, plus, space, alt, zero bool
	// width is the least width, 0 to 99.
	width int
	// prec is the precision, 0 to 99, or -1 when not given.
	prec int
	verb byte
}

var (
	errFormatFlags = errors.New("invalid format (repeated flags)")
	errFormatWidth = errors.New("invalid format (width or precision too long)")
)

// parseDirective reads the directive whose "%" stands before offset i and returns it with the offset after it.
func parseDirective(format string, i int) (directive, int, error) {
	d := directive{prec: -1}
	start := i
	for i < len(format) && d.flag(format[i]) {
		i++
	}
	if i-start > 5 {
		return d, i, errFormatFlags
	}
	d.width, i = twoDigits(format, i)
	if i < len(format) && format[i] == '.' {
		d.prec, i = twoDigits(format, i+1)
	}
	if i >= len(format) {
		return d, i, errors.New("invalid option '%' to 'format'")
	}
	if isDigit(format[i]) {
		return d, i, errFormatWidth
	}
	d.verb = format[i]
	if strings.IndexByte("cdiouxXeEfgGqs", d.verb) < 0 {
		return d, i, fmt.Errorf("invalid option '%%%s' to 'format'", format[i:i+1])
	}
	return d, i + 1, nil
}

// flag notes c and reports whether it is a flag.
func (d *directive) flag(c byte) bool {
	switch c {
	case '-':
		d.minus = true
	case '+':
		d.plus = true
	case ' ':
		d.space = true
	case '#':
		d.alt = true
	case '0':
		d.zero = true
	default:
		return false
	}
	return true
}

// twoDigits reads at most two digits at i.
func twoDigits(s string, i int) (n, next int) {
	for next = i; next < len(s) && next < i+2 && isDigit(s[next]); next++ {
		n = n*10 + int(s[next]-'0')
	}
	return n, next
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// pad appends prefix (a sign, "0x") and body, filled to the width: with zeros between the two if zeros is set, else with spaces.
func (d *directive) pad(buf []byte, prefix, body string, zeros bool) []byte {
	fill := max(d.width-len(prefix)-len(body), 0)
	switch {
	case d.minus:
		buf = append(append(buf, prefix...), body...)
		return append(buf, strings.Repeat(" ", fill)...)
	case zeros:
		buf = append(append(buf, prefix...), strings.Repeat("0", fill)...)
		return append(buf, body...)
	default:
		buf = append(buf, strings.Repeat(" ", fill)...)
		return append(append(buf, prefix...), body...)
	}
}

// sign returns what stands before a signed number.
func (d *directive) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case d.plus:
		return "+"
	case d.space:
		return " "
	}
	return ""
}

// appendInteger appends the digits of a whole number, in the base of the verb and without sign, as C's printf lays them out.
func (d *directive) appendInteger(buf []byte, negative bool, digits string) []byte {
	zero := strings.Trim(digits, "0") == ""
	if d.prec == 0 && zero {
		digits = ""
	}
	if missing := d.prec - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	prefix := ""
	switch d.verb {
	case 'd', 'i':
		prefix = d.sign(negative)
	case 'o':
		if d.alt && !strings.HasPrefix(digits, "0") {
			digits = "0" + digits
		}
	case 'x', 'X':
		if d.alt && !zero {
			prefix = "0" + string(d.verb)
		}
	}
	if d.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	return d.pad(buf, prefix, digits, d.zero && d.prec < 0)
}

// appendFloat appends x under the verbs e, E, f, g and G as C's printf does; a NaN has no sign.
func (d *directive) appendFloat(buf []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		body := "inf"
		if math.IsNaN(x) {
			body = "nan"
		}
		if d.verb == 'E' || d.verb == 'G' {
			body = strings.ToUpper(body)
		}
		return d.pad(buf, d.sign(x < 0), body, false)
	}
	prec := d.prec
	if prec < 0 {
		prec = 6
	}
	abs := math.Abs(x)
	var body string
	switch {
	case d.verb == 'f', d.verb == 'e', d.verb == 'E':
		body = strconv.FormatFloat(abs, d.verb, prec, 64)
		if d.alt && prec == 0 {
			body = withPoint(body)
		}
	case d.alt:
		body = fullGeneral(abs, d.verb, max(prec, 1))
	default:
		body = strconv.FormatFloat(abs, d.verb, max(prec, 1), 64)
	}
	return d.pad(buf, d.sign(math.Signbit(x)), body, d.zero)
}

// fullGeneral is "%#g": prec significant digits with their trailing zeros, always with a point.
func fullGeneral(abs float64, verb byte, prec int) string {
	// The exponent is that after rounding to prec digits.
	e := strconv.FormatFloat(abs, verb-('g'-'e'), prec-1, 64)
	exponent, _ := strconv.Atoi(e[strings.IndexAny(e, "eE")+1:])
	if exponent < -4 || exponent >= prec {
		return withPoint(e)
	}
	return withPoint(strconv.FormatFloat(abs, 'f', prec-1-exponent, 64))
}

// withPoint puts a decimal point behind the mantissa if it has none.
func withPoint(s string) string {
	if strings.Contains(s, ".") {
		return s
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		return s[:i] + "." + s[i:]
	}
	return s + "."
}

// appendText appends s under the verbs s and c, cut to the precision.
func (d *directive) appendText(buf []byte, s string) []byte {
	if d.prec >= 0 && d.prec < len(s) {
		s = s[:d.prec]
	}
	return d.pad(buf, "", s, false)
}

// appendQuoted appends s as a Lua string literal that reads back as s.
func appendQuoted(buf []byte, s string) []byte {
	buf = append(buf, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\', '\n':
			buf = append(buf, '\\', c)
		case '\r':
			buf = append(buf, `\r`...)
		case 0:
			buf = append(buf, `\000`...)
		default:
			buf = append(buf, c)
		}
	}
	return append(buf, '"')
}
