package bindings

import (
	"fmt"
	"path/filepath"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

// nsArgs is one namespace as a call of add or del describes it.
type nsArgs struct {
	which  glua.LValue // the positional value, or name=; nil where not given
	option bool        // lo or kill
}

// nsRequest reads the arguments of a verb that takes one namespace or a list
// of them. option is the boolean that the verb takes, def what it is else.
func nsRequest(c *decl.Call, option string, def bool) (l []nsArgs, isList bool, err error) {
	t, isTable := c.Arg(1).(*glua.LTable)
	if isTable && c.N() == 1 && isNsList(t) {
		for i := 1; i <= t.MaxN(); i++ {
			a := nsArgs{which: t.RawGetInt(i), option: def}
			if e, ok := a.which.(*glua.LTable); ok {
				a.which = glua.LNil
				err = a.table(c, e, option)
			}
			if err != nil {
				return nil, true, c.Errorf("element %d: %w", i, err)
			}
			l = append(l, a)
		}
		return l, true, nil
	}
	a := nsArgs{which: glua.LNil, option: def}
	for i := 1; i <= c.N() && err == nil; i++ {
		t, isTable := c.Arg(i).(*glua.LTable)
		switch {
		case isTable && i == c.N():
			err = a.table(c, t, option)
		case i == 1:
			a.which = c.Arg(1)
		default:
			err = fmt.Errorf("takes one name; for several write netns.%s{ {...}, {...} }", c.Func.Name)
		}
	}
	if err != nil {
		return nil, false, c.Errorf("%w", err)
	}
	return []nsArgs{a}, false, nil
}

// isNsList reports a table without named fields that holds tables or
// namespaces only.
func isNsList(t *glua.LTable) bool {
	for k, v := t.Next(glua.LNil); k != glua.LNil; k, v = t.Next(k) {
		if _, ok := k.(glua.LNumber); !ok {
			return false
		}
		switch v.(type) {
		case *glua.LTable, *glua.LUserData:
		default:
			return false
		}
	}
	return t.MaxN() > 0 || t.Metatable != glua.LNil // an empty list, not {}
}

// table reads the name and the option of one table.
func (a *nsArgs) table(c *decl.Call, t *glua.LTable, option string) error {
	for k, v := t.Next(glua.LNil); k != glua.LNil; k, v = t.Next(k) {
		switch k {
		case glua.LNumber(1), glua.LString("name"):
			if a.which != glua.LNil {
				return fmt.Errorf("has name both by position and by name")
			}
			a.which = v
		case glua.LString(option):
			on, ok := v.(glua.LBool)
			if !ok {
				return fmt.Errorf("%s wants true or false, got %s", option, shown(v))
			}
			a.option = bool(on)
		default:
			if _, ok := k.(glua.LNumber); ok {
				return fmt.Errorf("takes one name; for several write netns.%s{ {...}, {...} }", c.Func.Name)
			}
			msg := fmt.Sprintf("unknown field %q", k.String())
			if s := decl.Suggest(k.String(), []string{"name", option}); s != "" {
				msg += fmt.Sprintf("; did you mean %q?", s)
			}
			return fmt.Errorf("%s", msg)
		}
	}
	return nil
}

// netnsRef is what a script's value says a namespace is; one that was deleted
// is an error.
func netnsRef(c *decl.Call, v glua.LValue) (r val.NetnsRef, err error) {
	switch v := v.(type) {
	case glua.LString:
		r, err = attr.ToNetns(attr.StringOf(string(v)))
	case glua.LNumber:
		r, err = attr.ToNetns(attr.FloatOf(float64(v)))
	default:
		if n := objectOf(v); n != nil {
			return n.NetnsRef(), n.Gone()
		}
		err = fmt.Errorf("wants a name, a process id, a path or a namespace, got %s", shown(v))
	}
	if err != nil {
		return r, c.Errorf("%w", err)
	}
	return r, nil
}

// named takes the path of a file under netns.Dir for the name that it is.
func named(r val.NetnsRef) val.NetnsRef {
	if path, ok := r.Path(); ok && filepath.Dir(filepath.Clean(path)) == netns.Dir {
		return val.NetnsName(filepath.Base(path))
	}
	return r
}

// shown is a value as an error names it.
func shown(v glua.LValue) string {
	switch v := v.(type) {
	case glua.LString:
		return fmt.Sprintf("%q", string(v))
	case glua.LNumber, glua.LBool, *glua.LNilType:
		return v.String()
	case *glua.LUserData:
		if s, ok := v.Value.(fmt.Stringer); ok {
			return s.String()
		}
	}
	return "a " + v.Type().String()
}
