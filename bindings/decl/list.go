package decl

import (
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/render"
)

// listArg is the list and the function of l:filter(f) and l:map(f).
func listArg(L *glua.LState, method string) (*state, *glua.LTable, *glua.LFunction) {
	s := stateOf(L)
	t, ok := L.Get(1).(*glua.LTable)
	f, isFunc := L.Get(2).(*glua.LFunction)
	if !ok || !isFunc {
		s.host.Raise(L, &Error{Op: "list " + method, Msg: fmt.Sprintf(
			"wants a function, as in l:%s(function(x) ... end), got %s", method, describe(L.Get(2)))})
	}
	return s, t, f
}

// listFilter is l:filter(f): the elements for which f returns true.
func listFilter(L *glua.LState) int {
	s, t, f := listArg(L, "filter")
	out := L.CreateTable(0, 0)
	for i := 1; i <= t.MaxN(); i++ {
		v := t.RawGetInt(i)
		r, err := s.host.Call(L, f, v)
		if err != nil {
			s.host.Raise(L, err)
		}
		if len(r) > 0 && glua.LVAsBool(r[0]) {
			out.Append(v)
		}
	}
	L.Push(NewList(L, out))
	return 1
}

// listMap is l:map(f): what f returns for each element; nil is left out.
func listMap(L *glua.LState) int {
	s, t, f := listArg(L, "map")
	out := L.CreateTable(t.MaxN(), 0)
	for i := 1; i <= t.MaxN(); i++ {
		r, err := s.host.Call(L, f, t.RawGetInt(i))
		if err != nil {
			s.host.Raise(L, err)
		}
		if len(r) > 0 {
			out.Append(r[0])
		}
	}
	L.Push(NewList(L, out))
	return 1
}

func listJSON(L *glua.LState) int {
	t := L.CheckTable(1)
	if err := readAll(L, t); err != nil {
		stateOf(L).host.Raise(L, err)
	}
	b, err := render.AppendJSON(nil, t)
	if err != nil {
		stateOf(L).host.Raise(L, &Error{Op: "list json", Msg: err.Error()})
	}
	L.Push(glua.LString(b))
	return 1
}

func listString(L *glua.LState) int {
	t := L.CheckTable(1)
	if err := readAll(L, t); err != nil {
		stateOf(L).host.Raise(L, err)
	}
	L.Push(glua.LString(strings.TrimSuffix(ListText(t, render.GridOptions{}), "\n")))
	return 1
}

// readAll reads back the objects of a batch that were not looked at yet.
func readAll(L *glua.LState, t *glua.LTable) error {
	for i := range t.MaxN() {
		if o := objectOf(t.RawGetInt(i + 1)); o != nil {
			if err := o.read(L); err != nil {
				return err
			}
		}
	}
	return nil
}
