package bindings

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

func netnsAdd(c *decl.Call) error {
	n, err := namespaces(c)
	if err != nil {
		return err
	}
	return eachNamespace(c, "lo", true, func(a nsArgs) (glua.LValue, error) {
		name, isName := a.which.(glua.LString)
		if !isName && a.which != glua.LNil {
			return nil, c.Errorf("name wants a string, got %s", shown(a.which))
		}
		if isName {
			if err := netns.CheckName(string(name)); err != nil {
				return nil, c.Errorf("%w", err)
			}
		}
		here, err := c.Place()
		if err != nil {
			return nil, err
		}
		var made *decl.Place
		err = c.Host.Apply(c.L, here, nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Netns{
			Name: string(name), Names: namesOf(c.Host), Lo: a.option,
			Made: func(ns *netns.NS) (err error) {
				made, err = n.Adopt(ns, string(name))
				return err
			},
		}})
		switch {
		case err != nil:
			return nil, netnsFailure(c, string(name), causeOf(err))
		case made == nil: // it was shown only
			return (&namespace{host: c.Host, name: string(name)}).userdata(c.L), nil
		}
		return newNamespace(c.L, c.Host, made), nil
	})
}

// causeOf is what package netns said before a change's error named the change.
func causeOf(err error) error {
	var e *nlcore.Error
	if !errors.As(err, &e) {
		return err
	}
	causes := e.Unwrap()
	if len(causes) == 0 {
		return err
	}
	return causes[len(causes)-1]
}

func netnsDel(c *decl.Call) error {
	n, err := namespaces(c)
	if err != nil {
		return err
	}
	return eachNamespace(c, "kill", false, func(a nsArgs) (glua.LValue, error) {
		if a.which == glua.LNil {
			return nil, c.Errorf(`needs to know which: netns.del "h1"`)
		}
		r, err := netnsRef(c, a.which)
		if err != nil {
			return nil, err
		}
		r = named(r)
		name, isName := r.Name()
		_, isObject := a.which.(*glua.LUserData)
		switch {
		case isObject:
			return nil, objectOf(a.which).remove(c.L, c.Op(), n, a.option)
		case !isName:
			return nil, c.Errorf("wants a name or a namespace, got %s", shown(a.which))
		}
		return nil, (&namespace{host: c.Host, name: name}).remove(c.L, c.Op(), n, a.option)
	})
}

// eachNamespace runs one for what the call describes. Of a list every element
// is tried; then one error names all failures.
func eachNamespace(c *decl.Call, option string, def bool, one func(nsArgs) (glua.LValue, error)) error {
	l, isList, err := nsRequest(c, option, def)
	if err != nil {
		return err
	}
	out := c.L.CreateTable(len(l), 0)
	var errs []error
	var first *Failure
	for i, a := range l {
		v, err := one(a)
		var f *Failure
		switch {
		case err == nil:
			if v != nil {
				out.Append(v)
			}
			continue
		case !isList || !errors.As(err, &f):
			return err // a mistake in the script ends it at once
		}
		f.fields = map[string]any{"index": i + 1}
		errs = append(errs, f)
		if first == nil {
			first = f
		}
	}
	switch {
	case first != nil:
		all := *first
		all.Msg = fmt.Sprintf("%s (element %v; %d of %d failed)", first.Msg, first.fields["index"], len(errs), len(l))
		all.fields = map[string]any{"errors": errs}
		return &all
	case c.Func.Name == "del":
	case isList:
		c.Return(decl.NewList(c.L, out))
	default:
		c.Return(out.RawGetInt(1))
	}
	return nil
}

// placeOf opens the namespace that r refers to.
func placeOf(c *decl.Call, r val.NetnsRef) (*decl.Place, error) {
	p, err := c.Host.PlaceOf(c.L, named(r))
	if err != nil {
		return nil, netnsFailure(c, r.String(), err)
	}
	if p.Gone {
		return nil, deleted(p.Name)
	}
	return p, nil
}

func netnsFailure(c *decl.Call, object string, err error) error {
	return nsFailure(c.Op(), object, err)
}

// nsFailure words an error of package netns for a script.
func nsFailure(op, object string, err error) error {
	f := &Failure{Op: op, Object: object, cause: err}
	var no syscall.Errno
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(object, "nsid "):
		text := strings.TrimPrefix(err.Error(), object+": ")
		f.Msg = strings.TrimSuffix(text, ": "+fs.ErrNotExist.Error()) + " (ENOENT)"
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(object, "pid "):
		f.Msg = "no such process (ENOENT)"
	case errors.Is(err, fs.ErrNotExist):
		f.Msg = "no such namespace (ENOENT)"
	case errors.Is(err, fs.ErrExist):
		f.Msg = "exists already (EEXIST)"
	case errors.As(err, &no):
		f.Msg = withoutPrefix(err)
		if no == syscall.EPERM || no == syscall.EACCES {
			f.Hint = "needs CAP_SYS_ADMIN: run as root or with --sandbox"
		}
	default:
		f.Msg = err.Error()
	}
	return f
}

// withoutPrefix is the error without the name that the object says already.
func withoutPrefix(err error) string {
	s := err.Error()
	if rest, ok := strings.CutPrefix(s, "network namespace"); ok {
		if i := strings.Index(rest, ": "); i >= 0 {
			return rest[i+2:]
		}
	}
	return s
}

// deleted is the error of all that came from a deleted namespace.
func deleted(name string) error {
	if name == "" {
		name = "without a name"
	}
	return &Failure{Msg: "namespace " + name + " was deleted"}
}
