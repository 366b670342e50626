package decl

import (
	glua "github.com/yuin/gopher-lua"
)

// Matches reports whether a field of the object meets a condition, as those
// of list do: any spelling of an address, a word or its number, one of the
// values of a list, false for unset or off. The error is a mistake in the
// condition, an unknown field for instance.
func (o *Object) Matches(L *glua.LState, field string, want glua.LValue) (bool, error) {
	if err := o.read(L); err != nil {
		return false, err
	}
	v, err := toValue(want)
	if err != nil {
		return false, &Error{Op: o.cl.Name, Object: o.String(), Field: field, Msg: field + " " + err.Error()}
	}
	f := &Filter{Like: o.cl.New(o.kind()), Env: o.cl.host.Env(), cl: o.cl}
	f.Add(fieldName(field), v)
	if err := f.resolve(o.kind()); err != nil {
		return false, err
	}
	return f.match(o.obj), nil
}
