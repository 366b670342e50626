package decl

import (
	"context"
	"io"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// Host is what a builtin needs of the interpreter it runs in. Package lua
// implements it, once per interpreter; one goroutine at a time uses it.
type Host interface {
	// Context is that of the running call; it ends when the script is stopped.
	Context(L *glua.LState) context.Context
	// Here is the namespace that is current in this coroutine.
	Here(L *glua.LState) (*Place, error)
	// PlaceOf is the namespace that ref refers to, seen from the current one;
	// the interpreter holds it from now on.
	PlaceOf(L *glua.LState, ref val.NetnsRef) (*Place, error)
	// Apply executes changes in p as nlcore.Handle.Apply does, or shows,
	// records or packs them. It keeps none of the objects.
	Apply(L *glua.LState, p *Place, changes ...nlcore.Change) error
	// ApplyEach is Apply for what next returns until it returns io.EOF. It
	// calls next only on the calling goroutine, and returns how many changes
	// were tried.
	ApplyEach(L *glua.LState, p *Place, next func() (nlcore.Change, error)) (int, error)
	// Dry reports that changes are only shown, so that there is nothing to
	// read back.
	Dry(L *glua.LState) bool
	// Env holds the words of tables, protocols and so on. It is asked for each
	// field that is read, so it is made once.
	Env() *attr.Env
	// Call calls a Lua function, protected, and returns its results. What the
	// function raises comes back as an error that Raise raises unchanged.
	Call(L *glua.LState, f *glua.LFunction, args ...glua.LValue) ([]glua.LValue, error)
	// Raise raises err in the script and does not return. It adds the script's
	// line once.
	Raise(L *glua.LState, err error)
	// Stdout takes what builtins print.
	Stdout() io.Writer
	// Color reports that Stdout shows colours.
	Color() bool
	// Defer has f called when the script ends, last first.
	Defer(L *glua.LState, f *glua.LFunction)
}

// Place is a network namespace as objects and bound modules remember it. All
// that act in one namespace share one Place.
type Place struct {
	Handle *nlcore.Handle
	Name   string // under /run/netns; "" for an unnamed one
	// Ref refers to it from elsewhere; the zero value for the one that the
	// interpreter began in.
	Ref val.NetnsRef
	// Gone is set when a script deleted the namespace: whatever came from it
	// then raises "namespace h1 was deleted".
	Gone bool
}

// check returns the error for a namespace that was deleted.
func (p *Place) check() error {
	if !p.Gone {
		return nil
	}
	name := p.Name
	if name == "" {
		name = "without a name"
	}
	return &Error{Msg: "namespace " + name + " was deleted", refused: true}
}

// label is the namespace as errors name it.
func (p *Place) label() string {
	if p.Name == "" {
		return "another namespace"
	}
	return "namespace " + p.Name
}
