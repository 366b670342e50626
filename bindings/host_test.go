package bindings_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// host runs scripts in a fresh namespace of the kernel.
type host struct {
	ctx    context.Context
	here   *decl.Place
	places map[string]*decl.Place
	t      testing.TB
	out    strings.Builder
}

func (h *host) Context(*glua.LState) context.Context    { return h.ctx }
func (h *host) Here(*glua.LState) (*decl.Place, error)  { return h.here, nil }
func (h *host) Dry(*glua.LState) bool                   { return false }
func (h *host) Env() *attr.Env                          { return h.here.Handle.Env() }
func (h *host) Stdout() io.Writer                       { return &h.out }
func (h *host) Color() bool                             { return false }
func (h *host) Defer(_ *glua.LState, _ *glua.LFunction) {}

func (h *host) PlaceOf(_ *glua.LState, r val.NetnsRef) (*decl.Place, error) {
	if p := h.places[r.String()]; p != nil {
		return p, nil
	}
	return nil, errors.New("no namespace " + r.String())
}

func (h *host) Apply(_ *glua.LState, p *decl.Place, c ...nlcore.Change) error {
	return p.Handle.Apply(h.ctx, c...)
}

func (h *host) ApplyEach(_ *glua.LState, p *decl.Place, next func() (nlcore.Change, error)) (int, error) {
	return p.Handle.ApplyEach(h.ctx, next)
}

func (h *host) Call(L *glua.LState, f *glua.LFunction, args ...glua.LValue) ([]glua.LValue, error) {
	top := L.GetTop()
	if err := L.CallByParam(glua.P{Fn: f, NRet: glua.MultRet, Protect: true}, args...); err != nil {
		return nil, &thrown{err}
	}
	var out []glua.LValue
	for i := top + 1; i <= L.GetTop(); i++ {
		out = append(out, L.Get(i))
	}
	L.SetTop(top)
	return out, nil
}

func (h *host) Raise(L *glua.LState, err error) {
	var api *glua.ApiError
	if errors.As(err, &api) {
		L.Error(api.Object, 0)
	}
	L.Error(&glua.LUserData{Value: err, Metatable: errorMeta(L)}, 1)
}

// lab is an interpreter with all modules in a fresh namespace, and a second
// one, "there".
type lab struct {
	*host
	L  *glua.LState
	ns *netns.NS
}

func newLab(t testing.TB) *lab {
	h := &host{ctx: t.Context(), t: t, places: map[string]*decl.Place{}}
	ns := nstest.NewNS(t)
	h.here = h.place(ns, "")
	L := glua.NewState()
	t.Cleanup(L.Close)
	for _, m := range bindings.Modules() {
		L.SetGlobal(m.Name, decl.Install(L, h, m, nil))
	}
	L.SetGlobal("print", L.NewFunction(func(L *glua.LState) int {
		for i := 1; i <= L.GetTop(); i++ {
			if i > 1 {
				h.out.WriteByte(' ')
			}
			h.out.WriteString(L.ToStringMeta(L.Get(i)).String())
		}
		h.out.WriteByte('\n')
		return 0
	}))
	return &lab{h, L, ns}
}

func (h *host) place(ns *netns.NS, name string) *decl.Place {
	handle, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := handle.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return &decl.Place{Handle: handle, Name: name}
}

// run runs a script and returns what it printed or raised.
func (l *lab) run(src string) string {
	l.t.Helper()
	l.out.Reset()
	if err := l.L.DoString(src); err != nil {
		l.out.WriteString("! " + message(err) + "\n")
	}
	return l.out.String()
}

func message(err error) string {
	var api *glua.ApiError
	if errors.As(err, &api) {
		if u, ok := api.Object.(*glua.LUserData); ok {
			if e, ok := u.Value.(error); ok {
				return e.Error()
			}
		}
		return api.Object.String()
	}
	return err.Error()
}

// ref is a namespace as scripts hold it.
type ref struct{ p *decl.Place }

func (r ref) NetnsRef() val.NetnsRef { return r.p.Ref }

func namespace(_ *glua.LState, p *decl.Place) glua.LValue {
	return &glua.LUserData{Value: ref{p}, Metatable: glua.LNil}
}

func refOf(ns *netns.NS) val.NetnsRef { return val.NetnsFd(ns.Fd(), "h1") }
