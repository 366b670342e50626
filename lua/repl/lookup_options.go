package repl

import (
	"slices"
	"strings"

	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
)

// option is a field or parameter that a call takes.
type option struct {
	name, kind, doc string
	words           []string
	sub             *attr.Schema
	pos             int  // its place among positional values, from 1; 0: only by name
	rest            bool // takes all from pos on
	existing        bool // names a link that exists
}

// options are what the call of t takes, knowing the fields given already.
func (l *lookup) options(t thing, given map[string]string) []option {
	switch {
	case t.object != nil && t.method == "set":
		m, _ := t.object.Module()
		return l.classOptions(m, &decl.Func{Name: "set", Fields: decl.Writable}, t.object.Kind())
	case t.fn != nil:
		return l.funcOptions(t.mod, t.fn, given)
	case t.mod != nil && t.mod.Func("list") != nil: // calling a module with a table
		return l.funcOptions(t.mod, t.mod.Func("list"), given)
	}
	return nil
}

// called is the function that a call with a positional value runs: calling a
// module is its get.
func called(t thing) thing {
	if t.mod != nil && t.fn == nil {
		t.fn = t.mod.Func("get")
		if t.mod.Has != nil {
			t.fn = t.mod.Func("list")
		}
	}
	return t
}

func (l *lookup) funcOptions(m *decl.Module, f *decl.Func, given map[string]string) []option {
	var out []option
	params := f.Params
	if f.Fields == decl.Filters && m != nil {
		params = slices.Concat(params, m.Filters)
	}
	for i := range params {
		out = append(out, paramOption(m, f, &params[i]))
	}
	if f.Conditions {
		return append(out, l.conditions(given)...)
	}
	if m == nil || m.Class == nil || f.Fields == decl.NoFields {
		return out
	}
	kind := ""
	if key := m.KindKey(l.cat.Env); key != "" {
		kind = given[key]
	}
	return append(out, l.classOptions(m, f, kind)...)
}

// conditions are the fields that the list of a class takes, which the first
// positional value names.
func (l *lookup) conditions(given map[string]string) []option {
	name, sub, nested := strings.Cut(given["#1"], ".")
	for _, m := range l.cat.Modules {
		if m.Name == name && nested {
			m = m.Sub(sub)
		}
		if m == nil || m.Class == nil || m.Class.Name != given["#1"] || m.Func("list") == nil {
			continue
		}
		var out []option
		for _, o := range l.funcOptions(m, m.Func("list"), given) {
			o.pos = 0 // by name only
			out = append(out, o)
		}
		return out
	}
	return nil
}

func paramOption(m *decl.Module, f *decl.Func, p *decl.Param) option {
	o := option{
		name: p.Name, kind: string(p.Kind), doc: p.Doc, words: p.Words, pos: p.Pos, rest: p.Rest,
		existing: p.Kind == decl.Link,
	}
	if f.Name == "help" {
		o.kind = "topic"
	}
	return o
}

// classOptions are the fields of a class that f takes.
func (l *lookup) classOptions(m *decl.Module, f *decl.Func, kind string) []option {
	var out []option
	list := m.FieldList(l.cat.Env, kind)
	kindKey := m.KindKey(l.cat.Env)
	for i := range list {
		x := &list[i]
		few := f.Fields == decl.KeyFields && kindKey != "" // the key says which
		if !f.Takes(x) || few && x.Key != m.Class.Key && x.Key != "index" {
			continue
		}
		o := memberOption(&x.Member, l.cat.FieldDoc(x, list))
		o.name = x.Name
		switch {
		case x.Key == m.Class.Key:
			o.pos = 1
			o.existing = o.existing || m.Class.Name == "link" && f.Name != "add" && f.Name != "replace"
		case m.Class.Dev && x.Key == "dev":
			o.pos = 2
		}
		if x.Key == kindKey {
			o.words = m.Class.Kinds()
		}
		out = append(out, o)
	}
	return out
}

func memberOption(x *attr.Member, doc string) option {
	return option{name: x.Key, kind: x.Kind, doc: doc, words: x.Words, sub: x.Sub, existing: x.Kind == "link"}
}

// subOptions are the members of a field that is a table.
func (l *lookup) subOptions(s *attr.Schema) []option {
	var out []option
	for _, x := range s.Members(l.cat.Env) {
		if x.Modes == 0 && !x.Local && x.Key != s.Key() {
			continue
		}
		o := memberOption(&x, l.cat.FieldDoc(&decl.FieldInfo{Member: x, Name: x.Key}, nil))
		if x.Key == s.Key() {
			o.pos = 1
		}
		out = append(out, o)
	}
	return out
}

// site is where the cursor stands in a call: what may be said there.
type site struct {
	t       thing
	options []option
	list    *option // inside the table of values of this field
	frame   *frame
	shift   int // positional values before the table
}

// site of the innermost of the open brackets. ok is false outside of calls of
// what is declared.
func (l *lookup) site(stack []frame) (site, bool) {
	n := len(stack) - 1
	if n < 0 {
		return site{}, false
	}
	f := &stack[n]
	if f.callee != nil {
		t, ok := l.resolve(f.callee)
		if !ok {
			return site{}, false
		}
		if f.bracket == "(" {
			t = called(t)
		}
		return site{t: t, options: l.options(t, f.fields), frame: f}, true
	}
	if f.bracket != "{" || n == 0 {
		return site{}, false
	}
	out, ok := l.site(stack[:n])
	if !ok {
		return site{}, false
	}
	around := out.frame
	out.frame, out.shift = f, 0
	switch {
	case around.bracket == "(":
		out.shift = around.count
		out.options = l.options(out.t, f.fields)
	case out.list != nil: // an element of a list of tables
		out.list = nil
	case f.key == "": // one of a list of records
		out.options = l.options(out.t, f.fields)
	default:
		i := slices.IndexFunc(out.options, func(o option) bool { return o.name == f.key })
		if i < 0 {
			return site{}, false
		}
		o := out.options[i]
		out.options, out.list = nil, &o
		if o.sub != nil {
			out.options = l.subOptions(o.sub)
		}
		if o.kind == "table" {
			out.list = nil
		}
	}
	return out, true
}

// positional is the option that the next positional value gives.
func (s *site) positional() *option {
	if s.list != nil {
		return s.list
	}
	at := s.frame.count + s.shift + 1
	for i := range s.options {
		if o := &s.options[i]; o.pos == at || o.rest && o.pos > 0 && at > o.pos {
			return o
		}
	}
	return nil
}

// named is the option of a name.
func (s *site) named(name string) *option {
	for i := range s.options {
		if s.options[i].name == name {
			return &s.options[i]
		}
	}
	return nil
}
