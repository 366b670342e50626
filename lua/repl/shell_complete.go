package repl

import (
	"strings"
)

// Complete finds what could stand at the cursor. It looks at declarations, at
// tables as they are and at the names of links and namespaces; it runs no code
// of the user.
func (s *Shell) Complete(src string, pos int) ([]Candidate, int) {
	head := src[:pos]
	l := newLookup(s.in)
	if _, is := program(head); is {
		return nil, pos
	}
	if name, _, ok := parseCommand(head); ok {
		arg := strings.Index(head, name) + len(name)
		from := arg + len(head[arg:]) - len(strings.TrimLeft(head[arg:], " \t"))
		switch name {
		case "load":
			return beginning(files(head[from:]), head[from:]), from
		case "help":
			texts, _ := l.values(&option{kind: "topic"}, nil)
			return beginning(texts, head[from:]), from
		}
		cands, at := l.complete(head[arg:], src[pos:])
		return cands, arg + at
	}
	return l.complete(head, src[pos:])
}

// complete finds what could stand between head and tail; from is a byte of head.
func (l *lookup) complete(head, tail string) (cands []Candidate, from int) {
	words, ok := scan(head)
	if !ok {
		return nil, len(head)
	}
	n := len(words)
	if n > 0 && words[n-1].open {
		return l.completeString(words, tail)
	}
	typed, from := "", len(head)
	if n > 0 && words[n-1].to == len(head) {
		switch w := &words[n-1]; {
		case w.kind == tokenNumber:
			return nil, from
		case w.isName() || w.kind == tokenKeyword || w.kind == tokenConstant:
			typed, from = w.text, w.from
			words = words[:n-1]
			n--
		}
	}
	if n > 0 && (words[n-1].is(".") || words[n-1].is(":")) && (n < 2 || !words[n-2].is(words[n-1].text)) {
		return beginning(l.after(words), typed), from
	}
	if cands := beginning(l.inCall(words), typed); len(cands) > 0 {
		return cands, from
	}
	if typed == "" {
		return nil, from
	}
	return beginning(l.names(words), typed), from
}

// after are the members of what stands before the last word, a separator.
func (l *lookup) after(words []word) []Candidate {
	n := len(words)
	steps, _, ok := chain(words, n-2)
	if !ok || locals(words)[steps[0].name] {
		return nil
	}
	t, ok := l.resolve(steps)
	if !ok {
		return nil
	}
	return l.members(t, words[n-1].text)
}

// inCall are what the call around the cursor takes there: names of fields at
// the beginning of a table's entry, values behind a field's name and among the
// arguments.
func (l *lookup) inCall(words []word) []Candidate {
	stack := frames(words)
	s, ok := l.site(stack)
	if !ok {
		return nil
	}
	entry := words[s.frame.first:]
	key, value := entryKey(entry)
	switch {
	case key != "" && len(value) == 0:
		if o := s.named(key); o != nil {
			return l.quoted(o, s)
		}
	case len(entry) > 0:
	case s.frame.bracket == "{" && s.list == nil:
		return s.keys()
	default:
		if o := s.positional(); o != nil {
			return l.quoted(o, s)
		}
	}
	return nil
}

// keys are the fields that the table at the cursor can still have.
func (s *site) keys() []Candidate {
	var out []Candidate
	for i := range s.options {
		o := &s.options[i]
		_, given := s.frame.fields[o.name]
		if given || o.rest || o.pos > 0 && o.pos <= s.frame.count+s.shift || !isIdentifier(o.name) {
			continue
		}
		out = append(out, Candidate{Text: o.name + "=", Kind: o.kind, Doc: o.doc})
	}
	return out
}

// quoted are the values of an option as Lua writes them.
func (l *lookup) quoted(o *option, s site) []Candidate {
	texts, bare := l.values(o, s.t.place)
	for i := range texts {
		texts[i].Text = `"` + texts[i].Text + `"`
	}
	return append(bare, texts...)
}

// completeString finds what could stand in the string that the cursor is in.
func (l *lookup) completeString(words []word, tail string) (cands []Candidate, from int) {
	n := len(words) - 1
	w := words[n]
	words = words[:n]
	typed, from := w.content(), w.from+1
	o, s := l.optionAt(words)
	if o == nil {
		return nil, from
	}
	texts, _ := l.values(o, s.t.place)
	cands = beginning(texts, typed)
	if len(cands) == 1 && !strings.HasPrefix(tail, w.text[:1]) {
		cands[0].Text += w.text[:1] // the only one: the string ends with it
	}
	return cands, from
}

// optionAt is the option that a value after words gives.
func (l *lookup) optionAt(words []word) (*option, site) {
	n := len(words)
	if steps, _, ok := chain(words, n-1); n > 0 && ok { // link.get "
		t, ok := l.resolve(steps)
		if !ok {
			return nil, site{}
		}
		t = called(t)
		s := site{t: t, options: l.options(t, nil), frame: &frame{}}
		if t.mod != nil && t.mod.Has != nil && t.fn == t.mod.Func("list") {
			return s.named("dev"), s // addr "eth0"
		}
		return s.positional(), s
	}
	s, ok := l.site(frames(words))
	if !ok {
		return nil, site{}
	}
	entry := words[s.frame.first:]
	if key, value := entryKey(entry); key != "" && len(value) == 0 {
		return s.named(key), s
	}
	if len(entry) == 0 {
		return s.positional(), s
	}
	return nil, site{}
}
