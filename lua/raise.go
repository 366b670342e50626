package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// handlerRoom is how much deeper than anything else the handler of xpcall may
// call.
const handlerRoom = 100

// lastRaised remembers the trace of the error raised last, for objects that
// cannot carry one: strings, tables.
type lastRaised struct {
	obj   glua.LValue
	trace *trace
}

// raised is called by gopher-lua at the moment of an error, while all calls
// are still open; the error object is on top of the stack. It words the
// message, records the trace, runs the handler of xpcall, and unwinds.
func (in *Interp) raised(L *glua.LState) {
	obj := L.Get(-1)
	if err := in.poll(); err != nil && !uncatchable(obj) {
		obj = in.newError(L, &stopError{err})
	} else if s, ok := obj.(glua.LString); ok {
		obj = glua.LString(in.luaMessage(L, string(s)))
	}
	in.remember(L, obj)
	obj = in.handle(L, obj)
	in.last.obj = obj
	// A StackTrace that is not empty keeps gopher-lua from making its own,
	// which takes a time quadratic in the depth.
	panic(&glua.ApiError{Type: glua.ApiErrorRun, Object: obj, StackTrace: " "})
}

// remember records where obj was raised, unless it was caught and is raised
// again: then the first trace stays.
func (in *Interp) remember(L *glua.LState, obj glua.LValue) {
	if e, ok := errorOf(obj); ok {
		if e.trace == nil {
			e.trace = in.captureTrace(L)
		}
		in.last = lastRaised{obj, e.trace}
		return
	}
	if obj == in.last.obj && in.last.trace != nil {
		if f, ok := topFrame(L); ok && f.fn.IsG {
			return
		}
	}
	in.last = lastRaised{obj, in.captureTrace(L)}
}

// handle runs the handler of the xpcall that L belongs to and returns what it
// makes of obj.
func (in *Interp) handle(L *glua.LState, obj glua.LValue) glua.LValue {
	n := len(in.threads)
	if n == 0 || in.threads[n-1].L != L || in.threads[n-1].handler == nil || uncatchable(obj) {
		return obj
	}
	t := &in.threads[n-1]
	if t.handling {
		return obj
	}
	t.handling = true
	keep := in.last
	in.extra += handlerRoom // also when the depth was the error
	L.Push(t.handler)
	L.Push(obj)
	count, failed, ok := in.protect(L, 1, nil)
	in.extra -= handlerRoom
	in.threads[n-1].handling = false
	if !ok {
		if uncatchable(failed) {
			return failed
		}
		return glua.LString("error in error handling")
	}
	in.last = keep
	if count == 0 {
		return glua.LNil
	}
	return L.Get(-count)
}

// pcall is Lua's, but an error that must reach the caller of Run passes.
func (in *Interp) pcall(L *glua.LState) int {
	needAny(L, 1)
	n, obj, ok := in.protect(L, L.GetTop()-1, nil)
	return in.protected(L, n, obj, ok)
}

// xpcall is Lua's. The handler runs where the error was raised and sees its
// calls in debug.traceback and debug.getinfo.
func (in *Interp) xpcall(L *glua.LState) int {
	needAny(L, 2)
	handler := L.Get(2)
	L.SetTop(1)
	n, obj, ok := in.protect(L, 0, handler)
	return in.protected(L, n, obj, ok)
}

// protected gives the results of a protected call the form that pcall has.
func (in *Interp) protected(L *glua.LState, n int, obj glua.LValue, ok bool) int {
	if ok {
		L.Insert(glua.LTrue, L.GetTop()-n+1)
		return n + 1
	}
	if uncatchable(obj) {
		rethrow(L, obj)
	}
	L.Push(glua.LFalse)
	L.Push(obj)
	return 2
}

// try calls f with the other arguments and returns what it returns, or nil
// and the error when the kernel or the environment refused. A mistake in the
// script is raised.
func (in *Interp) try(L *glua.LState) int {
	needAny(L, 1)
	n, obj, ok := in.protect(L, L.GetTop()-1, nil)
	if ok {
		return n
	}
	if e, isGo := errorOf(obj); !isGo || uncatchable(obj) || !refused(e.err) {
		rethrow(L, obj)
	}
	L.Push(glua.LNil)
	L.Push(obj)
	return 2
}

// errorFunc is error: a text gets the position of the level, an object is
// raised as it is.
func (in *Interp) errorFunc(L *glua.LState) int {
	level := optInt(L, 2, 1)
	obj := L.Get(1)
	if text, ok := stringOf(obj); ok {
		obj = glua.LString(in.positionAt(L, level) + text)
		if _, isNumber := L.Get(1).(glua.LNumber); isNumber && level == 0 {
			obj = L.Get(1)
		}
	}
	rethrow(L, obj)
	return 0
}

// positionAt returns "file:line: " of the call at level, 1 being the one that
// called the running function; "" for a Go function or level 0.
func (in *Interp) positionAt(L *glua.LState, level int) string {
	if level <= 0 {
		return ""
	}
	at, f, ok := in.frameAt(L, level)
	if !ok || at == nil || f.fn == nil || f.fn.IsG {
		return ""
	}
	return position(f)
}
