package lua

import (
	"math"
	"strconv"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// numberText is how a number reads in tostring, "..", print and wherever else a string is wanted: whole numbers up to 2^53 in
// full, so that counters and addresses stay readable, all others as C's "%.14g"; "inf", "-inf" and "nan".
func numberText(n glua.LNumber) string {
	f := float64(n)
	const exact = 1 << 53
	switch {
	case f == math.Trunc(f) && -exact <= f && f <= exact:
		if f == 0 && math.Signbit(f) {
			return "-0"
		}
		return strconv.FormatInt(int64(f), 10)
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	return strconv.FormatFloat(f, 'g', 14, 64)
}

// isSpace reports whether c is white space in the C locale.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// parseNumber reads a whole string as a number the way C's strtod does: white space around it, a sign, decimal or hexadecimal
// digits with an exponent, "inf" and "nan".
func parseNumber(s string) (float64, bool) {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || strings.Contains(s, "_") {
		return 0, false
	}
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' && !strings.ContainsAny(digits, "pP") {
		// Go wants the exponent that C lets us leave out.
		s += "p0"
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// parseInBase reads a whole string as a number in base 2 to 36 the way C's strtoul does: a sign wraps around at 2^64, as does
// nothing else, and what is larger is 2^64.
func parseInBase(s string, base int) (float64, bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return r < 128 && isSpace(byte(r)) })
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if base == 16 && len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' {
		s = s[2:]
	}
	for i := 0; i < len(s); i++ {
		// ParseUint also takes signs and underscores in some bases.
		if digitValue(s[i]) >= base {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(s, base, 64)
	if err != nil && n != math.MaxUint64 {
		return 0, false
	}
	if negative && err == nil {
		n = -n
	}
	return float64(n), true
}

// digitValue returns the value of a digit or letter in bases up to 36, and 99 for anything else.
func digitValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'z':
		return int(c|0x20-'a') + 10
	}
	return 99
}

// toInt cuts f to a whole number; what does not fit becomes the nearest int, NaN the smallest.
func toInt(f float64) int {
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f > math.MinInt64:
		return int(f)
	}
	return math.MinInt64
}
