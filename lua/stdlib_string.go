package lua

import (
	"math"
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// stringLibrary is string with every function; strings are bytes, letters those of ASCII.
func stringLibrary() library {
	return library{
		"byte": stringByte, "char": stringChar, "dump": stringDump, "find": stringFind, "format": stringFormat,
		"gmatch": stringGmatch, "gsub": stringGsub, "len": stringLen, "lower": stringLower,
		"match": stringMatch, "rep": stringRep, "reverse": stringReverse, "sub": stringSub, "upper": stringUpper,
	}
}

// fromEnd turns a position that counts from the end, if negative, into one that counts from the start; 0 is before the string.
func fromEnd(pos, length int) int {
	if pos >= 0 {
		return pos
	}
	return max(pos+length+1, 0)
}

func stringByte(L *glua.LState) int {
	s := needString(L, 1)
	first := fromEnd(optInt(L, 2, 1), len(s))
	last := min(fromEnd(optInt(L, 3, first), len(s)), len(s))
	first = max(first, 1)
	if first > last {
		return 0
	}
	needRoom(L, last-first+1, "string slice too long")
	for _, c := range []byte(s[first-1 : last]) {
		L.Push(glua.LNumber(c))
	}
	return last - first + 1
}

func stringChar(L *glua.LState) int {
	buf := make([]byte, L.GetTop())
	for i := range buf {
		c := needInt(L, i+1)
		if c < 0 || c > math.MaxUint8 {
			argError(L, i+1, "invalid value")
		}
		buf[i] = byte(c)
	}
	return pushText(L, string(buf))
}

func stringDump(L *glua.LState) int {
	needFunction(L, 1)
	throw(L, "unable to dump given function")
	return 0
}

func stringLen(L *glua.LState) int { return pushNumber(L, float64(len(needString(L, 1)))) }

func stringLower(L *glua.LState) int {
	return pushText(L, mapBytes(needString(L, 1), 'A', 'Z'))
}

func stringUpper(L *glua.LState) int {
	return pushText(L, mapBytes(needString(L, 1), 'a', 'z'))
}

// mapBytes changes the case of the ASCII letters from lo to hi and leaves all other bytes alone.
func mapBytes(s string, lo, hi byte) string {
	buf := []byte(s)
	for i, c := range buf {
		if lo <= c && c <= hi {
			buf[i] = c ^ 0x20
		}
	}
	return string(buf)
}

func stringReverse(L *glua.LState) int {
	buf := []byte(needString(L, 1))
	slices.Reverse(buf)
	return pushText(L, string(buf))
}

func stringRep(L *glua.LState) int {
	s, n := needString(L, 1), needInt(L, 2)
	if n <= 0 || s == "" {
		return pushText(L, "")
	}
	if n > math.MaxInt/len(s) {
		needLength(L, -1)
	}
	needLength(L, n*len(s))
	return pushText(L, strings.Repeat(s, n))
}

func stringSub(L *glua.LState) int {
	s := needString(L, 1)
	first := max(fromEnd(needInt(L, 2), len(s)), 1)
	last := min(fromEnd(optInt(L, 3, -1), len(s)), len(s))
	if first > last {
		return pushText(L, "")
	}
	return pushText(L, s[first-1:last])
}
