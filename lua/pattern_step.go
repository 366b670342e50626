package lua

import "errors"

// stepOp says what one item of a pattern does.
type stepOp uint8

const (
	opEnd        stepOp = iota // the pattern is used up: a match
	opSubjectEnd               // "$" as the last item
	opOpen                     // "("
	opOpenPos                  // "()"
	opClose                    // ")"
	opBalance                  // "%bxy"
	opFrontier                 // "%f[set]"
	opBackref                  // "%1" to "%9"
	opByte                     // one given byte
	opAny                      // "."
	opSet                      // "[set]" or a class
)

// step is one decoded item of a pattern.
type step struct {
	op stepOp
	// rep is the suffix of opByte, opAny and opSet: 0, '*', '+', '-' or '?'.
	rep byte
	// b is opByte's byte, opBalance's opening byte or opBackref's index counted from 0.
	b byte
	// e is opBalance's closing byte.
	e byte
	// set belongs to opSet and opFrontier.
	set byteSet
}

// accepts reports whether a single-character step takes c.
func (st *step) accepts(c byte) bool {
	switch st.op {
	case opByte:
		return st.b == c
	case opAny:
		return true
	default:
		return st.set.has(c)
	}
}

// needsOne reports whether the step matches one or more characters that it accepts, and nothing else.
func (st *step) needsOne() bool { return st.op >= opByte && (st.rep == 0 || st.rep == '+') }

var (
	errPatternEscape  = errors.New("malformed pattern (ends with '%')")
	errPatternSet     = errors.New("malformed pattern (missing ']')")
	errPatternBalance = errors.New("unbalanced pattern")
	errPatternFront   = errors.New("missing '[' after '%f' in pattern")
)

// decodeStep reads the item of pat that starts at p, which may be len(pat), and returns it with the offset after it.
func decodeStep(pat string, p int) (step, int, error) {
	if p >= len(pat) {
		return step{op: opEnd}, p, nil
	}
	last := p+1 == len(pat)
	switch c := pat[p]; {
	case c == '(' && !last && pat[p+1] == ')':
		return step{op: opOpenPos}, p + 2, nil
	case c == '(':
		return step{op: opOpen}, p + 1, nil
	case c == ')':
		return step{op: opClose}, p + 1, nil
	case c == '$' && last:
		return step{op: opSubjectEnd}, p + 1, nil
	case c == '%' && !last && pat[p+1] == 'b':
		if p+3 >= len(pat) {
			return step{}, p, errPatternBalance
		}
		return step{op: opBalance, b: pat[p+2], e: pat[p+3]}, p + 4, nil
	case c == '%' && !last && pat[p+1] == 'f':
		if p+2 >= len(pat) || pat[p+2] != '[' {
			return step{}, p, errPatternFront
		}
		st, next, err := decodeSet(pat, p+2)
		st.op = opFrontier
		return st, next, err
	case c == '%' && !last && '0' <= pat[p+1] && pat[p+1] <= '9':
		// "%0" wraps to 255, which is no capture.
		return step{op: opBackref, b: pat[p+1] - '1'}, p + 2, nil
	}
	st, next, err := decodeSingle(pat, p)
	if err == nil && next < len(pat) {
		switch pat[next] {
		case '*', '+', '-', '?':
			st.rep = pat[next]
			next++
		}
	}
	return st, next, err
}

// decodeSingle reads what matches one character, without its suffix.
func decodeSingle(pat string, p int) (step, int, error) {
	switch pat[p] {
	case '.':
		return step{op: opAny}, p + 1, nil
	case '[':
		return decodeSet(pat, p)
	case '%':
		if p+1 == len(pat) {
			return step{}, p, errPatternEscape
		}
		c := pat[p+1]
		if _, ok := class(c); ok {
			return step{op: opSet, set: classSet(c)}, p + 2, nil
		}
		return step{op: opByte, b: c}, p + 2, nil
	default:
		return step{op: opByte, b: pat[p]}, p + 1, nil
	}
}

// decodeSet reads "[...]". The first character after "[" or "[^" is a member even if it is "]".
func decodeSet(pat string, p int) (step, int, error) {
	first := p + 1
	negated := first < len(pat) && pat[first] == '^'
	if negated {
		first++
	}
	end := first
	for {
		if end >= len(pat) {
			return step{}, p, errPatternSet
		}
		escape := pat[end] == '%'
		end++
		if escape && end < len(pat) {
			end++
		}
		if end < len(pat) && pat[end] == ']' {
			break
		}
	}
	st := step{op: opSet}
	for i := first; i < end; {
		switch {
		case pat[i] == '%':
			// A range that ends in an escape can leave "%" before the closing bracket: PUC then reads the bracket, and so do we.
			st.set.addSet(classSet(pat[i+1]))
			i += 2
		case pat[i+1] == '-' && i+2 < end:
			st.set.addRange(pat[i], pat[i+2])
			i += 3
		default:
			st.set.add(pat[i])
			i++
		}
	}
	if negated {
		st.set = st.set.complement()
	}
	return st, end + 1, nil
}
