package lua

import (
	"reflect"
	"sync"

	glua "github.com/yuin/gopher-lua"
)

// frame is one open call of a thread.
type frame struct {
	fn *glua.LFunction
	// pc is the index of the instruction that runs, -1 in a Go function.
	pc int
	// tail counts the calls that this one replaced by tail calls.
	tail int
	// level is what GetStack calls this frame.
	level int
	// index is how many frames lie below.
	index int
}

// gopher-lua shows only the line of an open call, but naming variables in
// errors and refusing a yield in time need its instruction. The fields are
// read, never written; TestFramesOfGopherLua holds their names. They are looked
// up when first needed, since that costs time and most scripts raise no error.
type frameFields struct {
	debugFrame, parent, pc, tail, index, fn, isGo int
}

var fieldsOfFrames = sync.OnceValue(func() frameFields {
	debug := reflect.TypeFor[glua.Debug]()
	f := frameFields{debugFrame: fieldOf(debug, "frame")}
	call := debug.Field(f.debugFrame).Type.Elem()
	f.parent, f.pc, f.tail = fieldOf(call, "Parent"), fieldOf(call, "Pc"), fieldOf(call, "TailCall")
	f.index, f.fn = fieldOf(call, "Idx"), fieldOf(call, "Fn")
	f.isGo = fieldOf(reflect.TypeFor[glua.LFunction](), "IsG")
	return f
})

func fieldOf(t reflect.Type, name string) int {
	f, ok := t.FieldByName(name)
	if !ok {
		return -1
	}
	return f.Index[0]
}

// rawFrames walks the open calls of L from the newest until yield returns
// false. The frames lack fn.
func rawFrames(L *glua.LState, yield func(f frame, isGo bool) bool) {
	dbg, ok := L.GetStack(0)
	if !ok {
		return
	}
	level := 0
	fields := fieldsOfFrames()
	for v := reflect.ValueOf(dbg).Elem().Field(fields.debugFrame); !v.IsNil(); {
		e := v.Elem()
		isGo := e.Field(fields.fn).Elem().Field(fields.isGo).Bool()
		f := frame{
			pc:    int(e.Field(fields.pc).Int()) - 1,
			tail:  int(e.Field(fields.tail).Int()),
			index: int(e.Field(fields.index).Int()),
			level: level,
		}
		level++
		if isGo {
			f.pc, f.tail = -1, 0
		} else {
			level += f.tail
		}
		if !yield(f, isGo) {
			return
		}
		v = e.Field(fields.parent)
	}
}

// depth returns how many calls are open in L.
func depth(L *glua.LState) int {
	dbg, ok := L.GetStack(0)
	if !ok {
		return 0
	}
	fields := fieldsOfFrames()
	return int(reflect.ValueOf(dbg).Elem().Field(fields.debugFrame).Elem().Field(fields.index).Int()) + 1
}

// complete adds the function to a raw frame.
func complete(L *glua.LState, f frame) frame {
	if dbg, ok := L.GetStack(f.level); ok {
		if fn, err := L.GetInfo("f", dbg, glua.LNil); err == nil {
			f.fn, _ = fn.(*glua.LFunction)
		}
	}
	return f
}

// framesOf returns the newest frames of L, at most the first head and the
// last tail of them, and how many were left out between.
func framesOf(L *glua.LState, head, tail int) (frames []frame, omitted int) {
	rawFrames(L, func(f frame, _ bool) bool {
		frames = append(frames, f)
		return true
	})
	if n := len(frames); n > head+tail {
		omitted = n - head - tail
		frames = append(frames[:head], frames[n-tail:]...)
	}
	for i, f := range frames {
		frames[i] = complete(L, f)
	}
	return frames, omitted
}

// topFrame returns the newest frame of L.
func topFrame(L *glua.LState) (top frame, ok bool) {
	rawFrames(L, func(f frame, _ bool) bool {
		top, ok = complete(L, f), true
		return false
	})
	return top, ok && top.fn != nil
}

// callerFrame returns the frame that called the newest one.
func callerFrame(L *glua.LState) (caller frame, ok bool) {
	n := 0
	rawFrames(L, func(f frame, _ bool) bool {
		if n++; n == 2 {
			caller, ok = complete(L, f), true
		}
		return n < 2
	})
	return caller, ok && caller.fn != nil
}

// register returns the value of a register of the frame at level.
func register(L *glua.LState, level, reg int) glua.LValue {
	dbg, ok := L.GetStack(level)
	if !ok {
		return glua.LNil
	}
	if _, v := L.GetLocal(dbg, reg+1); v != nil {
		return v
	}
	return glua.LNil
}
