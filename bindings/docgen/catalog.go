package docgen

import (
	"fmt"
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
)

// Catalog is what help knows: the modules and functions of one interpreter.
type Catalog struct {
	Modules   []*decl.Module // sorted by name
	Functions []*decl.Func   // those that are in no module
	// Env holds the words of tables, protocols and so on; nil: those that need
	// no file.
	Env *attr.Env
	// NameOf finds the name of a function that is the interpreter's own; "" for
	// any other. Nil: there are none.
	NameOf func(fn *glua.LFunction) string
}

// Help is the text about a topic: "" is the overview; else a module ("link",
// "bridge.link"), a function ("link.add"), a type of link ("vxlan"), a field
// ("mtu", "link.mtu", "vxlan.ttl"). Where a word is several of these the text
// has them all. An unknown topic is an error that suggests another.
func (c *Catalog) Help(topic string) (string, error) {
	topic = strings.TrimPrefix(strings.Join(strings.Fields(topic), "."), "nl.")
	if topic == "" || topic == "nl" {
		return c.Overview(), nil
	}
	sections := c.exact(topic)
	if len(sections) == 0 {
		sections = c.byLastWord(topic)
	}
	if len(sections) == 0 {
		err := fmt.Errorf("no help on %q", topic)
		if s := decl.Suggest(topic, c.Topics()); s != "" {
			err = fmt.Errorf("%w; did you mean %q?", err, s)
		}
		return "", err
	}
	return strings.Join(sections, "\n"), nil
}

// exact lists the texts of what has topic as its whole name.
func (c *Catalog) exact(topic string) []string {
	var l []string
	if m := c.module(topic); m != nil {
		l = append(l, c.Module(m, topic))
	}
	for _, f := range c.Functions {
		if f.Name == topic {
			l = append(l, c.Func(&decl.Module{}, f, f.Name))
		}
	}
	prefix, last := split(topic)
	if m := c.module(prefix); m != nil {
		if f := m.Func(last); f != nil {
			l = append(l, c.Func(m, f, prefix))
		}
	}
	c.walk(func(m *decl.Module, path string) {
		if m.Class != nil && m.Class.Kinds != nil && slices.Contains(m.Class.Kinds(), topic) {
			l = append(l, c.Kind(m, path, topic))
		}
	})
	return l
}

// byLastWord lists fields: "mtu", "link.mtu", "vxlan.ttl".
func (c *Catalog) byLastWord(topic string) []string {
	prefix, last := split(topic)
	var l []string
	c.walk(func(m *decl.Module, path string) {
		if m.Class == nil {
			return
		}
		for _, kind := range kindsOf(m) {
			if prefix != "" && prefix != path && prefix != kind {
				continue
			}
			for _, x := range m.FieldList(c.env(), kind) {
				if (kind == "" || x.Own) && isNamed(&x, last) {
					l = append(l, c.fieldText(m, path, kind, &x))
				}
			}
		}
	})
	return l
}

// kindsOf lists "" and the kinds of the module's class.
func kindsOf(m *decl.Module) []string {
	l := []string{""}
	if m.Class != nil && m.Class.Kinds != nil {
		l = append(l, m.Class.Kinds()...)
	}
	return l
}

func isNamed(x *decl.FieldInfo, word string) bool {
	return x.Name == word || x.Key == word || slices.Contains(x.Aliases, word)
}

// split cuts the last part off a dotted name.
func split(topic string) (prefix, last string) {
	i := strings.LastIndexByte(topic, '.')
	if i < 0 {
		return "", topic
	}
	return topic[:i], topic[i+1:]
}

// module finds a module by its path.
func (c *Catalog) module(path string) *decl.Module {
	var found *decl.Module
	c.walk(func(m *decl.Module, p string) {
		if p == path {
			found = m
		}
	})
	return found
}

// walk calls f for every module and sub-module.
func (c *Catalog) walk(f func(m *decl.Module, path string)) {
	for _, m := range c.Modules {
		walkModule(m, m.Name, f)
	}
}

func walkModule(m *decl.Module, path string, f func(*decl.Module, string)) {
	f(m, path)
	for _, s := range m.Subs {
		walkModule(s, path+"."+s.Name, f)
	}
}

// Topics lists what Help knows, sorted: modules, functions and types of links.
func (c *Catalog) Topics() []string {
	var l []string
	for _, f := range c.Functions {
		l = append(l, f.Name)
	}
	c.walk(func(m *decl.Module, path string) {
		l = append(l, path)
		for i := range m.Funcs {
			l = append(l, path+"."+m.Funcs[i].Name)
		}
		l = append(l, kindsOf(m)[1:]...)
	})
	slices.Sort(l)
	return slices.Compact(l)
}

// Example is code that the text about a topic shows.
type Example struct{ Topic, Code string }

// Examples lists all code that Help can show, the functions' own and what is
// made up for kinds and fields, each once.
func (c *Catalog) Examples() []Example {
	var l []Example
	seen := map[string]bool{}
	add := func(topic, code string) {
		if !seen[code] {
			seen[code] = true
			l = append(l, Example{topic, code})
		}
	}
	add("", overviewExample)
	for _, f := range c.Functions {
		add(f.Name, f.Example)
	}
	c.walk(func(m *decl.Module, path string) {
		for i := range m.Funcs {
			add(path+"."+m.Funcs[i].Name, m.Funcs[i].Example)
		}
		for _, kind := range kindsOf(m) {
			if kind != "" {
				add(kind, c.kindExample(m, path, kind))
			}
			for _, x := range m.FieldList(c.env(), kind) {
				if kind == "" || x.Own {
					add(path+"."+x.Name, c.fieldExample(m, path, kind, &x))
				}
			}
		}
	})
	return l
}

func (c *Catalog) env() *attr.Env {
	if c.Env == nil {
		return &attr.Env{}
	}
	return c.Env
}
