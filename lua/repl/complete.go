package repl

import (
	"strings"
	"unicode/utf8"
)

// edit is what a TAB does: the line after it, where its cursor stands, and what
// is to be shown.
type edit struct {
	line []rune
	pos  int
	list []Candidate
}

// completer computes what a TAB at pos of line does; before are the earlier
// lines of the entry.
type completer func(before string, line []rune, pos int) edit

// indent is what a TAB inserts at the beginning of a line of a longer entry.
const indent = "  "

// newCompleter completes the names of commands, and asks in for all else.
func newCompleter(in Interp, commands []Command) completer {
	return func(before string, line []rune, pos int) edit {
		left, right := fromBuffer(line[:pos]), fromBuffer(line[pos:])
		if before != "" && strings.TrimSpace(left) == "" {
			return insert(line, pos, pos, indent)
		}
		if before == "" && strings.HasPrefix(left, ":") && !strings.ContainsAny(left, " \n") {
			return completeWith(line, pos, left, commandCandidates(commands, left[1:]))
		}
		cands, from := in.Complete(before+left+right, len(before)+len(left))
		if from -= len(before); from < 0 || from > len(left) || !atRune(left, from) {
			return edit{line: line, pos: pos} // it would change what was entered already
		}
		return completeWith(line, pos, left[from:], cands)
	}
}

// completeWith replaces typed, which ends at pos, by the one candidate or by
// what all of them begin with. Where that says nothing new they are listed, and
// so is the only candidate when it is complete, for its Doc.
func completeWith(line []rune, pos int, typed string, cands []Candidate) edit {
	from := pos - len(toBuffer(typed))
	switch {
	case len(cands) == 0 || from < 0:
		return edit{line: line, pos: pos}
	case len(cands) == 1:
		if cands[0].Text == typed {
			return edit{line: line, pos: pos, list: describedOnly(cands)}
		}
		return insert(line, from, pos, cands[0].Text)
	}
	if common := commonPrefix(cands); len(common) > len(typed) && strings.HasPrefix(common, typed) {
		return insert(line, from, pos, common)
	}
	return edit{line: line, pos: pos, list: cands}
}

func describedOnly(cands []Candidate) []Candidate {
	if cands[0].Doc == "" {
		return nil
	}
	return cands
}

func insert(line []rune, from, to int, text string) edit {
	with := toBuffer(text)
	return edit{line: splice(line, from, to, with), pos: from + len(with)}
}

// commonPrefix is what the texts of all of cands begin with, in whole runes.
func commonPrefix(cands []Candidate) string {
	prefix := cands[0].Text
	for _, c := range cands[1:] {
		n := 0
		for n < len(prefix) && n < len(c.Text) && prefix[n] == c.Text[n] {
			n++
		}
		prefix = prefix[:n]
	}
	for prefix != "" && !utf8.ValidString(prefix) {
		prefix = prefix[:len(prefix)-1]
	}
	return prefix
}

func atRune(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }
