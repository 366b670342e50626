package lua

import (
	"runtime/debug"

	glua "github.com/yuin/gopher-lua"
)

// gopher-lua's own PCall, when an error is caught, either closes the upvalues
// of every open function, so that the running ones and their closures no
// longer share variables, or (with a handler) those of none, so that closures
// made by the failed function read what later calls leave on the stack. So a
// protected call runs in a thread of its own: there every open function has
// failed, and closing all is right. Threads are used again.

// activeThread is a thread that runs or waits for the one above it.
type activeThread struct {
	L         *glua.LState
	coroutine bool
	handler   glua.LValue // of xpcall, else nil
	handling  bool        // the handler runs
	below     int         // calls open in the threads below
}

// maxSpare is how many idle threads are kept.
const maxSpare = 8

// thread returns an idle thread with the environment of L.
func (in *Interp) thread(L *glua.LState) *glua.LState {
	var th *glua.LState
	if n := len(in.spare); n > 0 {
		th, in.spare = in.spare[n-1], in.spare[:n-1]
	} else {
		th, _ = in.mother.NewThread()
		th.SetContext(in.vm)
	}
	th.Env = L.Env
	return th
}

func (in *Interp) release(th *glua.LState) {
	if len(in.spare) < maxSpare {
		th.SetTop(0)
		in.spare = append(in.spare, th)
	}
}

// enter makes L's open calls count and th the running thread. It raises in L
// when calls or threads are too many.
func (in *Interp) enter(L *glua.LState, t activeThread) {
	t.below = depth(L)
	if n := len(in.threads); n > 0 {
		t.below += in.threads[n-1].below
	}
	if t.below >= in.Depth+in.extra {
		L.RaiseError("stack overflow")
	}
	in.nest(L)
	in.threads = append(in.threads, t)
}

// nest counts one more call of Lua from Go and raises when they are too many.
// unnest ends it; after an error the next protected call around does.
func (in *Interp) nest(L *glua.LState) {
	if in.nested >= in.PcallDepth+in.extra {
		L.RaiseError("C stack overflow (pcall, coroutines and callbacks nested deeper than %d)", in.PcallDepth)
	}
	in.nested++
}

func (in *Interp) unnest() { in.nested-- }

// callNested is L.Call for Go functions that a script can make call
// themselves without end.
func (in *Interp) callNested(L *glua.LState, nargs, nresults int) {
	in.nest(L)
	L.Call(nargs, nresults)
	in.unnest()
}

// marks is the state that an error must put back.
type marks struct {
	nested, threads, coroutines int
	current                     *glua.LState
}

func (in *Interp) marks() marks {
	return marks{in.nested, len(in.threads), len(in.coroutines), in.L.G.CurrentThread}
}

func (in *Interp) restore(m marks) {
	in.nested = m.nested
	clear(in.threads[m.threads:])
	in.threads = in.threads[:m.threads]
	clear(in.coroutines[m.coroutines:])
	in.coroutines = in.coroutines[:m.coroutines]
	in.L.G.CurrentThread = m.current
}

// protect calls the function that stands on L's stack below its nargs
// arguments and takes them off. On success the results stand there, counted
// by n. Else ok is false and obj the error object, whose trace is in
// in.lastRaised; an error that nothing may catch (see uncatchable) is returned
// too: whoever runs inside Lua passes it on.
func (in *Interp) protect(L *glua.LState, nargs int, handler glua.LValue) (n int, obj glua.LValue, ok bool) {
	m := in.marks()
	th := in.thread(L)
	in.enter(L, activeThread{L: th, handler: handler})
	th.Push(in.fns.guard)
	L.XMoveTo(th, nargs+1)
	err := th.PCall(nargs+1, glua.MultRet, nil)
	in.restore(m)
	if err == nil {
		n = th.GetTop()
		th.XMoveTo(L, n)
		in.release(th)
		return n, nil, true
	}
	obj = errorObjectOf(err)
	if e, isGo := goError(obj); isGo {
		if _, broken := e.(*InternalError); broken {
			return 0, obj, false // the thread's state is unknown
		}
	}
	in.release(th)
	return 0, obj, false
}

// stackFull is what gopher-lua panics with when a stack that grows is full;
// its own test for that never holds.
const stackFull = "lua callstack overflow"

// guardCall is the first function of every protected call: it calls the
// function and arguments that it is given.
func (in *Interp) guardCall(th *glua.LState) int {
	th.Panic = in.raised
	defer func() {
		if r := recover(); r != nil {
			if r == any(stackFull) {
				th.RaiseError("stack overflow")
			}
			if _, isLua := r.(*glua.ApiError); !isLua {
				// Raised as a Lua error, so that variables are kept for the
				// closures that live on.
				rethrow(th, in.newError(th, &InternalError{Panic: r, Stack: string(debug.Stack())}))
			}
			panic(r)
		}
	}()
	th.Call(th.GetTop()-1, glua.MultRet)
	return th.GetTop()
}

// errorObjectOf returns the Lua value that err carries.
func errorObjectOf(err error) glua.LValue {
	if api, ok := err.(*glua.ApiError); ok {
		return api.Object
	}
	return glua.LString(err.Error())
}

// rethrow passes on an error object, unchanged and with its first trace.
func rethrow(L *glua.LState, obj glua.LValue) {
	L.Error(obj, 0)
}
