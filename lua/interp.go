package lua

import (
	"context"

	glua "github.com/yuin/gopher-lua"
)

// Interp is one Lua state with its libraries, files and limits. One goroutine
// at a time uses it.
type Interp struct {
	limits
	opts Options
	L    *glua.LState
	vm   *vmContext
}

// interpKey is where the registry table, which no script reaches, holds the
// Interp of a state and all its coroutines.
const interpKey = "nlsh.interp"

// interpOf returns the Interp that L, a main thread or a coroutine, belongs to.
func interpOf(L *glua.LState) *Interp {
	return L.G.Registry.RawGetString(interpKey).(*glua.LUserData).Value.(*Interp)
}

// New makes an interpreter. Close it after use.
func New(opts Options) (*Interp, error) {
	opts = opts.withDefaults()
	in := &Interp{limits: opts.limits(), opts: opts, vm: &vmContext{}}
	in.L = glua.NewState(glua.Options{
		CallStackSize:       opts.Depth,
		MinimizeStackMemory: true,
		RegistrySize:        4096,
		RegistryMaxSize:     opts.Registry,
		RegistryGrowStep:    4096,
	})
	in.L.G.Registry.RawSetString(interpKey, &glua.LUserData{Value: in, Metatable: glua.LNil})
	in.L.SetContext(in.vm)
	return in, nil
}

// Close frees what the interpreter holds. It may be called twice.
func (in *Interp) Close() error {
	if !in.L.IsClosed() {
		in.L.Close()
	}
	return nil
}

// Run runs the Lua text src, called name in messages, with args as its
// arguments, until it ends or ctx does.
func (in *Interp) Run(ctx context.Context, name, src string, args ...string) error {
	stop := context.AfterFunc(ctx, func() { in.vm.stop.Store(&stopReason{context.Cause(ctx)}) })
	defer stop()
	if err := in.L.DoString(src); err != nil {
		return err
	}
	return nil
}
