package lua

import (
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// How much of a deep stack a traceback shows: the newest and the oldest calls.
const (
	traceHead = 12
	traceTail = 10
)

// trace is where an error was raised: the open calls, newest first, across
// pcall and coroutines. It is kept raw and formatted when asked for.
type trace struct {
	parts []tracePart
}

// tracePart is what one thread had open.
type tracePart struct {
	frames []frame
	// cut is the index of the last frame before those left out, which is kept
	// only to name the one above it; 0 when none are left out.
	cut int
	// coroutine is set when the oldest frame replaced our starter.
	coroutine bool
}

// captureTrace records what is open in L and in the threads that wait for it.
func (in *Interp) captureTrace(L *glua.LState) *trace {
	t := &trace{}
	at := len(in.threads) - 1
	if at < 0 || in.threads[at].L != L {
		t.add(in, L, false)
		return t
	}
	for ; at >= 0; at-- {
		t.add(in, in.threads[at].L, in.threads[at].coroutine)
	}
	return t
}

// currentTrace is what debug.traceback shows: the calls open in the running
// coroutine. In a handler of xpcall that was given the error obj, the calls
// below it are those that were open when the error was raised first, perhaps
// in a coroutine that has died since.
func (in *Interp) currentTrace(L *glua.LState, obj glua.LValue) *trace {
	t := in.captureTrace(L)
	if n := len(in.threads); n > 1 && in.threads[n-2].handling && obj == in.last.obj && in.last.trace != nil {
		t.parts = append(t.parts[:1], in.last.trace.parts...)
	}
	live := len(in.coroutines)
	for i := len(t.parts) - 1; i >= 0 && live > 0; i-- {
		if t.parts[i].coroutine {
			if live--; live == 0 {
				t.parts = t.parts[:i+1]
			}
		}
	}
	return t
}

func (t *trace) add(in *Interp, L *glua.LState, coroutine bool) {
	frames, omitted := framesOf(L, traceHead+1, traceTail)
	cut := 0
	if omitted > 0 {
		cut = traceHead
	}
	if n := len(frames); n > 0 && frames[n-1].fn == in.fns.guard {
		frames = frames[:n-1]
	}
	if len(frames) > 0 {
		t.parts = append(t.parts, tracePart{frames, cut, coroutine})
	}
}

// skip returns t without its newest n frames.
func (t *trace) skip(n int) *trace {
	parts := append([]tracePart(nil), t.parts...)
	for n > 0 && len(parts) > 0 {
		cut := min(n, len(parts[0].frames))
		parts[0].frames = parts[0].frames[cut:]
		parts[0].cut = max(parts[0].cut-cut, 0)
		n -= cut
		if len(parts[0].frames) == 0 {
			parts = parts[1:]
		}
	}
	return &trace{parts}
}

// String formats t as debug.traceback does.
func (t *trace) String() string {
	var b strings.Builder
	b.WriteString("stack traceback:")
	for _, p := range t.parts {
		for i, f := range p.frames {
			if p.cut > 0 && i == p.cut {
				b.WriteString("\n\t...")
				continue
			}
			b.WriteString("\n\t")
			b.WriteString(p.describe(i))
			tail := f.tail
			if p.coroutine && i == len(p.frames)-1 {
				tail-- // the starter of the coroutine
			}
			if tail > 0 {
				b.WriteString("\n\t(tail call): ?")
			}
		}
	}
	return b.String()
}

// describe formats frame i: position and what runs there.
func (p *tracePart) describe(i int) string {
	f := p.frames[i]
	name := ""
	if i+1 < len(p.frames) && f.tail == 0 {
		name = calledAs(p.frames[i+1])
	}
	switch {
	case f.fn == nil:
		return "?"
	case f.fn.IsG && name == "":
		return "[C]: ?"
	case f.fn.IsG:
		return fmt.Sprintf("[C]: in function '%s'", name)
	}
	proto := f.fn.Proto
	pos := fmt.Sprintf("%s:%d: ", proto.SourceName, lineAt(proto, f.pc))
	switch {
	case name != "":
		return pos + fmt.Sprintf("in function '%s'", name)
	case proto.LineDefined == 0:
		return pos + "in main chunk"
	}
	return pos + fmt.Sprintf("in function <%s:%d>", proto.SourceName, proto.LineDefined)
}

// firstLine returns the position of the newest frame that is Lua.
func (t *trace) firstLine() (chunk string, line int) {
	if t == nil {
		return "", 0
	}
	for _, p := range t.parts {
		for _, f := range p.frames {
			if f.fn != nil && !f.fn.IsG {
				return f.fn.Proto.SourceName, lineAt(f.fn.Proto, f.pc)
			}
		}
	}
	return "", 0
}

// calledAs returns the name by which the caller calls what runs above it.
func calledAs(caller frame) string {
	_, name := callName(caller)
	return name
}

// callName returns kind and name of what the instruction of caller calls.
func callName(caller frame) (kind, name string) {
	if caller.fn == nil || caller.fn.IsG {
		return "", ""
	}
	i := code(caller.fn.Proto, caller.pc)
	switch i.op() {
	case glua.OP_CALL, glua.OP_TAILCALL, glua.OP_TFORLOOP:
		return variableName(caller.fn.Proto, caller.pc, i.a())
	}
	return "", ""
}

func lineAt(p *glua.FunctionProto, pc int) int {
	if pc < 0 || pc >= len(p.DbgSourcePositions) {
		return 0
	}
	return p.DbgSourcePositions[pc]
}
