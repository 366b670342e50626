package decl

import (
	"errors"
	"fmt"
	"io"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

// change is the verb of a class: one object, a list as one batch, or what a
// generator returns.
func change(verb val.Verb, preset func(b *builder, o nlcore.Object) error) func(*Call) error {
	return func(c *Call) error {
		cl := c.class()
		place, err := c.Place()
		if err != nil {
			return err
		}
		b := &builder{c: c, cl: cl, verb: verb, place: place, env: c.Host.Env()}
		req, err := c.request(cl)
		if err != nil {
			return b.fail(nil, "", err)
		}
		switch req.shape {
		case shapeNone:
			return b.fail(nil, "", fmt.Errorf("needs to know which: %s.%s{ ... }", cl.path, c.Func.Name))
		case shapeEmpty:
			if verb != val.Del {
				c.Return(newList(c.L, nil))
			}
			return nil
		case shapeOne:
			return b.changeOne(&req.one, preset)
		case shapeList:
			return b.changeList(req.list, req.n, preset)
		}
		return b.changeEach(req.next, preset)
	}
}

// make builds one change and applies what the verb itself says (up, down).
func (b *builder) make(r *record, preset func(*builder, nlcore.Object) error) (nlcore.Change, error) {
	if r.pos[0] != nil && !isKey(r.pos[0]) {
		return nlcore.Change{}, b.fail(nil, b.cl.Key, fmt.Errorf("wants %s, got %s", b.cl.keyName(), describe(r.pos[0])))
	}
	o, err := b.build(r)
	if err != nil {
		return nlcore.Change{}, err
	}
	if preset != nil {
		if err := preset(b, o); err != nil {
			return nlcore.Change{}, b.fail(o, "", err)
		}
	}
	if fill := b.cl.mod.Fill; fill != nil && (b.verb == val.Add || b.verb == val.Replace) {
		if b.taken == nil {
			b.taken = map[string]bool{}
		}
		if err := fill(b.c.Context(), b.place.Handle, o, b.taken); err != nil {
			return nlcore.Change{}, b.fail(o, "", err)
		}
	}
	return nlcore.Change{Verb: b.verb, Object: o}, nil
}

// isKey reports what can say which object is meant.
func isKey(v glua.LValue) bool {
	switch v.(type) {
	case glua.LString, glua.LNumber, *glua.LUserData:
		return true
	}
	return false
}

func (b *builder) changeOne(r *record, preset func(*builder, nlcore.Object) error) error {
	ch, err := b.make(r, preset)
	if err != nil {
		return err
	}
	if err := b.c.Host.Apply(b.c.L, b.place, ch); err != nil {
		return err
	}
	given := objectOf(r.pos[0])
	if b.verb == val.Del {
		if given != nil {
			given.gone = true
		}
		return nil
	}
	o, err := b.result(ch.Object)
	if err != nil {
		return err
	}
	if b.cl.mod.Eager && !b.c.Host.Dry(b.c.L) {
		if err := o.reload(b.c.L); err != nil {
			return err
		}
	}
	b.c.Return(o.userdata(b.c.L))
	return nil
}

// result is the object that a change returns, to be read when first used.
func (b *builder) result(o nlcore.Object) (*Object, error) {
	place, err := b.destination(o)
	if err != nil {
		return nil, err
	}
	return &Object{obj: o, place: place, cl: b.cl, stale: !b.c.Host.Dry(b.c.L)}, nil
}

// destination is where the object is after the change: a link may have gone
// to another namespace.
func (b *builder) destination(o nlcore.Object) (*Place, error) {
	f := b.cl.fields("").byKey["netns"]
	if f == nil || b.c.Host.Dry(b.c.L) {
		return b.place, nil
	}
	v, ok := nlcore.Field(b.env, o, f.Key)
	if !ok {
		return b.place, nil
	}
	return b.c.Host.PlaceOf(b.c.L, v.Netns())
}

// changeList sends a list as one batch. Mistakes in any element are found
// before anything is sent.
func (b *builder) changeList(list *glua.LTable, n int, preset func(*builder, nlcore.Object) error) error {
	changes := make([]nlcore.Change, n)
	for i := range changes {
		r, err := b.c.element(b.cl, list.RawGetInt(i+1))
		if err == nil {
			changes[i], err = b.make(&r, preset)
		}
		if err != nil {
			return b.inElement(i+1, err)
		}
	}
	err := b.c.Host.Apply(b.c.L, b.place, changes...)
	if b.verb == val.Del {
		markGone(list, n, err)
		return err
	}
	if err != nil {
		return err
	}
	objects := make([]*Object, n)
	for i := range changes {
		if objects[i], err = b.result(changes[i].Object); err != nil {
			return err
		}
	}
	b.c.Return(newList(b.c.L, objects))
	return nil
}

// markGone notes which given objects a batch of deletions left without their
// counterpart in the kernel.
func markGone(list *glua.LTable, n int, err error) {
	failed := map[int]bool{}
	var batch *nlcore.BatchError
	var one *nlcore.Error
	switch {
	case errors.As(err, &batch):
		for _, e := range batch.Errors {
			failed[e.Index] = true
		}
	case errors.As(err, &one):
		failed[one.Index] = true
	case err != nil:
		return
	}
	for i := range n {
		v := list.RawGetInt(i + 1)
		o := objectOf(v)
		if t, ok := v.(*glua.LTable); ok {
			o = objectOf(t.RawGetInt(1))
		}
		if o != nil && !failed[i] {
			o.gone = true
		}
	}
}

// inElement names the element of a list in which a mistake was found.
func (b *builder) inElement(i int, err error) error {
	e, ok := b.fail(nil, "", err).(*Error)
	if !ok {
		return err
	}
	indexed := *e
	indexed.Index = i
	indexed.Msg = fmt.Sprintf("element %d: %s", i, e.Msg)
	return &indexed
}

// changeEach takes one table after the other from a function, until it
// returns nil, and returns how many.
func (b *builder) changeEach(next *glua.LFunction, preset func(*builder, nlcore.Object) error) error {
	i := 0
	n, err := b.c.Host.ApplyEach(b.c.L, b.place, func() (nlcore.Change, error) {
		out, err := b.c.CallLua(next)
		if err != nil {
			return nlcore.Change{}, err
		}
		if len(out) == 0 || out[0] == glua.LNil {
			return nlcore.Change{}, io.EOF
		}
		i++
		if !isElement(out[0]) {
			return nlcore.Change{}, b.inElement(i, fmt.Errorf("the function returned %s; it returns a table, or nil at the end", describe(out[0])))
		}
		r, err := b.c.element(b.cl, out[0])
		var ch nlcore.Change
		if err == nil {
			ch, err = b.make(&r, preset)
		}
		if err != nil {
			return ch, b.inElement(i, err)
		}
		return ch, nil
	})
	if err != nil {
		return err
	}
	b.c.Return(glua.LNumber(n))
	return nil
}
