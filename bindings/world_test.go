package bindings_test

import (
	"errors"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// world is a host that has namespaces beside what host has.
type world struct {
	*host
	byID    map[netns.ID]*decl.Place
	sources []bindings.Source // see waiter_test.go
}

var _ bindings.Namespaces = (*world)(nil)

// newWorld is a lab whose scripts can make namespaces and call the functions
// that are in no module. It begins in a namespace without a name.
func newWorld(t testing.TB) *lab {
	t.Helper()
	h := &host{ctx: t.Context(), t: t, places: map[string]*decl.Place{}}
	ns := nstest.NewNS(t)
	w := &world{host: h, byID: map[netns.ID]*decl.Place{}}
	own, err := ns.Dup()
	if err != nil {
		t.Fatal(err)
	}
	if h.here, err = w.Adopt(own, ""); err != nil {
		t.Fatal(err)
	}
	h.here.Ref = val.NetnsRef{}
	t.Cleanup(func() {
		for _, p := range w.byID {
			if err := p.Handle.Close(); err != nil {
				t.Error(err)
			}
		}
		names, err := netns.Names()
		if err != nil {
			t.Error(err)
		}
		for _, name := range names {
			if err := netns.DeleteNamed(name); err != nil {
				t.Error(err)
			}
		}
	})
	l := &lab{host: h, L: newState(t, w), ns: ns}
	return l
}

// scripted is a host whose print can be read.
type scripted interface {
	decl.Host
	output() *strings.Builder
}

func (w *world) output() *strings.Builder { return &w.out }

// newState is a Lua state with all modules and functions.
func newState(t testing.TB, w scripted) *glua.LState {
	L := glua.NewState()
	t.Cleanup(L.Close)
	for _, m := range bindings.Modules() {
		L.SetGlobal(m.Name, decl.Install(L, w, m, nil))
	}
	for _, f := range bindings.Globals() {
		if f.Run != nil {
			L.SetGlobal(f.Name, decl.InstallFunc(L, w, f))
		}
	}
	L.SetGlobal("print", L.NewFunction(printTo(w.output())))
	L.SetGlobal("refused", L.NewFunction(refused))
	return L
}

// printTo is Lua's print into b, with a blank between values.
func printTo(b *strings.Builder) glua.LGFunction {
	return func(L *glua.LState) int {
		for i := 1; i <= L.GetTop(); i++ {
			if i > 1 {
				b.WriteByte(' ')
			}
			b.WriteString(L.ToStringMeta(L.Get(i)).String())
		}
		b.WriteByte('\n')
		return 0
	}
}

// refused calls a function and returns its error's text, the values of the
// fields named after it, and whether `try` would catch it.
func refused(L *glua.LState) int {
	err := L.CallByParam(glua.P{Fn: L.Get(1), Protect: true})
	var api *glua.ApiError
	if !errors.As(err, &api) {
		L.Push(glua.LString("no error"))
		return 1
	}
	L.Push(glua.LString(message(err)))
	u, ok := api.Object.(*glua.LUserData)
	if !ok {
		return 1
	}
	told, _ := u.Value.(interface{ Refused() bool })
	fields, _ := u.Value.(interface{ LuaField(string) (any, bool) })
	names := L.GetTop() - 1 // the text is on top
	for i := 2; i <= names; i++ {
		v, ok := fields.LuaField(L.Get(i).String())
		switch v := v.(type) {
		case glua.LValue:
			L.Push(v)
		case string:
			L.Push(glua.LString(v))
		case int:
			L.Push(glua.LNumber(v))
		default:
			L.Push(glua.LBool(ok))
		}
	}
	L.Push(glua.LBool(told.Refused()))
	return names + 1
}

func (w *world) PlaceOf(_ *glua.LState, r val.NetnsRef) (*decl.Place, error) {
	ns, err := w.here.Handle.Netns().OfRef(r)
	if err != nil {
		return nil, err
	}
	return w.Adopt(ns, ns.Name())
}

func (w *world) Adopt(ns *netns.NS, name string) (*decl.Place, error) {
	defer ns.Close()
	if p := w.byID[ns.ID()]; p != nil {
		return p, nil
	}
	handle, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		return nil, err
	}
	p := &decl.Place{Handle: handle, Name: name, Ref: val.NetnsFd(handle.Netns().Fd(), name)}
	w.byID[ns.ID()] = p
	return p, nil
}

func (w *world) Enter(_ *glua.LState, p *decl.Place) (leave func()) {
	before := w.here
	w.here = p
	return func() { w.here = before }
}

func (w *world) Use(_ *glua.LState, p *decl.Place) { w.here = p }

func (w *world) Forget(p *decl.Place) error {
	p.Gone = true
	delete(w.byID, p.Handle.Netns().ID())
	return p.Handle.Close()
}
