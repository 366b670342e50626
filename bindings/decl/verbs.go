package decl

import (
	"errors"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// About is what the declaration of a verb says to people.
type About struct {
	Doc     string // "" takes the verb's own words
	Since   string
	Example string
	Needs   string // what the kernel must have for the example
}

// Verb declares a verb that changes objects of the module's class: one, a
// list as one batch, or what a generator returns.
func Verb(name string, v val.Verb, t About) Func {
	f := Func{
		Name: name, Doc: t.Doc, Since: t.Since, Example: t.Example, Needs: t.Needs,
		Returns: "the object; of a list a list, of a generator the count",
		Fields:  Writable, Mutates: true, Plain: true, Run: change(v, nil),
	}
	if f.Doc == "" {
		f.Doc = verbDocs[v]
	}
	if v == val.Del {
		f.Returns, f.Fields = "nothing", KeyFields
	}
	return f
}

var verbDocs = map[val.Verb]string{
	val.Add:     "Creates one; it must not exist.",
	val.Append:  "Creates one beside those that exist, after them.",
	val.Prepend: "Creates one beside those that exist, before them.",
	val.Replace: "Creates one, or takes the place of the one that exists, whole.",
	val.Change:  "Takes the place of one that must exist, whole.",
	val.Set:     "Alters the fields given of one that must exist; the others stay.",
	val.Del:     "Deletes the one described; it must exist.",
}

// Preset declares a verb that sets one field by itself: link.up.
func Preset(name string, v val.Verb, field string, x attr.Value, t About) Func {
	f := Verb(name, v, t)
	f.Fields = KeyFields
	f.Run = change(v, func(b *builder, o nlcore.Object) error {
		kind := b.cl.kindOf(o)
		return b.setValue(b.cl.fields(kind), o.Views(), field, x)
	})
	return f
}

// The verbs that read.

// Get declares get: one, or an error.
func Get(t About) Func {
	return reading("get", "One object, or an error.", "the object", KeyFields, runGet, t)
}

// Find declares find: one, or nil.
func Find(t About) Func {
	return reading("find", "The one that matches every field, or nil; several are an error.",
		"the object, or nil", Filters, runFind, t)
}

// ListVerb declares list.
func ListVerb(t About) Func {
	return reading("list", "All that match every field. A list value means any of these, false means off or unset.",
		"a list of objects", Filters, runList, t)
}

// Each declares each.
func Each(t About) Func {
	return reading("each", "Iterates over all that match, keeping nothing.", "an iterator for `for`", Filters, runEach, t)
}

// Flush declares flush.
func Flush(t About) Func {
	f := reading("flush", "Deletes all that match; none is fine. Without a field say all=true.",
		"how many were deleted", Filters, runFlush, t)
	f.Mutates = true
	f.Params = []Param{{Name: "all", Kind: Boolean, Doc: "delete everything, where no field is given"}}
	return f
}

func reading(name, doc, returns string, fields FieldSet, run func(*Call) error, t About) Func {
	f := Func{
		Name: name, Doc: t.Doc, Since: t.Since, Example: t.Example, Needs: t.Needs, Returns: returns,
		Fields: fields, Plain: true, Run: run,
	}
	if f.Doc == "" {
		f.Doc = doc
	}
	return f
}

// Parameters lists what a function takes, for help, completion and checks:
// its own, then the fields of the class for one kind ("" for what all kinds
// have).
func (f *Func) Parameters(m *Module, e *attr.Env, kind string) []Param {
	l := append([]Param(nil), f.Params...)
	if f.Fields == NoFields || m.Class == nil {
		return l
	}
	if f.Fields == Filters {
		l = append(l, m.Filters...)
	}
	for _, x := range m.fields(e, kind).list {
		if f.Fields != Filters && !x.writable || f.Fields == Filters && x.Key == "netns" {
			continue
		}
		p := Param{Name: luaName(x.key), Kind: Kind(x.Kind), Doc: x.Field, Words: x.Words, Required: x.Required && f.Fields == Writable}
		if x.Bounded {
			p.Lo, p.Hi = float64(x.Lo), float64(x.Hi)
		}
		switch {
		case x.Key == m.Class.Key:
			p.Pos = 1
		case m.Class.Dev && x.Key == "dev":
			p.Pos = 2
		}
		l = append(l, p)
	}
	return l
}

// Check reports what a declaration lacks: doc, since, example, parameters.
func (m *Module) Check() error {
	var l []error
	lacks := func(what string, have bool) {
		if !have {
			l = append(l, errors.New("module "+m.Name+": "+what))
		}
	}
	lacks("no name", m.Name != "")
	lacks("no doc", m.Doc != "")
	lacks("no since", m.Since != "")
	seen := map[string]bool{}
	for i := range m.Funcs {
		f := &m.Funcs[i]
		lacks(f.Name+" is there twice", !seen[f.Name])
		seen[f.Name] = true
		l = append(l, f.Check(m.Name))
	}
	for _, s := range m.Subs {
		lacks(s.Name+" is function and module", !seen[s.Name])
		l = append(l, s.Check())
	}
	return errors.Join(l...)
}

// Check reports what the declaration of a function lacks.
func (f *Func) Check(module string) error {
	var l []error
	lacks := func(what string, have bool) {
		if !have {
			l = append(l, errors.New(module+"."+f.Name+": "+what))
		}
	}
	lacks("no name", f.Name != "")
	lacks("no doc", f.Doc != "")
	lacks("no since", f.Since != "")
	lacks("no example", f.Example != "")
	lacks("nothing to run", f.Run != nil)
	for _, p := range f.Params {
		lacks("a parameter without name", p.Name != "")
		lacks(p.Name+" has no kind", p.Kind != "")
		lacks(p.Name+" has no doc", p.Doc != "")
		lacks(p.Name+" has no words", p.Kind != Word || len(p.Words) > 0)
	}
	return errors.Join(l...)
}
