package decl

import (
	"slices"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// class is a class of objects inside one interpreter: its module, and what is
// known of its fields by kind, each worked out when first needed.
type class struct {
	*nlcore.Class
	mod   *Module
	path  string // "bridge.link"
	host  Host
	kinds map[string]*fields
	all   []string     // every field of every kind
	meta  *glua.LTable // of objects
}

// fields are the keys of one kind of a class.
type fields struct {
	byKey map[string]*field // synonyms too
	list  []*field          // as shown: what all kinds have, then the kind's own
}

// field is one key of a kind.
type field struct {
	attr.Member
	key      string // as written: Key, or a synonym where a kind's own field hides it
	view     int    // which of the object's views holds it
	writable bool   // by add and its like
	settable bool   // of what exists
	asked    bool   // by a lookup
	own      bool   // the kind's own
}

// fields of a kind; "" are those that all kinds have.
func (c *class) fields(kind string) *fields {
	if f := c.kinds[kind]; f != nil {
		return f
	}
	f := c.mod.fields(c.host.Env(), kind)
	c.kinds[kind] = f
	return f
}

// fields lists the keys of one kind of the module's class.
func (m *Module) fields(e *attr.Env, kind string) *fields {
	views := m.Class.New(kind).Views()
	f := &fields{byKey: map[string]*field{}}
	members := make([][]*field, len(views))
	for i, w := range views {
		if w.Schema() == nil {
			continue
		}
		for _, x := range w.Schema().Members(e) {
			one := &field{Member: x, view: i, own: i < len(views)-1}
			m.rights(one)
			for _, key := range append([]string{x.Key}, x.Aliases...) {
				if f.byKey[key] != nil {
					continue // an earlier view's key hides it
				}
				if one.key == "" {
					one.key = key
				}
				f.byKey[key] = one
			}
			if one.key != "" {
				members[i] = append(members[i], one)
			}
		}
	}
	slices.Reverse(members)
	f.list = slices.Concat(members...)
	f.front("type")
	f.front(m.Class.Key)
	return f
}

// front shows a field before all others.
func (f *fields) front(key string) {
	if i := slices.IndexFunc(f.list, func(x *field) bool { return x.key == key }); i > 0 {
		f.list = slices.Insert(slices.Delete(f.list, i, i+1), 0, f.byKey[key])
	}
}

// rights says when scripts may give the field.
func (m *Module) rights(f *field) {
	f.writable = f.Modes&attr.All != 0 || f.Local || f.Key == m.Class.Key
	f.settable = f.Modes&^attr.Create != 0 || f.Local || f.Key == m.Class.Key
	f.asked = f.Modes != 0 || f.Local || f.Key == m.Class.Key
	if m.Writable != nil {
		if ok, said := m.Writable(f.Key); said {
			f.writable, f.settable = ok, ok
		}
	}
}

// get reads one field of an object of this kind.
func (f *fields) get(e *attr.Env, views []attr.View, key string) (attr.Value, bool) {
	if x := f.byKey[key]; x != nil {
		return views[x.view].Get(e, x.Key)
	}
	if base, ok := strings.CutSuffix(key, "_index"); ok {
		if x := f.byKey[base]; x != nil && x.Kind == "link" {
			return views[x.view].Get(e, x.Key+"_index")
		}
	}
	return attr.Value{}, false
}

// has reports a key that can be read.
func (f *fields) has(key string) bool {
	if f.byKey[key] != nil {
		return true
	}
	base, ok := strings.CutSuffix(key, "_index")
	return ok && f.byKey[base] != nil && f.byKey[base].Kind == "link"
}

// words lists the keys for suggestions.
func (f *fields) words(writable bool) []string {
	var l []string
	for k, x := range f.byKey {
		if x.writable || !writable {
			l = append(l, k)
		}
	}
	slices.Sort(l)
	return l
}

// kindsWith lists the kinds that have a field of their own under this key.
func (c *class) kindsWith(key string) []string {
	if c.Kinds == nil {
		return nil
	}
	var l []string
	for _, k := range c.Kinds() {
		if c.fields(k).has(key) {
			l = append(l, k)
		}
	}
	return l
}

// knows reports a key of any kind of the class.
func (c *class) knows(key string) bool {
	return c.fields("").has(key) || len(c.kindsWith(key)) > 0
}

// everyKey lists the keys of all kinds, for suggestions.
func (c *class) everyKey() []string {
	if c.all == nil {
		c.all = c.fields("").words(false)
		if c.Kinds != nil {
			for _, k := range c.Kinds() {
				c.all = append(c.all, c.fields(k).words(false)...)
			}
		}
		slices.Sort(c.all)
		c.all = slices.Compact(c.all)
	}
	return c.all
}

// kindKey is the field that says the kind: "type", in tc "kind".
func (c *class) kindKey() string {
	if c.Kinds == nil {
		return ""
	}
	if c.fields("").byKey["type"] == nil {
		return "kind"
	}
	return "type"
}

// kindOf reads an object's kind; "" where the class has none.
func (c *class) kindOf(o nlcore.Object) string {
	if c.Kinds == nil {
		return ""
	}
	if k, ok := o.(interface{ Kind() string }); ok {
		return k.Kind()
	}
	v, _ := nlcore.Field(c.host.Env(), o, c.kindKey())
	return v.String()
}
