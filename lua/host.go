package lua

import (
	"context"
	"errors"
	"io"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// host is an interpreter as its builtins see it: a decl.Host, and what the
// bindings ask a host for.
type host struct {
	in     *Interp
	env    *attr.Env
	places places
	waits  watching
	suite  *bindings.Suite // of the file of tests that runs; else nil
}

var _ interface {
	decl.Host
	bindings.Namespaces
	bindings.OwnNames
	bindings.ModuleSet
	bindings.StringLimit
	bindings.Waiter
	bindings.Tests
} = (*host)(nil)

// Context is that of the running script or of its deferred functions.
func (h *host) Context(*glua.LState) context.Context { return h.in.ctx }

// Here is the namespace that is current in the running coroutine.
func (h *host) Here(*glua.LState) (*decl.Place, error) { return h.places.current() }

// PlaceOf opens the namespace that ref refers to.
func (h *host) PlaceOf(_ *glua.LState, ref val.NetnsRef) (*decl.Place, error) {
	ns, err := h.places.openRef(h.in.ctx, ref)
	if err != nil {
		return nil, err
	}
	name, _ := ref.Name()
	if name == "" {
		name = ns.Name()
	}
	return h.places.adopt(ns, name)
}

// Apply executes changes in p.
func (h *host) Apply(_ *glua.LState, p *decl.Place, changes ...nlcore.Change) error {
	h.in.applied++
	return p.Handle.Apply(h.in.ctx, changes...)
}

// ApplyEach executes what next returns as one batch.
func (h *host) ApplyEach(_ *glua.LState, p *decl.Place, next func() (nlcore.Change, error)) (int, error) {
	h.in.applied++
	return p.Handle.ApplyEach(h.in.ctx, next)
}

// Dry is false: changes are executed.
func (h *host) Dry(*glua.LState) bool { return false }

// Env holds the words of tables, protocols and so on.
func (h *host) Env() *attr.Env { return h.env }

// StringLimit bounds what programs may print: no string is longer.
func (h *host) StringLimit() int { return h.in.StringBytes }

// ModuleDecls lists the modules, those of Options too.
func (h *host) ModuleDecls() []*decl.Module { return h.in.declared.allModules() }

// NetnsNames are the interpreter's own names of namespaces; nil: the machine's.
func (h *host) NetnsNames() bindings.NetnsNames {
	if h.places.own == nil {
		return nil
	}
	return h.places.own
}

// Stdout is the interpreter's.
func (h *host) Stdout() io.Writer { return h.in.opts.Stdout }

// Color reports that Stdout shows colours.
func (h *host) Color() bool { return h.in.opts.Color }

// Defer has f called when the script ends.
func (h *host) Defer(_ *glua.LState, f *glua.LFunction) {
	h.in.deferred = append(h.in.deferred, f)
}

// Call calls f protected.
func (h *host) Call(L *glua.LState, f *glua.LFunction, args ...glua.LValue) ([]glua.LValue, error) {
	base := L.GetTop()
	L.Push(f)
	for _, a := range args {
		L.Push(a)
	}
	n, obj, ok := h.in.protect(L, len(args), nil)
	if !ok {
		L.SetTop(base)
		return nil, &raisedValue{obj, h.in.outcome(obj)}
	}
	results := make([]glua.LValue, n)
	for i := range results {
		results[i] = L.Get(base + 1 + i)
	}
	L.SetTop(base)
	return results, nil
}

// Raise raises err in the script; what Call returned is raised as it was. The
// end of the script's context is no error of the builtin that met it first.
func (h *host) Raise(L *glua.LState, err error) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		h.in.stopIfEnded(L)
	}
	if r, ok := err.(*raisedValue); ok {
		rethrow(L, r.obj)
	}
	raise(L, err)
}

// raisedValue is what a Lua function raised, on its way through Go.
type raisedValue struct {
	obj glua.LValue
	err error
}

func (r *raisedValue) Error() string { return r.err.Error() }
func (r *raisedValue) Unwrap() error { return r.err }

// Refused reports whether try turns what was raised into a value. That it can
// be asked marks an error that says its place itself: a builtin between the
// function and its caller adds nothing to it.
func (r *raisedValue) Refused() bool { return refused(r.err) }
