package lua

import (
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// substitution is one run of string.gsub.
type substitution struct {
	L   *glua.LState
	m   *matcher
	src string
	// value is the replacement argument; text is it as a string, if it is one or a number.
	value glua.LValue
	text  string
	// out has the result so far, copied from src up to copied.
	out    []byte
	copied int
	// limit is the most that out may hold.
	limit int
}

// stringGsub replaces the matches, at most as many as argument 4 says. It takes time and space in proportion to its result.
func stringGsub(L *glua.LState) int {
	src, pat := needString(L, 1), needString(L, 2)
	in := interpOf(L)
	s := &substitution{L: L, src: src, value: L.Get(3), limit: in.StringBytes}
	switch v := s.value.(type) {
	case glua.LString, glua.LNumber:
		s.text, _ = stringOf(v)
	case *glua.LTable, *glua.LFunction:
	default:
		argError(L, 3, "string/function/table expected")
	}
	most := optInt(L, 4, len(src)+1)
	pat, anchored := strings.CutPrefix(pat, "^")
	s.m = newMatcher(src, pat, in.poll)
	n := s.run(most, anchored)
	if n == 0 {
		L.Push(glua.LString(src))
	} else {
		s.add(src[s.copied:])
		L.Push(glua.LString(s.out))
	}
	pushNumber(L, float64(n))
	return 2
}

// run replaces up to most matches and returns how many there were.
func (s *substitution) run(most int, anchored bool) int {
	n := 0
	for pos := 0; n < most && pos <= len(s.src); {
		start, end, err := s.m.search(pos, anchored)
		if err != nil {
			patternError(s.L, err)
		}
		if start < 0 {
			break
		}
		n++
		s.replace(start, end)
		if pos = end; end == start {
			pos++
		}
		if anchored {
			break
		}
	}
	return n
}

// replace puts the replacement of the match from start to end into the result. It keeps the text if the replacement is false.
func (s *substitution) replace(start, end int) {
	var value glua.LValue
	switch v := s.value.(type) {
	case *glua.LTable:
		value = s.L.GetTable(v, resultValue(s.L, s.m, 0, start, end))
	case *glua.LFunction:
		s.L.Push(v)
		callLua(s.L, pushResults(s.L, s.m, start, end), 1)
		value = s.L.Get(-1)
		s.L.Pop(1)
	default:
		s.add(s.src[s.copied:start])
		s.copied = end
		s.expand(start, end)
		return
	}
	if glua.LVIsFalse(value) {
		return
	}
	text, ok := stringOf(value)
	if !ok {
		throw(s.L, "invalid replacement value (a %s)", value.Type())
	}
	s.add(s.src[s.copied:start])
	s.add(text)
	s.copied = end
}

// expand adds the replacement text with "%0" to "%9" filled in; "%" before any other byte stands for that byte.
func (s *substitution) expand(start, end int) {
	rest := s.text
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			s.add(rest)
			return
		}
		s.add(rest[:i])
		c := byte(0)
		if rest = rest[i+1:]; rest != "" {
			c, rest = rest[0], rest[1:]
		}
		switch {
		case c == '0':
			s.add(s.src[start:end])
		case isDigit(c):
			text, _ := stringOf(resultValue(s.L, s.m, int(c-'1'), start, end))
			s.add(text)
		default:
			// PUC reads a "%" at the very end as "%\0".
			s.add(string([]byte{c}))
		}
	}
}

// add appends text to the result, which stays within the limit.
func (s *substitution) add(text string) {
	if len(s.out)+len(text) > s.limit {
		needLength(s.L, len(s.out)+len(text))
	}
	s.out = append(s.out, text...)
}
