package attr

import (
	"strings"
	"sync"

	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/val"
)

// Enum is the words of a numbered choice. Numbers without a word stay numbers.
type Enum struct {
	name string
	said []string // as NewEnum was told
	more []more   // as With was told
	once sync.Once
	both []enumWord // of both, made when first needed: every start declares all
}

type more struct {
	num  uint64
	word string
}

type enumWord struct {
	num  uint64
	word string
	alt  string
}

// NewEnum names the numbers from 0; "" leaves one out, "a|b" gives a synonym.
func NewEnum(name string, words ...string) *Enum { return &Enum{name: name, said: words} }

// With adds a word for a number anywhere; it returns the enum, for use in its
// declaration only.
func (e *Enum) With(n uint64, word string) *Enum {
	if e.more == nil {
		e.more = make([]more, 0, 8)
	}
	e.more = append(e.more, more{n, word})
	return e
}

// all are the words in their order.
func (e *Enum) all() []enumWord {
	e.once.Do(func() {
		for i, w := range e.said {
			if w != "" {
				e.both = append(e.both, newWord(uint64(i), w))
			}
		}
		for _, m := range e.more {
			e.both = append(e.both, newWord(m.num, m.word))
		}
	})
	return e.both
}

func newWord(n uint64, w string) enumWord {
	word, alt, _ := strings.Cut(w, "|")
	return enumWord{n, word, alt}
}

// Word is the word of n, or "".
func (e *Enum) Word(n uint64) string {
	l := e.all()
	for i := range l {
		if l[i].num == n {
			return l[i].word
		}
	}
	return ""
}

// Text is the word of n, or its digits.
func (e *Enum) Text(n uint64) string { return EnumOf(n, e.Word(n)).String() }

// Number is the number behind a word or synonym.
func (e *Enum) Number(word string) (uint64, bool) {
	l := e.all()
	for i := range l {
		if w := &l[i]; w.word == word || w.alt != "" && w.alt == word {
			return w.num, true
		}
	}
	return 0, false
}

// Words lists the words in their order.
func (e *Enum) Words() []string {
	var l []string
	for _, w := range e.all() {
		l = append(l, w.word)
	}
	return l
}

// lexicon is where an enum's words come from: fixed, or read from rt_tables
// and its like.
type lexicon interface {
	word(e *Env, n uint64) string
	number(e *Env, w string) (uint64, bool)
	list(e *Env) []string
}

func (e *Enum) word(_ *Env, n uint64) string           { return e.Word(n) }
func (e *Enum) number(_ *Env, w string) (uint64, bool) { return e.Number(w) }
func (e *Enum) list(*Env) []string                     { return e.Words() }

// NameTable picks one table of the names that iproute2 reads from files.
type NameTable func(*rtnames.Names) *rtnames.Table

func (t NameTable) word(e *Env, n uint64) string {
	w, _ := t(e.names()).Word(uint32(n))
	return w
}

func (t NameTable) number(e *Env, w string) (uint64, bool) {
	n, ok := t(e.names()).Number(w)
	return uint64(n), ok
}

func (t NameTable) list(e *Env) []string { return t(e.names()).Words() }

func (n num) parseWord(e *Env, l lexicon, v Value) (uint64, error) {
	if v.kind == KindString {
		if x, ok := l.number(e, v.str); ok {
			return x, nil
		}
		if _, err := parseUint(v.str); err != nil {
			return 0, wants(oneOf(l.list(e)), v)
		}
	}
	return toUint(v, n.max())
}

func oneOf(words []string) string {
	if len(words) > 12 {
		words = append(words[:12:12], "...")
	}
	return "a number or one of " + strings.Join(words, ", ")
}

// optEnum is a numbered choice that may be unsaid.
type optEnum[T unsigned] struct {
	optNum[T]
	l lexicon
}

func (c optEnum[T]) Set(e *Env, p *val.Opt[T], v Value) error {
	n, err := c.parseWord(e, c.l, v)
	if err == nil {
		p.Set(T(n))
	}
	return err
}

func (c optEnum[T]) Get(e *Env, p *val.Opt[T]) Value {
	n, _ := p.Get()
	return EnumOf(uint64(n), c.l.word(e, uint64(n)))
}

func (c optEnum[T]) Kind() string { return "word" }

// plainEnum is a numbered choice whose zero is never sent.
type plainEnum[T unsigned] struct {
	plainNum[T]
	l lexicon
}

func (c plainEnum[T]) Set(e *Env, p *T, v Value) error {
	n, err := c.parseWord(e, c.l, v)
	if err == nil {
		*p = T(n)
	}
	return err
}

func (c plainEnum[T]) Get(e *Env, p *T) Value { return EnumOf(uint64(*p), c.l.word(e, uint64(*p))) }
func (c plainEnum[T]) Kind() string           { return "word" }

func enumField[T unsigned](p *val.Opt[T], bytes int, l lexicon) Field {
	f := Bind(p, optEnum[T]{optNum[T]{num{bytes: bytes}}, l})
	f.info.words = l.list
	return f
}

// Enum8 is an 8-bit choice.
func Enum8[T ~uint8](p *val.Opt[T], l *Enum) Field { return enumField(p, 1, l) }

// PlainEnum8 is an 8-bit choice that is not sent when zero.
func PlainEnum8[T ~uint8](p *T, l *Enum) Field { return plainWords(p, 1, l) }

// PlainEnum16 is a 16-bit choice in host order that is not sent when zero.
func PlainEnum16[T ~uint16](p *T, l *Enum) Field { return plainWords(p, 2, l) }

// Enum16 is a 16-bit choice in host order.
func Enum16[T ~uint16](p *val.Opt[T], l *Enum) Field { return enumField(p, 2, l) }

// Enum32 is a 32-bit choice in host order.
func Enum32[T ~uint32](p *val.Opt[T], l *Enum) Field { return enumField(p, 4, l) }

// EnumBE16 is a 16-bit choice in network order.
func EnumBE16[T ~uint16](p *val.Opt[T], l *Enum) Field {
	f := Bind(p, optEnum[T]{optNum[T]{num{bytes: 2, big: true}}, l})
	f.info.words = l.list
	return f
}

// Named8 is an 8-bit number with a name from iproute2's files.
func Named8[T ~uint8](p *val.Opt[T], t NameTable) Field { return enumField(p, 1, t) }

// Named32 is a 32-bit number with a name from iproute2's files.
func Named32[T ~uint32](p *val.Opt[T], t NameTable) Field { return enumField(p, 4, t) }

// PlainNamed8 is Named8 for a number that is not sent when zero.
func PlainNamed8[T ~uint8](p *T, t NameTable) Field { return plainWords(p, 1, t) }

// PlainNamed32 is Named32 for a number that is not sent when zero.
func PlainNamed32[T ~uint32](p *T, t NameTable) Field { return plainWords(p, 4, t) }

func plainWords[T unsigned](p *T, bytes int, l lexicon) Field {
	f := Bind(p, plainEnum[T]{plainNum[T]{num{bytes: bytes}}, l})
	f.info.words = l.list
	return f
}
