package repl

import (
	"bytes"
	"unicode/utf8"
)

const (
	escape     = 0x1b
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"

	// maxPaste bounds a paste, in bytes; a larger one is dropped whole, since
	// half a script is worse than none.
	maxPaste = 1 << 20
	// inlinePaste is up to which length, in bytes, a paste of plain text is
	// passed on as if typed, so that one can paste into a history search too.
	// The editor redraws the line for every typed rune.
	inlinePaste = 64
	// maxSequence is the longest escape sequence that is waited for.
	maxSequence = 32
)

// editorKeys are the control characters that the editing library has a meaning
// for; ^Z has ours. All others would enter the line as invisible runes.
const editorKeys = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x10\x12\x13\x14\x15\x17\x19\x1a\x7f"

// escapeKey gives for a sequence that terminals send the one that the editing
// library knows; "" for a sequence to be dropped. (A map would be built at every
// start.)
func escapeKey(seq string) string {
	switch seq {
	case "\x1b[A", "\x1bOA": // up
		return "\x10"
	case "\x1b[B", "\x1bOB": // down
		return "\x0e"
	case "\x1b[C", "\x1bOC": // right
		return "\x06"
	case "\x1b[D", "\x1bOD": // left
		return "\x02"
	case "\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x1b[1;5H": // home
		return "\x01"
	case "\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x1b[1;5F": // end
		return "\x05"
	case "\x1b[3~": // delete
		return "\x1b[3~"
	case "\x1b[3;5~", "\x1b[3;3~", "\x1bd", "\x1bD": // ctrl-delete, alt-delete
		return "\x1bd"
	case "\x1b[1;5D", "\x1b[1;3D", "\x1b[5D", "\x1bOd", "\x1bb", "\x1bB": // word left
		return "\x1bb"
	case "\x1b[1;5C", "\x1b[1;3C", "\x1b[5C", "\x1bOc", "\x1bf", "\x1bF": // word right
		return "\x1bf"
	case "\x1b\x7f", "\x1b\x08": // word back
		return "\x1b\x7f"
	case "\x1b\r", "\x1b\n": // alt-enter
		return string(newlineKey)
	}
	return ""
}

// keyTranslator turns what terminals send into keys that the editing library
// understands. It is a pure state machine: bytes in, bytes out.
type keyTranslator struct {
	// onPaste gets the text of a paste for which a pasteMark was put out.
	onPaste func(text string)

	// rest is the beginning of an escape sequence whose end has not come.
	rest []byte
	// pasting says that we are inside a bracketed paste, paste what came of it.
	pasting bool
	paste   []byte
	dropped bool
}

// waiting reports whether an escape sequence, or a single ESC, is unfinished.
func (t *keyTranslator) waiting() bool { return !t.pasting && len(t.rest) > 0 }

// giveUp forgets an unfinished sequence: nothing more came, so it was the ESC
// key by itself, which means nothing here.
func (t *keyTranslator) giveUp() { t.rest = nil }

// translate returns what src means, after what came before.
func (t *keyTranslator) translate(src []byte) []byte {
	in := append(t.rest, src...)
	t.rest = nil
	var out []byte
	for len(in) > 0 {
		n := 0
		switch {
		case t.pasting:
			out, n = t.pasted(out, in)
		case in[0] == escape:
			out, n = t.sequence(out, in)
		default:
			out, n = plainKey(out, in)
		}
		if n == 0 {
			t.rest = bytes.Clone(in)
			break
		}
		in = in[n:]
	}
	return out
}

// sequence translates the escape sequence at the start of in and returns its
// length, 0 if it is not finished.
func (t *keyTranslator) sequence(out, in []byte) ([]byte, int) {
	n := sequenceLen(in)
	if n == 0 {
		if len(in) > maxSequence {
			return out, len(in)
		}
		return out, 0
	}
	seq := string(in[:n])
	if seq == pasteBegin {
		t.pasting, t.paste, t.dropped = true, nil, false
		return out, n
	}
	return append(out, escapeKey(seq)...), n
}

// sequenceLen is the length of the escape sequence at the start of in, 0 if its
// end is missing.
func sequenceLen(in []byte) int {
	if len(in) < 2 {
		return 0
	}
	switch {
	case in[1] == escape || in[1] >= utf8.RuneSelf:
		return 1 // ESC by itself; what follows is a key of its own
	case in[1] == 'O':
		if len(in) < 3 {
			return 0
		}
		return 3
	case in[1] != '[':
		return 2
	}
	for i := 2; i < len(in); i++ {
		if c := in[i]; c >= 0x40 && c <= 0x7e {
			if c == '[' && i == 2 { // F1 to F5 of the Linux console: ESC [ [ A
				continue
			}
			return i + 1
		} else if c < 0x20 || c > 0x7e {
			return i // no sequence after all: drop its beginning
		}
	}
	return 0
}

// pasted takes what belongs to a paste from the start of in. The end mark may
// come in pieces, so as many bytes as it lacks are left for the next call.
func (t *keyTranslator) pasted(out, in []byte) ([]byte, int) {
	n := bytes.Index(in, []byte(pasteEnd))
	if n < 0 {
		n = max(0, len(in)-len(pasteEnd)+1)
		t.keep(in[:n])
		return out, n
	}
	t.keep(in[:n])
	t.pasting = false
	text := bytes.TrimRight(t.paste, "\r\n")
	if !t.dropped && len(text) > 0 {
		if len(text) <= inlinePaste && isPlain(text) {
			out = append(out, text...)
		} else {
			out = utf8.AppendRune(out, pasteMark)
			t.onPaste(string(text))
		}
	}
	t.paste = nil
	return out, n + len(pasteEnd)
}

func (t *keyTranslator) keep(b []byte) {
	if t.dropped = t.dropped || len(t.paste)+len(b) > maxPaste; t.dropped {
		t.paste = nil
		return
	}
	t.paste = append(t.paste, b...)
}

// isPlain reports whether text has no control characters and nothing else that
// is more than itself as keys.
func isPlain(text []byte) bool {
	for _, r := range string(text) {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || isReserved(r) {
			return false
		}
	}
	return true
}

// plainKey translates the one byte at the start of in that belongs to no
// sequence.
func plainKey(out, in []byte) ([]byte, int) {
	c := in[0]
	switch {
	case c == '\t' && textFollows(in):
		return utf8.AppendRune(out, tabMark), 1
	case c >= 0x20 && c != 0x7f, bytes.IndexByte([]byte(editorKeys), c) >= 0:
		return append(out, c), 1
	}
	return out, 1
}

// textFollows reports whether text came with the tabs at the start of in in one
// read. Then nobody pressed TAB: it is a paste on a terminal that does not
// bracket it.
func textFollows(in []byte) bool {
	after := bytes.TrimLeft(in, "\t")
	return len(after) > 0 && after[0] >= 0x20 && after[0] != 0x7f
}
