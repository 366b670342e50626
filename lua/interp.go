package lua

import (
	"context"
	"errors"
	"sync/atomic"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// Interp is one Lua state with its libraries, files and limits. One goroutine
// at a time uses it, but for Interrupt.
type Interp struct {
	limits
	opts Options
	// L is the main thread. It runs nothing itself: see protect.
	L *glua.LState
	// mother has no context, so that threads made from it get ours.
	mother *glua.LState
	vm     *vmContext

	ctx        context.Context // of the running phase
	phase      atomic.Pointer[phase]
	interrupts atomic.Int32
	closed     bool

	threads    []activeThread
	spare      []*glua.LState
	coroutines []*glua.LState // the running one last
	nested     int
	extra      int // what limits are raised by while a handler runs
	last       lastRaised
	deferred   []*glua.LFunction
	applied    uint64

	host           *host
	declared       declared
	modules        moduleSet
	scriptDir      string
	streams        streams
	errorMeta      *glua.LTable
	starter        *glua.FunctionProto
	originalCreate glua.LGFunction
	originalResume glua.LGFunction
	fns            ownFunctions
}

// ownFunctions are Go functions that compiled chunks or other functions know
// by identity.
type ownFunctions struct {
	concat, concatAll, pass, guard, error, yield *glua.LFunction
}

// interpKey is where the registry table, which no script reaches, holds the
// Interp of a state and all its coroutines.
const interpKey = "nlsh.interp"

// interpOf returns the Interp that L, a main thread or a coroutine, belongs to.
func interpOf(L *glua.LState) *Interp {
	return L.G.Registry.RawGetString(interpKey).(*glua.LUserData).Value.(*Interp)
}

// New makes an interpreter. Close it after use. The error says which of
// Options.Modules and Functions cannot be.
func New(opts Options) (*Interp, error) {
	boundArrays()
	opts = opts.withDefaults()
	in := &Interp{limits: opts.limits(), opts: opts, vm: &vmContext{}, ctx: context.Background()}
	in.L = glua.NewState(glua.Options{
		CallStackSize:       firstCalls,
		MinimizeStackMemory: true,
		RegistrySize:        firstRegistry,
		RegistryMaxSize:     max(opts.Registry, firstRegistry),
		RegistryGrowStep:    4096,
	})
	in.L.G.Registry.RawSetString(interpKey, &glua.LUserData{Value: in, Metatable: glua.LNil})
	in.L.G.MainThread = in.L
	in.L.G.CurrentThread = in.L
	in.mother, _ = in.L.NewThread()
	in.mother.Options.CallStackSize = opts.Depth // of threads made from it
	in.L.SetContext(in.vm)
	in.fns = ownFunctions{
		concat:    in.L.NewFunction(in.concatArgs),
		concatAll: in.L.NewFunction(in.concatTable),
		pass:      in.L.NewFunction(pass),
		guard:     in.L.NewFunction(in.guardCall),
		error:     in.L.NewFunction(in.errorFunc),
	}
	in.errorMeta = in.newErrorMeta()
	if err := in.openLibraries(); err != nil {
		in.L.Close()
		return nil, err
	}
	return in, nil
}

// firstRegistry is how many values a thread holds before it grows, firstCalls
// how many calls the main thread does, which runs nothing.
const (
	firstRegistry = 256
	firstCalls    = 256
)

// openLibraries replaces what gopher-lua's libraries do differently from Lua
// or from what an embedded interpreter may.
func (in *Interp) openLibraries() error {
	openStdlib(in.L)
	in.openCoroutine()
	in.openBase()
	in.openDebug()
	in.openLoader()
	in.openStreams()
	in.openProcess()
	in.openModules()
	return in.openBuiltins()
}

// openBase puts the functions in place that catch and raise errors.
func (in *Interp) openBase() {
	in.setGlobals(map[string]glua.LGFunction{
		"pcall": in.pcall, "xpcall": in.xpcall, "try": in.try, "defer": in.deferFunc,
	})
	in.L.G.Global.RawSetString("error", in.fns.error)
}

func (in *Interp) setGlobals(fns map[string]glua.LGFunction) {
	for name, fn := range fns {
		in.L.G.Global.RawSetString(name, in.L.NewFunction(fn))
	}
}

// Applied counts the calls that changed the network, or tried to.
func (in *Interp) Applied() uint64 { return in.applied }

// Close runs the functions still deferred and frees what the interpreter
// holds. It may be called twice; nothing else may be called after it.
func (in *Interp) Close() error {
	if in.closed {
		return nil
	}
	err := in.RunDeferred(context.Background())
	in.closed = true
	decl.CloseIterators(in.L, nil)
	in.closeStreams()
	in.L.Close()
	return errors.Join(err, in.host.places.close())
}
