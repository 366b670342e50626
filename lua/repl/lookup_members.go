package repl

import (
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
)

// members are the names that can follow a thing and sep.
func (l *lookup) members(t thing, sep string) []Candidate {
	switch {
	case t.all:
		return l.modules()
	case t.fn != nil:
		return nil
	case t.mod != nil:
		return moduleMembers(t.mod, sep)
	case t.object != nil && t.method == "" && sep == ":":
		return methodCandidates(decl.ObjectMethods())
	case t.object != nil && t.method == "":
		return l.objectFields(t.object)
	case t.field.Kind() == attr.KindTable:
		var out []Candidate
		for _, p := range t.field.Table() {
			out = append(out, Candidate{Text: p.Key, Kind: "field"})
		}
		return out
	}
	switch v := t.value.(type) {
	case *glua.LTable:
		return l.tableMembers(v, sep)
	case *glua.LUserData:
		if e, ok := v.Value.(decl.Entries); ok {
			return entryMembers(e, sep)
		}
	case glua.LString:
		if lib, ok := l.in.L.G.Global.RawGetString("string").(*glua.LTable); ok && sep == ":" {
			return l.tableMembers(lib, sep)
		}
	}
	return nil
}

func moduleMembers(m *decl.Module, sep string) []Candidate {
	if sep == ":" {
		return nil
	}
	var out []Candidate
	for i := range m.Funcs {
		out = append(out, Candidate{Text: m.Funcs[i].Name, Kind: "function", Doc: m.Funcs[i].Doc})
	}
	for _, s := range m.Subs {
		out = append(out, Candidate{Text: s.Name, Kind: "module", Doc: s.Doc})
	}
	return out
}

func methodCandidates(list []decl.Method) []Candidate {
	var out []Candidate
	for _, x := range list {
		out = append(out, Candidate{Text: x.Name, Kind: "method", Doc: x.Doc})
	}
	return out
}

// objectFields are the fields that the object's kind has.
func (l *lookup) objectFields(o *decl.Object) []Candidate {
	m, _ := o.Module()
	list := m.FieldList(l.cat.Env, o.Kind())
	var out []Candidate
	for i := range list {
		out = append(out, Candidate{Text: list[i].Name, Kind: "field", Doc: l.cat.FieldDoc(&list[i], list)})
	}
	return out
}

func entryMembers(e decl.Entries, sep string) []Candidate {
	var out []Candidate
	for _, x := range e.Entries() {
		if x.Method != (sep == ":") {
			continue
		}
		c := Candidate{Text: x.Name, Kind: "field", Doc: x.Doc}
		switch {
		case x.Method:
			c.Kind = "method"
		case x.Module != nil:
			c.Kind = "module"
		}
		out = append(out, c)
	}
	return out
}

// tableMembers are the keys of a table and of those behind it that are names;
// after a colon those that could be called.
func (l *lookup) tableMembers(t *glua.LTable, sep string) []Candidate {
	if decl.IsList(l.in.L, t) {
		if sep == ":" {
			return methodCandidates(decl.ListMethods())
		}
		return nil
	}
	var out []Candidate
	for range maxIndex {
		for k, v := t.Next(glua.LNil); k != glua.LNil; k, v = t.Next(k) {
			name, ok := k.(glua.LString)
			if !ok || !isIdentifier(string(name)) {
				continue
			}
			c := valueCandidate(string(name), v)
			if sep == ":" && c.Kind != "function" {
				continue
			}
			out = append(out, c)
		}
		if t = behind(t); t == nil {
			break
		}
	}
	return out
}

// valueCandidate describes a name by the value it has.
func valueCandidate(name string, v glua.LValue) Candidate {
	c := Candidate{Text: name, Kind: v.Type().String()}
	switch x := thingOf(v); {
	case x.fn != nil:
		c.Kind, c.Doc = "function", x.fn.Doc
	case x.mod != nil:
		c.Kind, c.Doc = "module", x.mod.Doc
	case x.object != nil:
		m, _ := x.object.Module()
		c.Kind = m.Class.Name
	}
	return c
}

// modules are the modules and functions of nlsh.
func (l *lookup) modules() []Candidate {
	var out []Candidate
	for _, m := range l.cat.Modules {
		out = append(out, Candidate{Text: m.Name, Kind: "module", Doc: m.Doc})
	}
	for _, f := range l.cat.Functions {
		out = append(out, Candidate{Text: f.Name, Kind: "function", Doc: f.Doc})
	}
	return out
}

// names are the words that can begin an expression or a statement: globals,
// modules, keywords and the locals of the entry.
func (l *lookup) names(words []word) []Candidate {
	out := l.modules()
	out = append(out, Candidate{Text: "nl", Kind: "module", Doc: "all modules of nlsh"})
	global := l.in.L.G.Global
	for k, v := global.Next(glua.LNil); k != glua.LNil; k, v = global.Next(k) {
		if name, ok := k.(glua.LString); ok && isIdentifier(string(name)) {
			out = append(out, valueCandidate(string(name), v))
		}
	}
	for _, name := range slices.Concat(keywords[:], constants[:]) {
		out = append(out, Candidate{Text: name, Kind: "keyword"})
	}
	for name := range locals(words) {
		out = append(out, Candidate{Text: name, Kind: "local"})
	}
	return out
}

// locals are the names that an entry declares.
func locals(words []word) map[string]bool {
	found := map[string]bool{}
	for i := range words {
		if words[i].kind != tokenKeyword || words[i].text != "local" && words[i].text != "for" {
			continue
		}
		for j := i + 1; j < len(words)-1 && words[j].isName(); j += 2 {
			found[words[j].text] = true
			if !words[j+1].is(",") {
				break
			}
		}
	}
	return found
}

func isIdentifier(s string) bool {
	if s == "" || !isNameStart(rune(s[0])) || wordKind(s) != tokenOther {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return !isNameStart(r) && !isDigit(r) }) < 0
}

// beginning keeps what begins with typed, sorted, each text once; names with
// an underscore in front only where one was typed. Docs become one line.
func beginning(cands []Candidate, typed string) []Candidate {
	var out []Candidate
	for _, c := range cands {
		if !strings.HasPrefix(c.Text, typed) || strings.HasPrefix(c.Text, "_") && typed == "" {
			continue
		}
		if i := strings.Index(c.Doc, ". "); i >= 0 {
			c.Doc = c.Doc[:i]
		}
		c.Doc = strings.TrimSuffix(c.Doc, ".")
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	return slices.CompactFunc(out, func(a, b Candidate) bool { return a.Text == b.Text })
}
