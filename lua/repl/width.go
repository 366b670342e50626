package repl

import (
	"strings"
	"unicode"
)

// runeWidth is how many cells r takes, by the rules of the editing library: what
// it counts is where it puts the cursor.
func runeWidth(r rune) int {
	switch {
	case r < 0x20:
		return 0
	case r < 0x7f:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cc, unicode.Cf):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
		return 2
	}
	return 1
}

// textWidth is how many cells text takes.
func textWidth(text string) (n int) {
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// fit cuts text to at most width cells; a cut shows as two dots.
func fit(text string, width int) string {
	if textWidth(text) <= width {
		return text
	}
	n := 0
	for i, r := range text {
		if n += runeWidth(r); n > width-2 {
			return text[:i] + ".."[:min(2, max(0, width))]
		}
	}
	return text
}

// harmless is text without control characters, which a name from the kernel may
// contain and a terminal would obey.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, text)
}

// harmlessLines is harmless for text of several lines.
func harmlessLines(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '?'
		}
		return r
	}, text)
}
