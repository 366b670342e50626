package docgen

import (
	"errors"
	"fmt"
	"io"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// HelpFunc declares the function help of scripts, which prints text from the
// catalog that c returns then.
func HelpFunc(c func() *Catalog) *decl.Func {
	return &decl.Func{
		Name:  "help",
		Doc:   "Prints what is known of a module, a function, a type of link or a field; without an argument what there is.",
		Since: "0.1",
		Example: `
help()
help(link.add)
help "bridge"      -- a module, a type of link: all that has the name
help "link.mtu"    -- a field`,
		Plain: true,
		Params: []decl.Param{{Name: "topic", Kind: decl.Any, Pos: 1, Default: "an overview",
			Doc: "a name in quotes, a module, a function or an object"}},
		Run: func(call *decl.Call) error {
			text, err := c().about(call)
			if err != nil {
				return call.Errorf("%w", err)
			}
			_, err = io.WriteString(call.Host.Stdout(), text)
			return err
		},
	}
}

func (c *Catalog) about(call *decl.Call) (string, error) {
	if call.N() == 0 {
		return c.Overview(), nil
	}
	return c.About(call.Arg(1))
}

// About is the text about a value of a script: a topic in words, a module, a
// function, an object.
func (c *Catalog) About(v glua.LValue) (string, error) {
	if m, path, _, ok := decl.ModuleOf(v); ok {
		return c.Module(m, path), nil
	}
	if m, f, path, ok := decl.FuncOf(v); ok {
		return c.Func(m, f, path), nil
	}
	if o := decl.ObjectOf(v); o != nil {
		return c.object(o), nil
	}
	switch v := v.(type) {
	case glua.LString:
		return c.Help(string(v))
	case *glua.LNilType:
		return "", errors.New(`got nil; a name stands in quotes, as in help "vxlan"`)
	case *glua.LFunction:
		return c.function(v)
	}
	return "", fmt.Errorf(`no help on a %s; a name stands in quotes, as in help "vxlan"`, v.Type())
}

// function is the text about a function that carries no declaration.
func (c *Catalog) function(fn *glua.LFunction) (string, error) {
	if !fn.IsG {
		return "", fmt.Errorf("this function is the script's own, from %s:%d", fn.Proto.SourceName, fn.Proto.LineDefined)
	}
	name := ""
	if c.NameOf != nil {
		name = c.NameOf(fn)
	}
	for _, f := range c.Functions {
		if f.Name == name {
			return c.Func(&decl.Module{}, f, name), nil
		}
	}
	return "", errors.New("this function is one of Lua's own: see the Lua 5.1 manual")
}

// object is the text about the kind of an object, and what it can do.
func (c *Catalog) object(o *decl.Object) string {
	m, path := o.Module()
	text := c.Module(m, path)
	if kind := o.Kind(); kind != "" && len(kindsOf(m)) > 1 {
		text = c.Kind(m, path, kind)
	}
	var rows []row
	for _, x := range decl.ObjectMethods() {
		rows = append(rows, row{name: "x:" + x.Name + "()", doc: x.Doc})
	}
	return text + "\n" + methods(rows)
}
