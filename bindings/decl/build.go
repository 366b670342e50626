package decl

import (
	"errors"
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// builder makes objects from records, for one verb in one place.
type builder struct {
	c     *Call
	cl    *class
	verb  val.Verb
	place *Place
	env   *attr.Env
	moves bool            // the object goes elsewhere, so links it refers to may be there
	taken map[string]bool // by Module.Fill
}

// build makes the object that a record describes.
func (b *builder) build(r *record) (nlcore.Object, error) {
	kind := ""
	b.moves = b.cl.Kinds != nil && r.fields != nil &&
		(r.fields.RawGetString("netns") != glua.LNil || r.fields.RawGetString("link_netnsid") != glua.LNil)
	if key := b.cl.kindKey(); key != "" && r.fields != nil {
		if v := r.fields.RawGetString(key); v != glua.LNil {
			s, ok := v.(glua.LString)
			if !ok {
				return nil, b.fail(nil, key, fmt.Errorf("%s wants a word, got %s", key, describe(v)))
			}
			kind = string(s)
		}
	}
	if given := objectOf(r.pos[0]); given != nil && given.obj.Class() == b.cl.Name {
		return b.fromObject(r, given, kind)
	}
	o := b.cl.New(kind)
	return b.fill(o, kind, r, r.pos[0])
}

// fromObject takes an object as the key: alone it is itself, with fields a
// changed copy of it.
func (b *builder) fromObject(r *record, given *Object, kind string) (nlcore.Object, error) {
	if err := given.place.check(); err != nil {
		return nil, err
	}
	if given.place != b.place && (b.verb == val.Set || b.verb == val.Del) {
		return nil, b.fail(given.obj, "", fmt.Errorf("is in %s; objects act where they came from", given.place.label()))
	}
	if given.gone && b.verb != val.Add && b.verb != val.Replace {
		return nil, given.goneError(b.op())
	}
	if kind == "" {
		kind = b.cl.kindOf(given.obj)
	}
	if b.selects() {
		return b.fill(b.cl.New(kind), kind, r, r.pos[0])
	}
	if r.fields == nil && (b.verb == val.Del || b.cl.Kinds == nil) {
		return given.obj, nil // what is read is never sent back
	}
	o := b.cl.New(kind)
	if err := b.cl.copyFields(b.env, o, kind, given.obj); err != nil {
		return nil, b.fail(given.obj, "", err)
	}
	return b.fill(o, kind, r, nil)
}

// selects reports that the positional key says which object is meant, and the
// key field may say something else: link.set{ "eth0", name="wan" }.
func (b *builder) selects() bool {
	if b.cl.Select == nil {
		return false
	}
	return b.verb == val.Set || b.verb == val.Del || b.verb == 0
}

// copyFields says on o what scripts may say of from.
func (cl *class) copyFields(e *attr.Env, o nlcore.Object, kind string, from nlcore.Object) error {
	views, source := o.Views(), from.Views()
	for _, f := range cl.fields(kind).list {
		if !f.writable || f.view >= len(source) || cl.skips(f.Key) {
			continue
		}
		if v, ok := source[f.view].Get(e, f.Key); ok && !cl.left(from, f.Key, v) {
			if _, err := views[f.view].Set(e, f.Key, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (cl *class) left(o nlcore.Object, key string, v attr.Value) bool {
	return cl.mod.Left != nil && cl.mod.Left(o, key, v)
}

// skips says which fields say where an object is and not what it is.
func (cl *class) skips(key string) bool { return key == "netns" || key == "index" && cl.Kinds != nil }

// fill sets the key, then dev, then the named fields of r on o.
func (b *builder) fill(o nlcore.Object, kind string, r *record, key glua.LValue) (nlcore.Object, error) {
	fields, views := b.cl.fields(kind), o.Views()
	if key != nil {
		if err := b.setKey(o, fields, views, key, r); err != nil {
			return nil, err
		}
	}
	if r.pos[1] != nil {
		if r.fields != nil && r.fields.RawGetString("dev") != glua.LNil {
			return nil, b.fail(o, "dev", errors.New("has dev both as second value and by name"))
		}
		if err := b.setField(o, fields, views, "dev", r.pos[1]); err != nil {
			return nil, b.fail(o, "dev", err)
		}
	}
	if r.fields == nil {
		return o, nil
	}
	// The key comes first, so that errors about the rest can name the object.
	if key == nil && b.cl.Key != "" {
		if v := r.fields.RawGetString(b.cl.Key); v != glua.LNil {
			if err := b.setField(o, fields, views, b.cl.Key, v); err != nil {
				return nil, b.fail(o, b.cl.Key, err)
			}
		}
	}
	return b.fillNamed(o, kind, fields, views, r)
}

func (b *builder) fillNamed(o nlcore.Object, kind string, fields *fields, views []attr.View, r *record) (nlcore.Object, error) {
	var again string
	bad := ""
	err := named(r.fields, r.n, func(name string, v glua.LValue) error {
		bad = name
		err := b.setField(o, fields, views, name, v)
		if err != nil && errors.Is(err, attr.ErrNoField) && kind == "" {
			if again, _ = b.lookupKind(o); again != "" {
				return errAgain
			}
		}
		return err
	})
	switch {
	case err == errAgain:
		return b.fill(b.cl.New(again), again, r, r.pos[0])
	case err != nil:
		return nil, b.failField(o, kind, fields, bad, err)
	}
	return o, nil
}

// errAgain says that the kind is known now and the object is made anew.
var errAgain = errors.New("kind is known now")

// lookupKind asks the kernel for the kind of the object that a set or del
// without a type means.
func (b *builder) lookupKind(o nlcore.Object) (string, error) {
	if b.verb != val.Set && b.verb != val.Del || b.cl.Get == nil || b.place == nil {
		return "", nil
	}
	found, err := b.cl.Get(b.c.Context(), b.place.Handle, o)
	if err != nil {
		return "", err
	}
	return b.cl.kindOf(found), nil
}

func (b *builder) setKey(o nlcore.Object, fields *fields, views []attr.View, key glua.LValue, r *record) error {
	if r.fields != nil && r.fields.RawGetString(b.cl.Key) != glua.LNil && !b.selects() {
		return b.fail(o, b.cl.Key, fmt.Errorf("has %s both as first value and by name", b.cl.Key))
	}
	v, err := toValue(key)
	if err == nil && b.selects() {
		if err = b.cl.Select(o, v); err != nil {
			err = fmt.Errorf("%s %w", b.cl.Key, err)
		}
	} else if err == nil {
		err = b.setValue(fields, views, b.cl.Key, v)
	}
	if err != nil {
		return b.fail(nil, b.cl.Key, err) // without its key it has no name
	}
	return nil
}

func (b *builder) setField(o nlcore.Object, fields *fields, views []attr.View, name string, lv glua.LValue) error {
	v, err := toValue(lv)
	if err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	if v.Kind() == attr.KindLink && !b.moves {
		if o := objectOf(lv); o != nil && o.place != b.place {
			return fmt.Errorf("%s is %s in %s, and an index there means nothing here", name, o, o.place.label())
		}
	}
	return b.setValue(fields, views, name, v)
}

func (b *builder) setValue(fields *fields, views []attr.View, name string, v attr.Value) error {
	f := fields.byKey[name]
	switch {
	case f == nil:
		return attr.NoField(name)
	case b.verb == 0 && !f.asked:
		return fmt.Errorf("%s cannot be asked by: the kernel sets it", name)
	case b.verb != 0 && !f.writable:
		if f.asked {
			return fmt.Errorf("%s is for lookups only", name)
		}
		return fmt.Errorf("%s is set by the kernel only", name)
	case b.verb == val.Set && !f.settable:
		return fmt.Errorf("%s is given at creation only", name)
	case b.verb != 0 && f.Key == b.cl.Key && v.Kind() == attr.KindString && v.Word() == "":
		return fmt.Errorf("%s must not be empty", name)
	}
	_, err := views[f.view].Set(b.env, f.Key, v)
	return err
}

// op is the operation as errors name it: "link add".
func (b *builder) op() string { return b.cl.Name + " " + b.c.Func.Name }

// fail is err as an Error about an object.
func (b *builder) fail(o nlcore.Object, field string, err error) error {
	var already *Error
	if errors.As(err, &already) {
		return err
	}
	e := &Error{Op: b.op(), Field: field, Msg: err.Error(), cause: err}
	if o != nil {
		e.Object = o.String()
	}
	var fe *attr.FieldError
	if errors.As(err, &fe) && fe.Field != "" {
		e.Field = fe.Field
	}
	return e
}

// failField is fail for a named field: for an unknown one it says what was
// probably meant.
func (b *builder) failField(o nlcore.Object, kind string, fields *fields, name string, err error) error {
	if !errors.Is(err, attr.ErrNoField) {
		return b.fail(o, name, err)
	}
	e, ok := b.fail(o, name, err).(*Error)
	if !ok {
		return err
	}
	if e.Field != name { // inside a table
		last := e.Field[strings.LastIndexByte(e.Field, '.')+1:]
		e.Hint = didYouMean(last, innerWords(fields.byKey[name], e.Field, b.env))
		return e
	}
	if kind != "" {
		e.Msg += " for type " + kind
	}
	if e.Hint = didYouMean(name, fields.words(true)); e.Hint == "" {
		if owners := b.cl.kindsWith(name); len(owners) > 0 {
			e.Hint = "it belongs to type " + strings.Join(owners, ", ")
		}
	}
	return e
}

// innerWords lists the keys that were possible at the end of a path such as
// "nexthop[1].vi".
func innerWords(f *field, path string, e *attr.Env) []string {
	if f == nil || f.Sub == nil {
		return nil
	}
	s := f.Sub
	parts := strings.Split(path, ".")
	for _, part := range parts[1:max(1, len(parts)-1)] {
		part, _, _ = strings.Cut(part, "[")
		m, ok := s.Member(e, part)
		if !ok || m.Sub == nil {
			return nil
		}
		s = m.Sub
	}
	var l []string
	for _, m := range s.Members(e) {
		l = append(append(l, m.Key), m.Aliases...)
	}
	return l
}
