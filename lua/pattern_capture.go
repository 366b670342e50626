package lua

import "strings"

// open starts a capture at pos and matches the rest; a failure takes the capture back.
func (m *matcher) open(i, pos, length int) int {
	if m.level >= maxCaptures {
		return m.fail(errTooManyCaptures)
	}
	m.caps[m.level] = capture{pos, length}
	m.level++
	end := m.match(i+1, pos)
	if end < 0 {
		m.level--
	}
	return end
}

// close ends the innermost open capture at pos and matches the rest; a failure opens it again.
func (m *matcher) close(i, pos int) int {
	n := m.level - 1
	for n >= 0 && m.caps[n].length != captureOpen {
		n--
	}
	if n < 0 {
		return m.fail(errPatternCapture)
	}
	m.caps[n].length = pos - m.caps[n].start
	end := m.match(i+1, pos)
	if end < 0 {
		m.caps[n].length = captureOpen
	}
	return end
}

// balance returns the end of the balanced text that starts at pos, or -1.
func (m *matcher) balance(st *step, pos int) int {
	if pos >= len(m.src) || m.src[pos] != st.b {
		return -1
	}
	open := 1
	for p := pos + 1; p < len(m.src); p++ {
		// The closing byte comes first: it may be the opening one.
		switch m.src[p] {
		case st.e:
			if open--; open == 0 {
				if !m.spend(p - pos) {
					return -1
				}
				return p + 1
			}
		case st.b:
			open++
		}
	}
	m.spend(len(m.src) - pos)
	return -1
}

// frontier stays at pos if the byte before is outside the set and the one at pos inside; both ends of the subject count as byte 0.
func (m *matcher) frontier(st *step, pos int) int {
	var before, at byte
	if pos > 0 {
		before = m.src[pos-1]
	}
	if pos < len(m.src) {
		at = m.src[pos]
	}
	if st.set.has(before) || !st.set.has(at) {
		return -1
	}
	return pos
}

// backref returns the end of a copy of capture n at pos, or -1.
func (m *matcher) backref(n, pos int) int {
	if n >= m.level || m.caps[n].length == captureOpen {
		return m.fail(errCaptureIndex)
	}
	c := m.caps[n]
	if c.length == capturePosition {
		return -1
	}
	if !m.spend(c.length) || !strings.HasPrefix(m.src[pos:], m.src[c.start:c.start+c.length]) {
		return -1
	}
	return pos + c.length
}

// results returns how many values the match has: its captures, or one, the whole, if the pattern has none.
func (m *matcher) results() int {
	if m.level == 0 {
		return 1
	}
	return m.level
}

// result returns value n, counted from 0, of the match from start to end. position is above 0 for "()" and is then the value.
func (m *matcher) result(n, start, end int) (text string, position int, err error) {
	if n >= m.level {
		if n != 0 {
			return "", 0, errCaptureIndex
		}
		return m.src[start:end], 0, nil
	}
	switch c := m.caps[n]; c.length {
	case captureOpen:
		return "", 0, errOpenCapture
	case capturePosition:
		return "", c.start + 1, nil
	default:
		return m.src[c.start : c.start+c.length], 0, nil
	}
}
