package repl

import (
	"strconv"
	"strings"
)

// word is a token of an entry as completion sees it. Blanks and comments are
// left out.
type word struct {
	kind     tokenKind // tokenOther: a name, or one character of punctuation
	text     string
	from, to int // bytes
	open     bool
}

func (w *word) isName() bool {
	return w.kind == tokenOther && isNameStart(rune(w.text[0]))
}

func (w *word) is(punct string) bool { return w.kind == tokenOther && w.text == punct }

// content is what stands inside the quotes of a string; escapes stay.
func (w *word) content() string {
	s := w.text[1:]
	if !w.open && s != "" {
		s = s[:len(s)-1]
	}
	return s
}

// scan cuts the part of an entry before the cursor into words. ok is false
// inside a comment or a long string, where nothing is completed.
func scan(head string) (words []word, ok bool) {
	runes, at := runesOf(head)
	tokens, state := lex(runes, lexState{})
	if state.kind == tokenComment || state.kind == tokenString && state.quote == 0 {
		return nil, false
	}
	for i, t := range tokens {
		from, to := at[t.from], at[t.to]
		text := head[from:to]
		switch {
		case t.kind == tokenComment:
			if i == len(tokens)-1 {
				return nil, false // it ends with its line only
			}
		case t.kind == tokenOther:
			words = splitOther(words, text, from)
		default:
			open := t.kind == tokenString && i == len(tokens)-1 && state.kind == tokenString
			words = append(words, word{t.kind, text, from, to, open})
		}
	}
	return words, true
}

// runesOf is text in runes, and at which byte each begins and the last ends. A
// byte that is no UTF-8 is a rune of its own.
func runesOf(text string) (runes []rune, at []int) {
	for i, r := range text {
		runes, at = append(runes, r), append(at, i)
	}
	return runes, append(at, len(text))
}

// splitOther cuts names and punctuation apart.
func splitOther(words []word, text string, at int) []word {
	for i := 0; i < len(text); {
		if strings.ContainsRune(" \t\r\n", rune(text[i])) {
			i++
			continue
		}
		end := i + 1
		if isNameStart(rune(text[i])) {
			for end < len(text) && (isNameStart(rune(text[end])) || isDigit(rune(text[end]))) {
				end++
			}
		}
		words = append(words, word{tokenOther, text[i:end], at + i, at + end, false})
		i = end
	}
	return words
}

// step is one name of a chain, with what stands before it: "", "." or ":".
type step struct{ sep, name string }

// chain is the names that end at words[end]: link.add, h1:exec. ok is false
// where it hangs on something that is no name: f().x.
func chain(words []word, end int) (steps []step, start int, ok bool) {
	i := end
	for {
		if i < 0 || !words[i].isName() {
			return nil, 0, false
		}
		s := step{name: words[i].text}
		if i > 0 && (words[i-1].is(".") || words[i-1].is(":")) && (i < 2 || !words[i-2].is(words[i-1].text)) {
			s.sep = words[i-1].text
		}
		steps = append([]step{s}, steps...)
		if s.sep == "" {
			return steps, i, true
		}
		i -= 2
	}
}

// frame is an open bracket.
type frame struct {
	bracket string
	callee  []step            // of what is called here; nil: nothing
	key     string            // the field of the table around it whose value it is
	first   int               // the word with which the present entry begins
	count   int               // positional entries before it
	fields  map[string]string // by name; positional ones by place: "#1"
}

// closes says whether a bracket ends an opening one.
func closes(opening, bracket string) bool {
	switch opening {
	case "(":
		return bracket == ")"
	case "{":
		return bracket == "}"
	}
	return bracket == "]"
}

// frames are the brackets that are open at the end of words, outermost first.
func frames(words []word) []frame {
	var stack []frame
	for i := range words {
		w := &words[i]
		if w.kind != tokenOther {
			continue
		}
		switch w.text {
		case "(", "{", "[":
			stack = append(stack, newFrame(stack, words, i))
		case ",", ";":
			if n := len(stack); n > 0 {
				stack[n-1].finish(words, i)
			}
		case ")", "}", "]":
			for n := len(stack) - 1; n >= 0; n-- {
				if closes(stack[n].bracket, w.text) {
					stack = stack[:n]
					break
				}
			}
		}
	}
	return stack
}

func newFrame(stack []frame, words []word, i int) frame {
	f := frame{bracket: words[i].text, first: i + 1, fields: map[string]string{}}
	if i > 0 && f.bracket != "[" {
		if steps, _, ok := chain(words, i-1); ok {
			f.callee = steps
		}
	}
	if n := len(stack); n > 0 && stack[n-1].bracket == "{" {
		f.key, _ = entryKey(words[stack[n-1].first:i])
	}
	return f
}

// finish ends an entry of a table or an argument list.
func (f *frame) finish(words []word, end int) {
	entry := words[f.first:end]
	f.first = end + 1
	key, value := entryKey(entry)
	switch {
	case key != "" && len(value) == 1 && value[0].kind == tokenString:
		f.fields[key] = value[0].content()
	case key != "":
		f.fields[key] = ""
	case len(entry) > 0:
		if f.count++; len(entry) == 1 && entry[0].kind == tokenString {
			f.fields["#"+strconv.Itoa(f.count)] = entry[0].content()
		}
	}
}

// entryKey is the name of a table's entry, and the words of its value; "" for
// a positional one.
func entryKey(entry []word) (key string, value []word) {
	if len(entry) >= 2 && entry[0].isName() && entry[1].is("=") && (len(entry) == 2 || !entry[2].is("=")) {
		return entry[0].text, entry[2:]
	}
	return "", nil
}
