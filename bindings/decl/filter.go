package decl

import (
	"errors"
	"fmt"
	"slices"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// Filter is the conditions of list, each, find and flush.
type Filter struct {
	// Like is what the kernel may filter by; Narrow may say more on it.
	Like nlcore.Object
	Env  *attr.Env

	cl    *class
	named []attr.Pair
	conds []*cond
	where []func(nlcore.Object) bool
}

// cond is one field and the values that match.
type cond struct {
	key    string
	want   []attr.Value // canonical, of the kinds that all have the field
	off    bool         // false: unset or off will do
	raw    []attr.Value // as given
	byKind map[string][]attr.Value
}

// Take removes a condition from the filter and returns it, for Narrow.
func (f *Filter) Take(key string) (attr.Value, bool) {
	for i, p := range f.named {
		if p.Key == key {
			f.named = slices.Delete(f.named, i, i+1)
			return p.Val, true
		}
	}
	return attr.Value{}, false
}

// Has reports a condition on a field.
func (f *Filter) Has(key string) bool {
	return slices.ContainsFunc(f.named, func(p attr.Pair) bool { return p.Key == key })
}

// Where adds a condition of its own.
func (f *Filter) Where(match func(nlcore.Object) bool) { f.where = append(f.where, match) }

// kernelKeys are the fields by which the kernel can filter lists. Others are
// not put on Like, since they would be compared twice.
var kernelKeys = []string{"dev", "master", "table", "proto", "type", "family"}

// resolve turns the named conditions into canonical values and puts on Like
// what the kernel may filter by.
func (f *Filter) resolve(kind string) error {
	fields, views := f.cl.fields(kind), f.Like.Views()
	for _, p := range f.named {
		c := &cond{key: p.Key, raw: []attr.Value{p.Val}}
		if p.Val.Kind() == attr.KindList {
			c.raw = p.Val.List()
		}
		x := fields.byKey[p.Key]
		switch {
		case p.Key == "netns" && f.cl.Kinds != nil:
			return fmt.Errorf("netns is where a link goes, not a condition: use the namespace's own %s.list", f.cl.path)
		case x == nil && fields.has(p.Key): // x_index
			c.want = c.raw
		case x == nil && kind == "" && len(f.cl.kindsWith(p.Key)) > 0:
			c.byKind = map[string][]attr.Value{}
			if _, err := c.forKind(f.cl, f.Env, f.cl.kindsWith(p.Key)[0]); err != nil {
				return err
			}
		case x == nil:
			return f.unknown(kind, fields, p.Key)
		default:
			if err := f.canonical(c, kind, x); err != nil {
				return err
			}
			if len(c.want) == 1 && !c.off && slices.Contains(kernelKeys, x.Key) {
				// What worked on a probe works here.
				_, _ = views[x.view].Set(f.Env, x.Key, c.raw[0])
			}
		}
		f.conds = append(f.conds, c)
	}
	return nil
}

func (f *Filter) unknown(kind string, fields *fields, key string) error {
	err := attr.NoField(key)
	text := err.Error()
	if kind != "" {
		text += " for type " + kind
	}
	words := fields.words(false)
	if kind == "" {
		words = slices.Clone(f.cl.everyKey())
	}
	for _, p := range f.cl.mod.Filters {
		words = append(words, p.Name)
	}
	return &Error{Field: key, Msg: text, Hint: didYouMean(key, words), cause: err}
}

// canonical makes the values comparable with those of the kernel's objects:
// any spelling of an address, a word or its number.
func (f *Filter) canonical(c *cond, kind string, x *field) (err error) {
	for _, v := range c.raw {
		if v.IsFalse() {
			c.off = true
			continue
		}
		if v, err = canonical(f.cl, f.Env, kind, x, v); err != nil {
			return err
		}
		c.want = append(c.want, v)
	}
	return nil
}

func canonical(cl *class, e *attr.Env, kind string, x *field, v attr.Value) (attr.Value, error) {
	if x.List && v.Kind() != attr.KindTable || x.Local && !x.writable {
		return v, nil // elements are compared as they are
	}
	probe := cl.New(kind).Views()[x.view]
	if _, err := probe.Set(e, x.Key, v); err != nil {
		if x.Kind == "string" || !x.writable && !errors.Is(err, attr.ErrNoField) {
			return v, nil
		}
		return v, err
	}
	if got, ok := probe.Get(e, x.Key); ok {
		return got, nil
	}
	return v, nil // zero of a plain field: it reads as unset
}

// forKind is the condition's values for a kind's own field; nil where the
// kind has none.
func (c *cond) forKind(cl *class, e *attr.Env, kind string) ([]attr.Value, error) {
	if l, ok := c.byKind[kind]; ok {
		return l, nil
	}
	var l []attr.Value
	if x := cl.fields(kind).byKey[c.key]; x != nil {
		l = []attr.Value{}
		for _, v := range c.raw {
			if v.IsFalse() {
				c.off = true
				continue
			}
			v, err := canonical(cl, e, kind, x, v)
			if err != nil {
				return nil, err
			}
			l = append(l, v)
		}
	}
	c.byKind[kind] = l
	return l, nil
}

// match reports an object that meets every condition.
func (f *Filter) match(o nlcore.Object) bool {
	kind := f.cl.kindOf(o)
	fields, views := f.cl.fields(kind), o.Views()
	for _, c := range f.conds {
		want := c.want
		if c.byKind != nil {
			var err error
			if want, err = c.forKind(f.cl, f.Env, kind); err != nil || want == nil {
				return false
			}
		}
		got, ok := fields.get(f.Env, views, c.key)
		if !c.matches(want, got, ok) {
			return false
		}
	}
	for _, w := range f.where {
		if !w(o) {
			return false
		}
	}
	return true
}

func (c *cond) matches(want []attr.Value, got attr.Value, ok bool) bool {
	if c.off && (!ok || got.IsFalse()) {
		return true
	}
	for _, w := range want {
		switch {
		case !ok:
			if isZero(w) {
				return true
			}
		case same(w, got):
			return true
		case got.Kind() == attr.KindList:
			if slices.ContainsFunc(got.List(), func(e attr.Value) bool { return same(w, e) }) {
				return true
			}
		}
	}
	return false
}

// isZero is the number that a plain field cannot tell from unset.
func isZero(v attr.Value) bool {
	switch v.Kind() {
	case attr.KindInt, attr.KindUint, attr.KindEnum:
		return v.Uint() == 0
	}
	return false
}

// same compares two values of one field.
func same(a, b attr.Value) bool {
	if a.Kind() == attr.KindLink && b.Kind() == attr.KindLink {
		x, y := a.Link(), b.Link()
		if x.Index != 0 && y.Index != 0 {
			return x.Index == y.Index
		}
		return x.Name == y.Name
	}
	if number(a) && number(b) {
		return a.Uint() == b.Uint()
	}
	return attr.Same(a, b)
}

func number(v attr.Value) bool {
	switch v.Kind() {
	case attr.KindInt, attr.KindUint, attr.KindEnum:
		return true
	}
	return false
}

// Add adds a condition on a field, for Narrow.
func (f *Filter) Add(key string, v attr.Value) {
	f.named = append(f.named, attr.Pair{Key: key, Val: v})
}
