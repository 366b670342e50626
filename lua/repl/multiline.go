package repl

import (
	"strings"
	"unicode"
)

// The editing library has a buffer of one line whose runes are one screen cell
// or two. What cannot stand in it is replaced while it is being edited.
const (
	// newlineMark stands for a newline and is drawn as it is.
	newlineMark = '\u23ce'
	// literalMark stands for a newlineMark that the user typed. It and the
	// following are noncharacters: no text contains them, none can be typed.
	literalMark = '\U0010fffe'
	// tabMark stands for a tab, so that a pasted string keeps it.
	tabMark = '\U0010ffff'
	// pasteMark is a key: the oldest undelivered paste goes here.
	pasteMark = '\U0001fffe'
	// newlineKey is a key: begin a new line within the entry.
	newlineKey = '\U0001ffff'
)

// isReserved reports whether r has a meaning of ours in the buffer or among the
// keys, and so is dropped from text.
func isReserved(r rune) bool {
	switch r {
	case literalMark, tabMark, pasteMark, newlineKey:
		return true
	}
	return false
}

// toBuffer turns text into what stands for it in the line buffer. Line ends of
// all kinds become one newline; other control characters, which would reach the
// terminal as they are, are dropped.
func toBuffer(text string) []rune {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	out := make([]rune, 0, len(text))
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r':
			out = append(out, newlineMark)
		case r == '\t':
			out = append(out, tabMark)
		case r == newlineMark:
			out = append(out, literalMark)
		case unicode.IsControl(r) || isReserved(r):
		default:
			out = append(out, r)
		}
	}
	return out
}

// fromBuffer is the text that a line buffer stands for.
func fromBuffer(line []rune) string {
	var b strings.Builder
	for _, r := range line {
		switch r {
		case newlineMark:
			r = '\n'
		case tabMark:
			r = '\t'
		case literalMark:
			r = newlineMark
		case pasteMark, newlineKey:
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// drawn is the rune that is shown for one of the buffer, of the same width.
func drawn(r rune) rune {
	switch r {
	case tabMark, pasteMark, newlineKey:
		return ' '
	case literalMark:
		return newlineMark
	}
	return r
}
