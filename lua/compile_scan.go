package lua

import "fmt"

// scanError is a source refused before parsing.
type scanError struct {
	line int
	msg  string
}

func (e *scanError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.msg) }

// scanLevel is one open bracket or block.
type scanLevel struct {
	base    int  // operators around this level, which deepen all within
	chain   int  // operators chained in the expression being read
	operand bool // the last token ended an operand
}

// scanner counts how deep the tree of a source would be. It knows just enough
// of Lua to skip strings and comments; what is no Lua is left to the parser.
type scanner struct {
	lim    limits
	src    string
	pos    int
	line   int
	levels []scanLevel
}

// scanLimits refuses a source whose tree would nest deeper than lim allows.
// The parser and the compiler recurse over that tree: two million "not" in a
// row would overflow Go's stack, which no recover stops.
func scanLimits(src string, lim limits) error {
	s := &scanner{lim: lim, src: src, line: 1, levels: make([]scanLevel, 1, 16)}
	for s.pos < len(s.src) {
		if err := s.token(); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) top() *scanLevel { return &s.levels[len(s.levels)-1] }

func (s *scanner) peek(i int) byte {
	if s.pos+i < len(s.src) {
		return s.src[s.pos+i]
	}
	return 0
}

// token reads one token or blank.
func (s *scanner) token() error {
	c := s.src[s.pos]
	switch {
	case c == '\n':
		s.line++
		s.pos++
	case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
		s.pos++
	case c == '-' && s.peek(1) == '-':
		s.comment()
	case c == '"' || c == '\'':
		s.shortString(c)
		return s.suffix()
	case c == '[' && (s.peek(1) == '[' || s.peek(1) == '='):
		if s.longBracket() {
			return s.suffix()
		}
		return s.open()
	case scanDigit(c) || c == '.' && scanDigit(s.peek(1)):
		s.number()
		s.startOperand()
	case scanLetter(c):
		return s.word()
	default:
		return s.symbol(c)
	}
	return nil
}

func scanDigit(c byte) bool { return c >= '0' && c <= '9' }
func scanLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

// comment skips a comment of either form.
func (s *scanner) comment() {
	s.pos += 2
	if s.peek(0) == '[' && s.longBracket() {
		return
	}
	for s.pos < len(s.src) && s.src[s.pos] != '\n' {
		s.pos++
	}
}

func (s *scanner) shortString(quote byte) {
	s.pos++
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		s.pos++
		switch c {
		case quote:
			return
		case '\\':
			if s.peek(0) == '\n' {
				s.line++
			}
			s.pos++
		case '\n': // unfinished: the parser says so
			s.line++
			return
		}
	}
}

// longBracket skips [[...]] or [=[...]=] and reports whether there was one.
func (s *scanner) longBracket() bool {
	i := s.pos + 1
	for i < len(s.src) && s.src[i] == '=' {
		i++
	}
	if i >= len(s.src) || s.src[i] != '[' {
		return false
	}
	level := i - s.pos - 1
	for i++; i < len(s.src); i++ {
		switch s.src[i] {
		case '\n':
			s.line++
		case ']':
			j := i + 1
			for j < len(s.src) && s.src[j] == '=' {
				j++
			}
			if j-i-1 == level && j < len(s.src) && s.src[j] == ']' {
				s.pos = j + 1
				return true
			}
		}
	}
	s.pos = len(s.src)
	return true
}

func (s *scanner) number() {
	for s.pos < len(s.src) {
		c := s.src[s.pos]
		if (c == '+' || c == '-') && s.pos > 0 && (s.src[s.pos-1]|0x20) == 'e' {
			s.pos++
			continue
		}
		if !scanDigit(c) && !scanLetter(c) && c != '.' {
			return
		}
		s.pos++
	}
}

// word reads a name or keyword.
func (s *scanner) word() error {
	start := s.pos
	for s.pos < len(s.src) && (scanLetter(s.src[s.pos]) || scanDigit(s.src[s.pos])) {
		s.pos++
	}
	switch s.src[start:s.pos] {
	case "and", "or", "not":
		return s.operator()
	case "nil", "true", "false":
		s.startOperand()
	case "function":
		s.startOperand()
		return s.push()
	case "do", "repeat", "if":
		s.reset()
		return s.push()
	case "end", "until":
		s.pop()
		s.top().operand = true
	case "elseif": // the tree nests each in the one before
		s.reset()
		s.top().base++
		return s.check()
	case "then", "else", "while", "for", "in", "local", "return", "break", "goto":
		s.reset()
	default:
		s.startOperand()
	}
	return nil
}

func (s *scanner) symbol(c byte) error {
	switch c {
	case '(', '{', '[':
		return s.open()
	case ')', '}', ']':
		s.pos++
		s.pop()
		s.top().operand = true
		return nil
	case ',', ';':
		s.pos++
		s.reset()
		return nil
	case '=':
		if s.peek(1) != '=' {
			s.pos++
			s.reset()
			return nil
		}
		s.pos += 2
		return s.operator()
	case '.':
		if s.peek(1) == '.' {
			if s.peek(2) == '.' {
				s.pos += 3
				s.startOperand()
				return nil
			}
			s.pos += 2
			return s.operator()
		}
		s.pos++
		return s.operator()
	case '~', '<', '>':
		s.pos++
		if s.peek(0) == '=' {
			s.pos++
		}
		return s.operator()
	}
	s.pos++
	return s.operator()
}

// startOperand begins an operand; right after another it begins a statement.
func (s *scanner) startOperand() {
	l := s.top()
	if l.operand {
		l.chain = 0
	}
	l.operand = true
}

// operator counts one operator, unary or binary, a dot or a colon.
func (s *scanner) operator() error {
	l := s.top()
	l.chain++
	l.operand = false
	return s.check()
}

// suffix is a string, which after an operand is a call of it.
func (s *scanner) suffix() error {
	l := s.top()
	if l.operand {
		l.chain++
	}
	l.operand = true
	return s.check()
}

// open is a bracket, which after an operand is a call or an index.
func (s *scanner) open() error {
	s.pos++
	if l := s.top(); l.operand {
		l.chain++
	}
	return s.push()
}

func (s *scanner) reset() {
	l := s.top()
	l.chain, l.operand = 0, false
}

func (s *scanner) push() error {
	if len(s.levels) > s.lim.Nesting {
		return &scanError{s.line, fmt.Sprintf("blocks and brackets nested deeper than %d", s.lim.Nesting)}
	}
	l := s.top()
	s.levels = append(s.levels, scanLevel{base: l.base + l.chain})
	return s.check()
}

func (s *scanner) pop() {
	if len(s.levels) > 1 {
		s.levels = s.levels[:len(s.levels)-1]
	}
}

func (s *scanner) check() error {
	if l := s.top(); l.base+l.chain > s.lim.Operators {
		return &scanError{s.line, fmt.Sprintf("expression with more than %d operators", s.lim.Operators)}
	}
	return nil
}
