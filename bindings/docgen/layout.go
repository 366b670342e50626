package docgen

import (
	"strings"
	"unicode/utf8"
)

// width is how wide the text is.
const width = 78

// wrap breaks text into lines that fit behind indent blanks; the first line is
// not indented, it stands where the caller is.
func wrap(text string, indent int) string {
	room := max(width-indent, 24)
	var b strings.Builder
	n := 0
	for _, word := range strings.Fields(text) {
		w := utf8.RuneCountInString(word)
		switch {
		case n == 0:
		case n+1+w > room:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			n = 0
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += w
	}
	return b.String()
}

// row is one line of a table: what it is called, its type, what it means.
type row struct{ name, kind, doc string }

// Columns wider than these push their row's next column to a line of its own.
const (
	maxName = 24
	maxKind = 18
)

// table aligns rows, two blanks from the left.
func table(b *strings.Builder, rows []row) {
	name, kind := 0, 0
	for _, r := range rows {
		name = max(name, min(utf8.RuneCountInString(r.name), maxName))
		kind = max(kind, min(utf8.RuneCountInString(r.kind), maxKind))
	}
	for _, r := range rows {
		line := "  " + column(r.name, name)
		at := 2 + name + 2
		if kind > 0 {
			line += column(r.kind, kind)
			at += kind + 2
		}
		if r.doc != "" && utf8.RuneCountInString(line) > at {
			line = strings.TrimRight(line, " ") + "\n" + strings.Repeat(" ", at)
		}
		b.WriteString(strings.TrimRight(line+wrap(r.doc, at), " ") + "\n")
	}
}

func column(s string, n int) string {
	return s + strings.Repeat(" ", max(n-utf8.RuneCountInString(s), 0)+2)
}

// heading starts a part of a text.
func heading(b *strings.Builder, title string) { b.WriteString("\n" + title + "\n") }

// example writes Lua, indented.
func example(b *strings.Builder, code string) {
	heading(b, "Example")
	for _, line := range strings.Split(strings.Trim(code, "\n"), "\n") {
		b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
}

// firstSentence is text up to the end of its first sentence.
func firstSentence(text string) string {
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}

// methods is a part that lists what can be called with a colon.
func methods(rows []row) string {
	var b strings.Builder
	b.WriteString("Methods\n")
	table(&b, rows)
	return b.String()
}
