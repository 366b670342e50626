package lua

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"
)

// frameAt returns the call at level, 0 being the function that runs in L,
// across the protected calls that L runs in, and the thread it is open in.
func (in *Interp) frameAt(L *glua.LState, level int) (*glua.LState, frame, bool) {
	at := len(in.threads) - 1
	for at >= 0 && in.threads[at].L != L {
		at--
	}
	for {
		found, left, ok := frameIn(L, level, in.fns.guard)
		if ok {
			return L, found, true
		}
		if at <= 0 || in.threads[at].coroutine {
			return nil, frame{}, false
		}
		at--
		L, level = in.threads[at].L, left
	}
}

// frameIn returns the call at level of L, or how many levels are left above
// the calls of L. The guard of a protected call does not count.
func frameIn(L *glua.LState, level int, guard *glua.LFunction) (found frame, left int, ok bool) {
	count := 0
	rawFrames(L, func(f frame, isGo bool) bool {
		if isGo && f.index == 0 {
			if f = complete(L, f); f.fn == guard {
				return false
			}
		}
		if level == f.level {
			found, ok = complete(L, f), true
			return false
		}
		count = f.level + f.tail + 1
		if level < count { // one of the calls that tail calls replaced
			found, ok = frame{level: level, pc: -1}, true
			return false
		}
		return true
	})
	return found, level - count, ok
}

// position formats where a frame is: "file:line: ".
func position(f frame) string {
	return fmt.Sprintf("%s:%d: ", f.fn.Proto.SourceName, lineAt(f.fn.Proto, f.pc))
}
