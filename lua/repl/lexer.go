package repl

import "slices"

// tokenKind is what a piece of Lua is, as far as colours care.
type tokenKind int

const (
	tokenOther tokenKind = iota // names, operators, blanks
	tokenKeyword
	tokenConstant // nil, true, false
	tokenNumber
	tokenString
	tokenComment
)

// keywords are the reserved words but those in constants. They are no map,
// which would be built at every start.
var (
	keywords = [...]string{
		"and", "break", "do", "else", "elseif", "end", "for", "function", "goto", "if", "in", "local",
		"not", "or", "repeat", "return", "then", "until", "while",
	}
	constants = [...]string{"nil", "true", "false"}
)

// wordKind is what a name is.
func wordKind(word string) tokenKind {
	switch {
	case slices.Contains(keywords[:], word):
		return tokenKeyword
	case slices.Contains(constants[:], word):
		return tokenConstant
	}
	return tokenOther
}

// token is src[from:to].
type token struct {
	kind     tokenKind
	from, to int
}

// lexState says inside what a piece of source ends; the next piece starts there.
// The zero value is outside of everything.
type lexState struct {
	kind  tokenKind // tokenString, tokenComment or tokenOther
	quote rune      // the quote of a short string, 0 in a long bracket
	level int       // the count of "=" in a long bracket
}

// lexer cuts Lua into tokens. It accepts everything: unfinished and wrong source
// is what it mostly sees.
type lexer struct {
	src    []rune
	pos    int
	state  lexState
	tokens []token
}

// lex cuts src, which starts inside state, into tokens that cover it without
// gaps, and says inside what it ends. A newlineMark is a newline.
func lex(src []rune, state lexState) ([]token, lexState) {
	l := lexer{src: src, state: state}
	for l.pos < len(l.src) {
		from := l.pos
		kind := l.next()
		if n := len(l.tokens); n > 0 && l.tokens[n-1].kind == kind && kind == tokenOther {
			l.tokens[n-1].to = l.pos
			continue
		}
		l.tokens = append(l.tokens, token{kind, from, l.pos})
	}
	return l.tokens, l.state
}

// next consumes at least one rune.
func (l *lexer) next() tokenKind {
	if kind := l.state.kind; kind != tokenOther {
		l.rest()
		return kind
	}
	switch c := l.src[l.pos]; {
	case c == '"' || c == '\'':
		l.pos++
		l.state = lexState{kind: tokenString, quote: c}
		l.rest()
		return tokenString
	case c == '[' && l.longBracket(l.pos) >= 0:
		l.enterLong(tokenString)
		return tokenString
	case c == '-' && l.at(l.pos+1) == '-':
		l.pos += 2
		if l.longBracket(l.pos) >= 0 {
			l.enterLong(tokenComment)
			return tokenComment
		}
		for l.pos < len(l.src) && !isNewline(l.src[l.pos]) {
			l.pos++
		}
		return tokenComment
	case isDigit(c) || c == '.' && isDigit(l.at(l.pos+1)):
		l.number()
		return tokenNumber
	case isNameStart(c):
		from := l.pos
		for l.pos < len(l.src) && (isNameStart(l.src[l.pos]) || isDigit(l.src[l.pos])) {
			l.pos++
		}
		return wordKind(string(l.src[from:l.pos]))
	}
	l.pos++
	return tokenOther
}

// rest consumes what belongs to the string or comment that state is inside of,
// and leaves it when its end is there.
func (l *lexer) rest() {
	if l.state.quote == 0 {
		l.longRest()
		return
	}
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		l.pos++
		switch {
		case c == '\\' && l.pos < len(l.src):
			l.pos++
		case c == l.state.quote, isNewline(c): // an unfinished string ends with its line
			l.state = lexState{}
			return
		}
	}
}

func (l *lexer) longRest() {
	for ; l.pos < len(l.src); l.pos++ {
		if l.src[l.pos] != ']' {
			continue
		}
		end := l.pos + 1 + l.state.level
		if l.at(end) == ']' && l.equals(l.pos+1) == l.state.level {
			l.pos = end + 1
			l.state = lexState{}
			return
		}
	}
}

func (l *lexer) enterLong(kind tokenKind) {
	level := l.longBracket(l.pos)
	l.state = lexState{kind: kind, level: level}
	l.pos += level + 2
	l.rest()
}

// longBracket is the level of the long bracket that opens at pos, or -1.
func (l *lexer) longBracket(pos int) int {
	if l.at(pos) != '[' {
		return -1
	}
	level := l.equals(pos + 1)
	if l.at(pos+1+level) != '[' {
		return -1
	}
	return level
}

// equals counts the "=" from pos on.
func (l *lexer) equals(pos int) (n int) {
	for l.at(pos+n) == '=' {
		n++
	}
	return n
}

func (l *lexer) number() {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		sign := (c == '+' || c == '-') && (l.at(l.pos-1)|0x20 == 'e')
		if !isDigit(c) && !isNameStart(c) && c != '.' && !sign {
			return
		}
		if c == '.' && l.at(l.pos+1) == '.' { // 1..x
			return
		}
		l.pos++
	}
}

// at is the rune at pos, 0 outside.
func (l *lexer) at(pos int) rune {
	if pos < 0 || pos >= len(l.src) {
		return 0
	}
	return l.src[pos]
}

func isNewline(c rune) bool { return c == '\n' || c == newlineMark }
func isDigit(c rune) bool   { return c >= '0' && c <= '9' }
func isNameStart(c rune) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
