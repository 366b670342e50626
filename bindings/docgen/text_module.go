package docgen

import (
	"fmt"
	"strings"

	"nlsh/bindings/decl"
)

const overviewExample = `
local br = link.add{ "br0", type="bridge", up=true }
addr.add("10.0.0.1/24", br)
print(addr.list{ dev="br0" })`

// Overview lists the modules and the functions that are in none.
func (c *Catalog) Overview() string {
	var b strings.Builder
	b.WriteString("nlsh scripts the Linux network in Lua 5.1.\n")
	heading(&b, "Modules")
	var rows []row
	c.walk(func(m *decl.Module, path string) {
		rows = append(rows, row{name: path, doc: firstSentence(m.Doc)})
	})
	table(&b, rows)
	heading(&b, "Functions")
	rows = nil
	for _, f := range c.Functions {
		rows = append(rows, row{name: f.Name, doc: firstSentence(f.Doc)})
	}
	table(&b, rows)
	b.WriteString("\n" + wrap(`More: help(link), help(link.add), help "vxlan" (a type of link), `+
		`help "mtu" (a field); in a terminal nlsh doc TOPIC.`, 0) + "\n")
	example(&b, overviewExample)
	return b.String()
}

// Module is the text about a module, which scripts know as path.
func (c *Catalog) Module(m *decl.Module, path string) string {
	var b strings.Builder
	title(&b, "module "+path, m.Since)
	b.WriteString("\n" + wrap(m.Doc, 0) + "\n")
	if s := callText(m, path); s != "" {
		b.WriteString("\n" + wrap(s, 0) + "\n")
	}
	if len(m.Funcs) > 0 {
		heading(&b, "Functions")
		var rows []row
		for i := range m.Funcs {
			rows = append(rows, row{name: path + "." + m.Funcs[i].Name, doc: firstSentence(m.Funcs[i].Doc)})
		}
		table(&b, rows)
	}
	if len(m.Subs) > 0 {
		heading(&b, "Modules in it")
		var rows []row
		for _, s := range m.Subs {
			rows = append(rows, row{name: path + "." + s.Name, doc: firstSentence(s.Doc)})
		}
		table(&b, rows)
	}
	if m.Class != nil {
		heading(&b, "Fields")
		b.WriteString("  " + wrap(c.fieldNames(m, path), 2) + "\n")
		kindsLine(&b, m)
	}
	if e := moduleExample(m); e != "" {
		example(&b, e)
	}
	return b.String()
}

// callText says what calling the module does.
func callText(m *decl.Module, path string) string {
	if m.Class == nil {
		return ""
	}
	var l []string
	if m.Func("get") != nil {
		l = append(l, fmt.Sprintf(`%s "x" is %s.get "x"`, path, path))
	}
	if m.Func("list") != nil {
		l = append(l, fmt.Sprintf(`%s{...} is %s.list{...}`, path, path))
	}
	if len(l) == 0 {
		return ""
	}
	return "Calling the module reads: " + strings.Join(l, ", ") + "."
}

// fieldNames lists the names of the fields that all kinds have.
func (c *Catalog) fieldNames(m *decl.Module, path string) string {
	var set, read []string
	for _, x := range m.FieldList(c.env(), "") {
		if x.Writable {
			set = append(set, x.Name)
		} else {
			read = append(read, x.Name)
		}
	}
	s := strings.Join(set, ", ")
	if len(read) > 0 {
		s += "; only read: " + strings.Join(read, ", ")
	}
	return s + fmt.Sprintf(" (help %q).", path+"."+m.Class.Key)
}

// kindsLine names the types that have fields of their own.
func kindsLine(b *strings.Builder, m *decl.Module) {
	kinds := kindsOf(m)[1:]
	if len(kinds) == 0 {
		return
	}
	b.WriteString("  " + wrap("With fields of their own: "+strings.Join(kinds, ", ")+
		fmt.Sprintf(" (help %q).", kinds[0]), 2) + "\n")
}

// moduleExample is that of the module's first function, or of what is in it.
func moduleExample(m *decl.Module) string {
	for i := range m.Funcs {
		if m.Funcs[i].Example != "" {
			return m.Funcs[i].Example
		}
	}
	for _, s := range m.Subs {
		if e := moduleExample(s); e != "" {
			return e
		}
	}
	return ""
}

// title is a line with the version at its right end.
func title(b *strings.Builder, name, since string) {
	if since != "" {
		since = "since " + since
	}
	b.WriteString(strings.TrimRight(name+strings.Repeat(" ", max(width-len(name)-len(since), 2))+since, " ") + "\n")
}
