package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// starterSource is the function that every coroutine begins with: it makes
// errors in the coroutine pass through Interp.raised, then becomes f.
const starterSource = `local f
return function(...)
  ("nlsh:arm")()
  return f(...)
end`

// starterProto compiles starterSource when the first coroutine is made.
func (in *Interp) starterProto() *glua.FunctionProto {
	if in.starter != nil {
		return in.starter
	}
	stmts, err := in.parse(starterSource, "(coroutine)")
	if err == nil {
		var proto *glua.FunctionProto
		if proto, err = compileTree(stmts, "(coroutine)"); err == nil {
			link(proto, map[string]*glua.LFunction{"nlsh:arm": in.L.NewFunction(in.armCoroutine)})
			in.starter = proto.FunctionPrototypes[0]
		}
	}
	if err != nil { // limits that allow nothing, such as a nesting of 1
		raise(in.running(), err)
	}
	return in.starter
}

// armCoroutine is the first thing that a coroutine runs.
func (in *Interp) armCoroutine(L *glua.LState) int {
	L.Panic = in.raised
	markStarted(L)
	return 0
}

// openCoroutine replaces the functions of the coroutine library.
func (in *Interp) openCoroutine() {
	lib := in.L.GetGlobal("coroutine").(*glua.LTable)
	in.originalCreate = lib.RawGetString("create").(*glua.LFunction).GFunction
	in.originalResume = lib.RawGetString("resume").(*glua.LFunction).GFunction
	for name, fn := range map[string]glua.LGFunction{
		"create": in.coCreate, "resume": in.coResume, "wrap": in.coWrap,
		"yield": in.coYield, "running": in.coRunning, "status": in.coStatus,
	} {
		lib.RawSetString(name, in.L.NewFunction(fn))
	}
	in.fns.yield = lib.RawGetString("yield").(*glua.LFunction)
}

// newCoroutine makes a thread that will run the function argument of L.
func (in *Interp) newCoroutine(L *glua.LState) *glua.LState {
	f, ok := L.Get(1).(*glua.LFunction)
	if !ok || f.IsG {
		argError(L, 1, "Lua function expected")
	}
	starter := L.NewFunctionFromProto(in.starterProto())
	up := &glua.Upvalue{}
	up.Close()
	up.SetValue(f)
	starter.Upvalues[0] = up
	in.mother.SetTop(0)
	in.mother.Push(starter)
	in.originalCreate(in.mother)
	th := in.mother.Get(-1).(*glua.LState)
	in.mother.SetTop(0)
	th.Env = L.Env
	th.SetContext(in.vm)
	in.host.places.inherit(th)
	return th
}

func (in *Interp) coCreate(L *glua.LState) int {
	L.Push(in.newCoroutine(L))
	return 1
}

func (in *Interp) coWrap(L *glua.LState) int {
	th := in.newCoroutine(L)
	L.Push(L.NewFunction(func(L *glua.LState) int {
		L.Insert(th, 1)
		n := in.resume(L)
		if glua.LVAsBool(L.Get(-n)) {
			return n - 1
		}
		rethrow(L, L.Get(-1))
		return 0
	}))
	return 1
}

func (in *Interp) coResume(L *glua.LState) int { return in.resume(L) }

// resume runs the coroutine that is L's first argument with the others, until
// it yields or ends. It pushes true and its values, or false and the error,
// and returns how many.
func (in *Interp) resume(L *glua.LState) int {
	th := needThread(L, 1)
	if status := in.status(th); status != "suspended" {
		return pushFailure(L, glua.LString("cannot resume "+status+" coroutine"))
	}
	if started(th) && !in.matchYield(L, th) {
		th.Dead = true
		L.Push(glua.LTrue)
		for i, top := 2, L.GetTop(); i < top; i++ {
			L.Push(L.Get(i))
		}
		return L.GetTop() / 2
	}
	m := in.marks()
	in.enter(L, activeThread{L: th, coroutine: true})
	in.coroutines = append(in.coroutines, th)
	in.last = lastRaised{}
	n := in.originalResume(L)
	in.restore(m)
	if th.Dead {
		in.host.places.set(th, nil)
	}
	if glua.LVAsBool(L.Get(-n)) {
		return n
	}
	obj := L.Get(-1)
	if obj == glua.LValue(glua.LString(stackFull)) {
		return pushFailure(L, glua.LString("stack overflow"))
	}
	if in.last.trace == nil || in.last.obj != obj {
		// It did not pass through Interp.raised: the script was stopped before
		// the coroutine's first step, or Go code panicked.
		if in.poll() != nil {
			in.stopNow(L)
		}
		obj = in.newError(L, &InternalError{Panic: obj.String()})
	}
	if uncatchable(obj) {
		rethrow(L, obj)
	}
	return n
}

func pushFailure(L *glua.LState, obj glua.LValue) int {
	L.Push(glua.LFalse)
	L.Push(obj)
	return 2
}

// A started coroutine is told from a new one by an option that gopher-lua
// reads only when a state is made.
func markStarted(th *glua.LState)  { th.Options.SkipOpenLibs = true }
func started(th *glua.LState) bool { return th.Options.SkipOpenLibs }

// matchYield makes the arguments with which L resumes th as many as the call
// of yield in th wants: gopher-lua would leave the others without any value.
// It reports false when that call was the last thing th had to do, a tail
// call of its first function: then th ends and the arguments are its results.
func (in *Interp) matchYield(L, th *glua.LState) bool {
	f, ok := topFrame(th)
	if !ok {
		return false
	}
	if i := code(f.fn.Proto, f.pc); !f.fn.IsG && i.op() == glua.OP_CALL && i.c() > 0 {
		L.SetTop(i.c()) // the coroutine and C-1 values
	}
	return true
}

// coYield suspends the running coroutine. Between its first function and
// here only Lua functions may be open that called each other: gopher-lua
// cannot come back to anything else.
func (in *Interp) coYield(L *glua.LState) int {
	n := len(in.coroutines)
	if n == 0 || in.coroutines[n-1] != L || !yieldable(L) {
		rethrow(L, glua.LString("attempt to yield across metamethod/C-call boundary"))
	}
	return -1
}

func yieldable(L *glua.LState) bool {
	ok, first := true, true
	rawFrames(L, func(f frame, isGo bool) bool {
		if first {
			first = false
			return true
		}
		if isGo {
			ok = false
			return false
		}
		if f = complete(L, f); f.fn == nil {
			ok = false
			return false
		}
		op := code(f.fn.Proto, f.pc).op()
		ok = op == glua.OP_CALL || op == glua.OP_TAILCALL
		return ok
	})
	return ok
}

// coRunning returns the running coroutine, nil in the main program.
func (in *Interp) coRunning(L *glua.LState) int {
	if n := len(in.coroutines); n > 0 {
		L.Push(in.coroutines[n-1])
	} else {
		L.Push(glua.LNil)
	}
	return 1
}

func (in *Interp) coStatus(L *glua.LState) int {
	return pushText(L, in.status(needThread(L, 1)))
}

// status returns "running", "normal" (it resumed the running one),
// "suspended" or "dead".
func (in *Interp) status(th *glua.LState) string {
	if th.Dead {
		return "dead"
	}
	for i, c := range in.coroutines {
		if c == th {
			if i == len(in.coroutines)-1 {
				return "running"
			}
			return "normal"
		}
	}
	return "suspended"
}

func needThread(L *glua.LState, n int) *glua.LState {
	th, ok := L.Get(n).(*glua.LState)
	if !ok {
		argError(L, n, "coroutine expected")
	}
	return th
}
