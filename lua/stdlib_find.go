package lua

import (
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// patternSpecials are the bytes that make a pattern more than plain text.
const patternSpecials = "^$*+?.([%-"

func stringFind(L *glua.LState) int  { return findOrMatch(L, true) }
func stringMatch(L *glua.LState) int { return findOrMatch(L, false) }

// findOrMatch is string.find and string.match: the first match from position init on.
func findOrMatch(L *glua.LState, find bool) int {
	src, pat := needString(L, 1), needString(L, 2)
	init := fromEnd(optInt(L, 3, 1), len(src)) - 1
	init = min(max(init, 0), len(src))
	if find && (L.ToBool(4) || !strings.ContainsAny(pat, patternSpecials)) {
		at := strings.Index(src[init:], pat)
		if at < 0 {
			L.Push(glua.LNil)
			return 1
		}
		pushNumber(L, float64(init+at+1))
		pushNumber(L, float64(init+at+len(pat)))
		return 2
	}
	pat, anchored := strings.CutPrefix(pat, "^")
	m := newMatcher(src, pat, interpOf(L).poll)
	start, end, err := m.search(init, anchored)
	if err != nil {
		patternError(L, err)
	}
	if start < 0 {
		L.Push(glua.LNil)
		return 1
	}
	if !find {
		return pushResults(L, m, start, end)
	}
	pushNumber(L, float64(start+1))
	pushNumber(L, float64(end))
	if m.level == 0 {
		return 2
	}
	return 2 + pushResults(L, m, start, end)
}

// patternError raises what stopped a matcher: a mistake in the pattern, or the end of the context.
func patternError(L *glua.LState, err error) {
	mustGoOn(L)
	throw(L, "%s", err.Error())
}

// pushResults pushes the captures of a match, or the whole if the pattern has none, and returns their number.
func pushResults(L *glua.LState, m *matcher, start, end int) int {
	n := m.results()
	for i := range n {
		L.Push(resultValue(L, m, i, start, end))
	}
	return n
}

// resultValue returns capture i: a string, or the position of "()".
func resultValue(L *glua.LState, m *matcher, i, start, end int) glua.LValue {
	text, position, err := m.result(i, start, end)
	if err != nil {
		patternError(L, err)
	}
	if position > 0 {
		return glua.LNumber(position)
	}
	return glua.LString(text)
}

// stringGmatch returns an iterator over all matches; each call of it gives the next one's captures, then nothing. An anchor has
// no meaning here: "^" matches itself.
func stringGmatch(L *glua.LState) int {
	src, pat := needString(L, 1), needString(L, 2)
	poll := interpOf(L).poll
	m := newMatcher(src, pat, poll)
	pos := 0
	L.Push(L.NewFunction(func(L *glua.LState) int {
		if pos > len(src) {
			return 0
		}
		start, end, err := m.search(pos, false)
		if err != nil {
			patternError(L, err)
		}
		if start < 0 {
			pos = len(src) + 1
			return 0
		}
		pos = end
		if end == start {
			pos++
		}
		return pushResults(L, m, start, end)
	}))
	return 1
}
