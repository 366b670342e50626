package decl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
)

// Conditions are what objects of a class must agree with, as its list takes
// them, for builtins of another module: monitor.wait.
type Conditions struct {
	f *Filter
}

// Conditions reads them from named fields; nil are none. path is the module as
// scripts write it.
func (c *Call) Conditions(m *Module, path string, fields *glua.LTable) (*Conditions, error) {
	f, err := c.filterOf(ensureState(c.L, c.Host).class(m, path), &record{fields: fields})
	if err != nil {
		return nil, err
	}
	return &Conditions{f}, nil
}

// Match reports an object that meets all.
func (x *Conditions) Match(o nlcore.Object) bool { return x.f.match(o) }

// List reads all objects that do.
func (x *Conditions) List(ctx context.Context, p *Place) ([]nlcore.Object, error) {
	l, err := x.f.collect(ctx, p)
	out := make([]nlcore.Object, len(l))
	for i, o := range l {
		out[i] = o.obj
	}
	return out, err
}

// Value is an object of the class as scripts hold it.
func (x *Conditions) Value(L *glua.LState, o nlcore.Object, p *Place) *glua.LUserData {
	return (&Object{obj: o, place: p, cl: x.f.cl}).userdata(L)
}

// Nearest says in words what there is instead of an object that meets all: the
// one with the key asked for, else the one that lacks least.
func (x *Conditions) Nearest(ctx context.Context, p *Place) string {
	best, count := "", 0
	for o, err := range x.f.cl.Each(ctx, p.Handle, nil) {
		if err != nil {
			break
		}
		wrong, isKey := x.wrong(o)
		if !isKey && (best == "" || len(wrong) < count) {
			best, count = fmt.Sprintf("%s is there, %s", o, strings.Join(wrong, ", ")), len(wrong)
		}
	}
	if best == "" {
		return "there is none"
	}
	return best
}

// wrong lists the conditions that an object does not meet; isKey says that the
// key is among them, so that it is another one.
func (x *Conditions) wrong(o nlcore.Object) (l []string, isKey bool) {
	kind := x.f.cl.kindOf(o)
	fields, views := x.f.cl.fields(kind), o.Views()
	for _, c := range x.f.conds {
		if (&Filter{Env: x.f.Env, cl: x.f.cl, conds: []*cond{c}}).match(o) {
			continue
		}
		isKey = isKey || slices.Contains([]string{x.f.cl.Key, "ip", "index", "dev"}, c.key)
		if v, ok := fields.get(x.f.Env, views, c.key); ok {
			l = append(l, fmt.Sprintf("%s is %v", luaName(c.key), v))
		} else {
			l = append(l, luaName(c.key)+" is unset")
		}
	}
	return l, isKey
}

// Line is the object on one line: what errors call it, then what its list shows
// beside that.
func (o *Object) Line() string {
	line := o.String()
	for _, key := range o.cl.columns() {
		v, ok := o.cl.fields(o.kind()).get(o.cl.host.Env(), o.obj.Views(), key)
		if text := v.String(); ok && !slices.Contains(strings.Fields(line), text) {
			line += " " + key + " " + text
		}
	}
	return line
}

// All are the conditions of the class that everything meets.
func (x *Conditions) All() *Conditions {
	return &Conditions{&Filter{Env: x.f.Env, cl: x.f.cl}}
}
