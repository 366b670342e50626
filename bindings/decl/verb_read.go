package decl

import (
	"context"
	"errors"
	"fmt"
	"iter"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// newFilter reads the conditions of a call.
func (c *Call) newFilter() (*Filter, *Place, error) {
	cl := c.class()
	place, err := c.Place()
	if err != nil {
		return nil, nil, err
	}
	req, err := c.request(cl)
	if err == nil {
		switch req.shape {
		case shapeList:
			err = fmt.Errorf("takes one table of conditions, got a list")
		case shapeEach:
			err = fmt.Errorf("takes a table of conditions, got a function")
		}
	}
	if err != nil {
		return nil, nil, c.failure(err)
	}
	f, err := c.filterOf(cl, &req.one)
	return f, place, err
}

// filterOf turns a record into conditions.
func (c *Call) filterOf(cl *class, r *record) (*Filter, error) {
	f := &Filter{Env: c.Host.Env(), cl: cl}
	kind := ""
	err := f.read(cl, r)
	if err == nil && cl.Kinds != nil {
		for _, p := range f.named {
			if p.Key == cl.kindKey() && p.Val.Kind() == attr.KindString {
				kind = p.Val.Word()
			}
		}
	}
	if err == nil {
		f.Like = cl.New(kind)
		if cl.mod.Narrow != nil {
			err = cl.mod.Narrow(f)
		}
	}
	if err == nil {
		err = f.resolve(kind)
	}
	var e *Error
	if errors.As(err, &e) && e.Op == "" {
		named := *e
		named.Op = c.Op()
		return f, &named
	}
	return f, c.failure(err)
}

func (f *Filter) read(cl *class, r *record) error {
	for i, key := range []string{cl.Key, "dev"} {
		if r.pos[i] == nil {
			continue
		}
		v, err := toValue(r.pos[i])
		if err != nil {
			return fmt.Errorf("%s %w", key, err)
		}
		if o := objectOf(r.pos[i]); o != nil && o.obj.Class() == cl.Name && i == 0 {
			ident := o.obj.Ident()
			f.Where(func(x nlcore.Object) bool { return x.Ident() == ident })
			f.named = append(f.named, attr.Pair{Key: "", Val: attr.Value{}})
			continue
		}
		if i == 0 && cl.Kinds != nil && v.Kind() == attr.KindInt {
			key = "index" // a link by number
		}
		f.named = append(f.named, attr.Pair{Key: key, Val: v})
	}
	f.named = dropUnnamed(f.named)
	if r.fields == nil {
		return nil
	}
	return named(r.fields, r.n, func(key string, lv glua.LValue) error {
		if f.Has(key) {
			return fmt.Errorf("has %s both by position and by name", key)
		}
		v, err := toValue(lv)
		if err != nil {
			return fmt.Errorf("%s %w", key, err)
		}
		f.named = append(f.named, attr.Pair{Key: key, Val: v})
		return nil
	})
}

func dropUnnamed(l []attr.Pair) []attr.Pair {
	out := l[:0]
	for _, p := range l {
		if p.Key != "" {
			out = append(out, p)
		}
	}
	return out
}

// all yields what matches, straight from the kernel.
func (f *Filter) all(ctx context.Context, p *Place) iter.Seq2[nlcore.Object, error] {
	return func(yield func(nlcore.Object, error) bool) {
		for o, err := range f.cl.Each(ctx, p.Handle, f.Like) {
			if err == nil && !f.match(o) {
				continue
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// listTries is how often a list is read that changed meanwhile.
const listTries = 10

// collect reads all that matches. A list that the kernel marked interrupted is
// read again within a bound; there is no partial result.
func (f *Filter) collect(ctx context.Context, p *Place) ([]*Object, error) {
	for try := 1; ; try++ {
		l, err := f.collectOnce(ctx, p)
		if !errors.Is(err, nlcore.ErrDumpInterrupted) || try == listTries {
			return l, err
		}
	}
}

func (f *Filter) collectOnce(ctx context.Context, p *Place) ([]*Object, error) {
	var l []*Object
	var slab []Object // objects are made 64 at a time: one kept keeps few others
	for o, err := range f.all(ctx, p) {
		if err != nil {
			return nil, err
		}
		if len(slab) == cap(slab) {
			slab = make([]Object, 0, min(64, max(4, len(l))))
		}
		slab = append(slab, Object{obj: o, place: p, cl: f.cl})
		l = append(l, &slab[len(slab)-1])
	}
	return l, nil
}

func runList(c *Call) error {
	f, p, err := c.newFilter()
	if err != nil {
		return err
	}
	l, err := f.collect(c.Context(), p)
	if err != nil {
		return err
	}
	c.Return(newList(c.L, l))
	return nil
}

// findOne is the one object that matches; nil where there is none.
func (c *Call) findOne() (*Object, error) {
	f, p, err := c.newFilter()
	if err != nil {
		return nil, err
	}
	if len(f.conds)+len(f.where) == 0 {
		return nil, c.Errorf("needs a condition")
	}
	l, err := f.collect(c.Context(), p)
	switch {
	case err != nil:
		return nil, err
	case len(l) == 0:
		return nil, nil
	case len(l) > 1:
		err := c.Refuse("%d match: %s, %s%s; list returns them all", len(l), l[0].obj, l[1].obj, more(len(l)-2))
		return nil, because(err, nlcore.ErrSeveral)
	}
	return l[0], nil
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return ", ..."
}

func because(err error, cause error) error {
	if e, ok := err.(*Error); ok {
		e.cause = cause
	}
	return err
}

func runFind(c *Call) error {
	o, err := c.findOne()
	if err != nil {
		return err
	}
	if o == nil {
		c.Return(glua.LNil)
		return nil
	}
	c.Return(o.userdata(c.L))
	return nil
}

// runGet asks the kernel for one object; where it has no lookup for the
// class, the list is searched.
func runGet(c *Call) error {
	cl := c.class()
	if cl.Get == nil {
		return getFromList(c)
	}
	place, err := c.Place()
	if err != nil {
		return err
	}
	b := &builder{c: c, cl: cl, place: place, env: c.Host.Env()}
	req, err := c.request(cl)
	switch {
	case err != nil:
		return b.fail(nil, "", err)
	case req.shape == shapeList || req.shape == shapeEach:
		return b.fail(nil, "", fmt.Errorf("takes one at a time"))
	case req.one.empty():
		return b.fail(nil, "", fmt.Errorf("needs to know which: %s.get(%s)", cl.path, cl.Key))
	}
	like, err := b.build(&req.one)
	if err != nil {
		return err
	}
	found, err := cl.Get(c.Context(), place.Handle, like)
	if err != nil {
		return err
	}
	c.Return((&Object{obj: found, place: place, cl: cl}).userdata(c.L))
	return nil
}

func getFromList(c *Call) error {
	o, err := c.findOne()
	if err != nil {
		return err
	}
	if o == nil {
		return because(c.Refuse("not found"), nlcore.ErrNotFound)
	}
	c.Return(o.userdata(c.L))
	return nil
}

// runFlush deletes all that matches and returns the count.
func runFlush(c *Call) error {
	all := false
	if t, ok := c.Arg(1).(*glua.LTable); ok && t.RawGetString("all") == glua.LTrue {
		all = true
		rest := c.L.CreateTable(0, 4)
		for k, v := t.Next(glua.LNil); k != glua.LNil; k, v = t.Next(k) {
			if k != glua.LString("all") {
				rest.RawSet(k, v)
			}
		}
		c.L.Replace(c.base+1, rest)
	}
	f, p, err := c.newFilter()
	if err != nil {
		return err
	}
	if !all && len(f.conds)+len(f.where) == 0 {
		return c.Errorf("needs a condition; to delete everything say all=true")
	}
	l, err := f.collect(c.Context(), p)
	if err != nil {
		return err
	}
	changes := make([]nlcore.Change, len(l))
	for i, o := range l {
		changes[i] = nlcore.Change{Verb: nlcore.Del, Object: o.obj}
	}
	n := len(changes)
	if n > 0 {
		gone, err := alreadyGone(c.Host.Apply(c.L, p, changes...))
		if err != nil {
			return err
		}
		n -= gone
	}
	c.Return(glua.LNumber(n))
	return nil
}
