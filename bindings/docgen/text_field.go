package docgen

import (
	"fmt"
	"slices"
	"strings"

	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
)

// Kind is the text about one kind of a class: a type of link.
func (c *Catalog) Kind(m *decl.Module, path, kind string) string {
	var b strings.Builder
	title(&b, fmt.Sprintf("%s %s=%q", path, m.KindKey(c.env()), kind), "")
	if doc := c.kindDoc(m, kind); doc != "" {
		b.WriteString("\n" + wrap(doc, 0) + "\n")
	}
	if list := m.FieldList(c.env(), kind); slices.ContainsFunc(list, func(x decl.FieldInfo) bool { return x.Own }) {
		heading(&b, "Fields of its own")
		c.fieldTable(&b, m, kind, func(x *decl.FieldInfo) bool { return x.Own })
		b.WriteString("  * only read\n")
		b.WriteString("  " + wrap(fmt.Sprintf("And those of every %s (help(%s)).", m.Class.Name, path), 2) + "\n")
	} else {
		b.WriteString("\n" + wrap(fmt.Sprintf("It has the fields of every %s (help(%s)) and none of its own.", m.Class.Name, path), 0) + "\n")
	}
	example(&b, c.kindExample(m, path, kind))
	return b.String()
}

// kindExample is the one declared for the kind, else one that the module's
// functions have with it, else the smallest that makes one.
func (c *Catalog) kindExample(m *decl.Module, path, kind string) string {
	if e := m.KindExamples[kind]; e != "" {
		return e
	}
	says := fmt.Sprintf("%s=%q", m.KindKey(c.env()), kind)
	for i := range m.Funcs {
		if strings.Contains(m.Funcs[i].Example, says) {
			return m.Funcs[i].Example
		}
	}
	return fmt.Sprintf("%s.add{ \"x0\", %s }", path, says)
}

// kindDoc is the comment of the Go type that objects of the kind are.
func (c *Catalog) kindDoc(m *decl.Module, kind string) string {
	name := fmt.Sprintf("%T", m.Class.New(kind)) // "*nlcore.Bridge"
	_, name, _ = strings.Cut(name, ".")
	return replaceFirst(comment(name), name, kind)
}

// fieldTable lists the fields of one kind that pass show.
func (c *Catalog) fieldTable(b *strings.Builder, m *decl.Module, kind string, show func(*decl.FieldInfo) bool) {
	list := m.FieldList(c.env(), kind)
	var rows []row
	for i := range list {
		x := &list[i]
		if !show(x) {
			continue
		}
		name := x.Name
		if !x.Writable {
			name += " *"
		}
		rows = append(rows, row{name, shortKind(&x.Member), shortDoc(c.FieldDoc(x, list))})
	}
	table(b, rows)
}

// fieldText is the text about one field.
func (c *Catalog) fieldText(m *decl.Module, path, kind string, x *decl.FieldInfo) string {
	var b strings.Builder
	of := path
	if kind != "" {
		of = fmt.Sprintf("%s %s=%q", path, m.KindKey(c.env()), kind)
	}
	title(&b, "field "+x.Name+" of "+of, "")
	if doc := c.FieldDoc(x, m.FieldList(c.env(), kind)); doc != "" {
		b.WriteString("\n" + wrap(x.Name+": "+doc, 0) + "\n")
	}
	b.WriteString("\n")
	facts := []row{{"takes", "", longKind(&x.Member)}}
	if !x.Writable {
		facts[0] = row{"reads as", "", longKind(&x.Member) + "; only the kernel sets it"}
	} else if x.Modes != 0 && x.Modes&attr.Change == 0 {
		facts = append(facts, row{"set", "", "at creation only"})
	} else if x.Modes != 0 && x.Modes&attr.Create == 0 && !x.Local {
		facts = append(facts, row{"set", "", "on what exists"})
	}
	if x.Required {
		facts = append(facts, row{"required", "", "at creation"})
	}
	if x.Since != "" {
		facts = append(facts, row{"since", "", "Linux " + x.Since})
	}
	if names := others(x); len(names) > 0 {
		facts = append(facts, row{"also", "", strings.Join(names, ", ")})
	}
	table(&b, facts)
	if x.Sub != nil {
		heading(&b, "Members")
		var rows []row
		for _, s := range x.Sub.Members(c.env()) {
			sub := decl.FieldInfo{Member: s, Name: s.Key}
			rows = append(rows, row{s.Key, shortKind(&s), shortDoc(c.FieldDoc(&sub, nil))})
		}
		table(&b, rows)
	}
	example(&b, c.fieldExample(m, path, kind, x))
	return b.String()
}

// others are the further names of a field.
func others(x *decl.FieldInfo) []string {
	return slices.DeleteFunc(slices.Concat([]string{x.Key}, x.Aliases), func(s string) bool { return s == x.Name })
}

// fieldExample is one of the module's that has the field, or one that reads it.
func (c *Catalog) fieldExample(m *decl.Module, path, kind string, x *decl.FieldInfo) string {
	for i := range m.Funcs {
		if e := m.Funcs[i].Example; mentions(e, x.Name) {
			return e
		}
	}
	if kind != "" {
		return fmt.Sprintf("for x in %s.each{ %s=%q } do print(x.%s) end", path, m.KindKey(c.env()), kind, x.Name)
	}
	return fmt.Sprintf("for x in %s.each() do print(x.%s) end", path, x.Name)
}

// mentions reports that code sets or reads the field.
func mentions(code, field string) bool {
	for i := 0; ; {
		n := strings.Index(code[i:], field)
		if n < 0 {
			return false
		}
		from, to := i+n, i+n+len(field)
		sets := strings.HasPrefix(code[to:], "=") && from > 0 && !isWordRune(rune(code[from-1]))
		reads := from > 0 && code[from-1] == '.' && (to == len(code) || !isWordRune(rune(code[to])) && code[to] != '(')
		if sets || reads {
			return true
		}
		i = to
	}
}

// shortDoc is the first sentence, without what the table marks itself.
func shortDoc(doc string) string {
	doc = firstSentence(doc)
	for _, end := range []string{"; read only.", ", read only."} {
		if s, had := strings.CutSuffix(doc, end); had {
			return s
		}
	}
	return strings.TrimSuffix(doc, ".")
}

// shortKind is a field's type for a table.
func shortKind(x *attr.Member) string {
	switch s := strings.Join(x.Words, "|"); {
	case len(x.Words) > 1 && len(s) <= maxKind:
		return s
	case x.Kind == "link-layer address":
		return "MAC address"
	case x.Bounded && isNumber(x.Kind):
		return fmt.Sprintf("%d to %d", x.Lo, x.Hi)
	case isNumber(x.Kind):
		return "number"
	}
	return x.Kind
}

// longKind is a field's type with all that is allowed.
func longKind(x *attr.Member) string {
	s := x.Kind
	switch {
	case len(x.Words) > 0:
		s += ": " + strings.Join(x.Words, ", ")
	case x.Bounded:
		s += fmt.Sprintf(", %d to %d", x.Lo, x.Hi)
	}
	if x.Unit != "" {
		s += ", in " + x.Unit
	}
	switch x.Kind {
	case "link":
		s += ": a name, an index or an object; false for none"
	case "namespace":
		s += ": a name, a process id, a path or an object"
	}
	return s
}

func isNumber(kind string) bool {
	switch kind {
	case "u8", "u16", "u32", "u64", "uint", "s32", "be16", "be32", "be64":
		return true
	}
	return false
}
