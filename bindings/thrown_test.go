package bindings_test

import (
	"errors"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/nlcore"
)

// thrown is what the tests' host says a function raised.
type thrown struct{ err error }

var _ bindings.Raised = (*thrown)(nil)

func (r *thrown) Error() string { return message(r.err) }
func (r *thrown) Final() bool   { return false }

func (r *thrown) Value() glua.LValue {
	var api *glua.ApiError
	if errors.As(r.err, &api) {
		return api.Object
	}
	return glua.LString(r.err.Error())
}

// As finds the Go error that was raised, and the one of gopher-lua.
func (r *thrown) Unwrap() []error {
	l := []error{r.err}
	if u, ok := r.Value().(*glua.LUserData); ok {
		if err, ok := u.Value.(error); ok {
			l = append(l, err)
		}
	}
	return l
}

// errorMeta lets scripts read the fields of an error.
func errorMeta(L *glua.LState) *glua.LTable {
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *glua.LState) int {
		err, _ := L.CheckUserData(1).Value.(error)
		name := L.CheckString(2)
		var refused *nlcore.Error
		var fields interface{ LuaField(string) (any, bool) }
		value := glua.LValue(glua.LNil)
		switch {
		case errors.As(err, &refused) && name == "errno":
			value = glua.LString(refused.ErrnoName())
		case errors.As(err, &fields):
			if text, ok := fields.LuaField(name); ok {
				if s, ok := text.(string); ok {
					value = glua.LString(s)
				}
			}
		}
		L.Push(value)
		return 1
	}))
	return mt
}
