package docgen

import (
	"fmt"
	"slices"
	"strings"

	"nlsh/bindings/decl"
)

// Func is the text about a function of the module that scripts know as path.
func (c *Catalog) Func(m *decl.Module, f *decl.Func, path string) string {
	var b strings.Builder
	title(&b, signature(m, f, path), f.Since)
	b.WriteString("\n" + wrap(f.Doc, 0) + "\n")
	if f.Returns != "" {
		b.WriteString("\n" + wrap("Returns "+f.Returns+".", 0) + "\n")
	}
	if f.Fields != decl.NoFields && m.Class != nil {
		b.WriteString("\n" + wrap(c.takes(m, f), 0) + "\n")
	}
	if l := paramRows(m, f); len(l) > 0 {
		heading(&b, "Parameters")
		table(&b, l)
	}
	if m.Class != nil && (f.Fields == decl.Writable || f.Fields == decl.Filters) {
		heading(&b, "Fields")
		c.fieldTable(&b, m, "", f.Takes)
		kindsLine(&b, m)
		if f.Fields == decl.Filters {
			b.WriteString("  * only read\n")
		}
	}
	example(&b, f.Example)
	return b.String()
}

// FullName is a function as scripts write it.
func FullName(f *decl.Func, path string) string {
	if path == f.Name || path == "" {
		return f.Name
	}
	return path + "." + f.Name
}

// signature shows how a function is called: "netns.get(name)".
func signature(m *decl.Module, f *decl.Func, path string) string {
	name := FullName(f, path)
	if f.Fields != decl.NoFields && m.Class != nil {
		return name + "{ ... }"
	}
	var pos, named []string
	for _, p := range f.Params {
		switch {
		case p.Rest:
			pos = append(pos, "...")
		case p.Pos > 0:
			pos = append(pos, p.Name)
		default:
			named = append(named, p.Name+"=")
		}
	}
	if len(named) > 3 {
		named = append(named[:3], "...")
	}
	switch {
	case len(named) == 0:
		return name + "(" + strings.Join(pos, ", ") + ")"
	case len(pos) == 0:
		return name + "{ " + strings.Join(named, ", ") + " }"
	}
	return name + "{ " + strings.Join(slices.Concat(pos, named), ", ") + " }"
}

// takes says in words what a verb of a class is given.
func (c *Catalog) takes(m *decl.Module, f *decl.Func) string {
	key := m.Class.Key
	switch {
	case key == "":
		key = "named fields"
	case m.Class.Dev:
		key += " as first and dev as second positional value, others by name"
	default:
		key += " as positional value, others by name"
	}
	switch f.Fields {
	case decl.Filters:
		return fmt.Sprintf("Takes conditions: %s.", key)
	case decl.KeyFields:
		return fmt.Sprintf("Takes what says which one: %s.", key)
	}
	return fmt.Sprintf("Takes fields: %s. A list of such tables is one batch, a function that returns one after the other is a stream.", key)
}

// paramRows are the parameters that are no fields of a class.
func paramRows(m *decl.Module, f *decl.Func) []row {
	list := f.Params
	if f.Fields == decl.Filters {
		list = slices.Concat(list, m.Filters)
	}
	var rows []row
	for i := range list {
		p := &list[i]
		doc := p.Doc
		if p.Required {
			doc += " (required)"
		}
		if p.Default != "" {
			doc += " (default: " + p.Default + ")"
		}
		rows = append(rows, row{p.Name, paramKind(p), doc})
	}
	return rows
}

// paramKind is a parameter's type with its words or bounds.
func paramKind(p *decl.Param) string {
	switch {
	case len(p.Words) > 0:
		return strings.Join(p.Words, " | ")
	case p.Lo < p.Hi:
		return fmt.Sprintf("%s %v to %v", p.Kind, p.Lo, p.Hi)
	}
	return string(p.Kind)
}
