package lua

import (
	"errors"
	"strings"
)

const (
	maxCaptures = 32
	// maxPatternDepth bounds the recursion of a match, which goes one deeper for each item that can match in several ways.
	maxPatternDepth = 10000
	// pollEvery is the number of comparisons between two looks at the context: about 50 µs.
	pollEvery = 1 << 14

	captureOpen     = -1
	capturePosition = -2
)

var (
	errTooManyCaptures = errors.New("too many captures")
	errPatternCapture  = errors.New("invalid pattern capture")
	errCaptureIndex    = errors.New("invalid capture index")
	errOpenCapture     = errors.New("unfinished capture")
	errPatternDepth    = errors.New("pattern too complex")
)

// capture is where a capture starts and how long it is: captureOpen while unfinished, capturePosition for "()".
type capture struct{ start, length int }

// matcher matches one Lua 5.1 pattern against one subject. The pattern is decoded item by item when a match first reaches it,
// so that a mistake in it is reported exactly when PUC Lua reports it, and each item is decoded once however often it is tried.
type matcher struct {
	src, pat string
	steps    []step
	// next is the offset in pat of the first item that is not in steps.
	next int

	caps  [maxCaptures]capture
	level int
	depth int
	work  int
	poll  func() error
	// err ends everything: a malformed pattern, or what poll returned.
	err error
}

// newMatcher prepares pat, without the leading anchor, for src. poll is asked now and then whether to go on.
func newMatcher(src, pat string, poll func() error) *matcher {
	return &matcher{src: src, pat: pat, poll: poll}
}

// search finds the first match that starts at init or later, or only at init. start is -1 when there is none.
func (m *matcher) search(init int, anchored bool) (start, end int, err error) {
	for pos := init; ; pos++ {
		if !anchored {
			pos = m.skip(pos)
		}
		if end = m.at(pos); end >= 0 {
			return pos, end, nil
		}
		if m.err != nil || anchored || pos >= len(m.src) {
			return -1, -1, m.err
		}
	}
}

// skip returns the first position from pos on at which the first character that the pattern needs stands; the end if there is
// none. What is in front of that item can only be captures, so a match elsewhere would fail there without reaching anything else.
func (m *matcher) skip(pos int) int {
	i := 0
	for i < len(m.steps) && (m.steps[i].op == opOpen || m.steps[i].op == opOpenPos) {
		i++
	}
	if i == len(m.steps) || !m.steps[i].needsOne() {
		return pos
	}
	first := &m.steps[i]
	if first.op == opByte {
		if n := strings.IndexByte(m.src[pos:], first.b); n >= 0 {
			return pos + n
		}
		return len(m.src)
	}
	for pos < len(m.src) && !first.accepts(m.src[pos]) {
		pos++
	}
	return pos
}

// at tries a match that starts at pos and returns its end, or -1.
func (m *matcher) at(pos int) int {
	m.level = 0
	return m.match(0, pos)
}

// spend counts n comparisons and reports whether to go on.
func (m *matcher) spend(n int) bool {
	if m.work += n; m.work >= pollEvery {
		m.work = 0
		if m.err == nil {
			m.err = m.poll()
		}
	}
	return m.err == nil
}

// fail ends the whole match with err.
func (m *matcher) fail(err error) int {
	if m.err == nil {
		m.err = err
	}
	return -1
}

// step returns the item with number i, decoding it if this is the first visit; nil after a malformed one.
func (m *matcher) step(i int) *step {
	if i == len(m.steps) {
		st, next, err := decodeStep(m.pat, m.next)
		if err != nil {
			m.fail(err)
			return nil
		}
		m.steps = append(m.steps, st)
		m.next = next
	}
	return &m.steps[i]
}

// match matches the items from i on at pos and returns where the match ends, or -1.
func (m *matcher) match(i, pos int) int {
	if m.depth++; m.depth > maxPatternDepth {
		m.fail(errPatternDepth)
	}
	end := -1
	if m.spend(1) {
		end = m.run(i, pos)
	}
	m.depth--
	return end
}

// run is match without its book-keeping. Items that can match in one way only are walked in a loop.
func (m *matcher) run(i, pos int) int {
	for ; ; i++ {
		st := m.step(i)
		if st == nil {
			return -1
		}
		switch st.op {
		case opEnd:
			return pos
		case opSubjectEnd:
			if pos == len(m.src) {
				return pos
			}
			return -1
		case opOpen:
			return m.open(i, pos, captureOpen)
		case opOpenPos:
			return m.open(i, pos, capturePosition)
		case opClose:
			return m.close(i, pos)
		case opBalance:
			pos = m.balance(st, pos)
		case opFrontier:
			pos = m.frontier(st, pos)
		case opBackref:
			pos = m.backref(int(st.b), pos)
		default:
			if st.rep != 0 {
				return m.repeat(st, i, pos)
			}
			if pos >= len(m.src) || !st.accepts(m.src[pos]) {
				return -1
			}
			pos++
		}
		if pos < 0 {
			return -1
		}
	}
}

// repeat matches item st, which has a suffix, and all after it.
func (m *matcher) repeat(st *step, i, pos int) int {
	switch st.rep {
	case '-':
		for {
			if m.mayMatch(i+1, pos) {
				if end := m.match(i+1, pos); end >= 0 || m.err != nil {
					return end
				}
			}
			if m.err != nil || pos >= len(m.src) || !st.accepts(m.src[pos]) {
				return -1
			}
			pos++
		}
	case '?':
		if pos < len(m.src) && st.accepts(m.src[pos]) {
			if end := m.match(i+1, pos+1); end >= 0 || m.err != nil {
				return end
			}
		}
		return m.match(i+1, pos)
	}
	least := pos
	if st.rep == '+' {
		least++
	}
	end := pos
	for end < len(m.src) && st.accepts(m.src[end]) {
		end++
	}
	if !m.spend(end - pos) {
		return -1
	}
	for ; end >= least; end-- {
		if m.mayMatch(i+1, end) {
			if e := m.match(i+1, end); e >= 0 || m.err != nil {
				return e
			}
		}
		if m.err != nil {
			return -1
		}
	}
	return -1
}

// mayMatch reports whether item i can match at pos as far as its first character tells; it counts as a comparison. An item not
// reached before may always match, for it may be malformed.
func (m *matcher) mayMatch(i, pos int) bool {
	if i >= len(m.steps) || !m.steps[i].needsOne() {
		return true
	}
	if m.work++; m.work >= pollEvery && !m.spend(0) {
		return false
	}
	return pos < len(m.src) && m.steps[i].accepts(m.src[pos])
}
