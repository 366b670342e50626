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
	frames  []frame
	omitted int // between the first traceHead and the rest
	// hidden is set for a coroutine: its first frame replaced our starter.
	coroutine bool
}

// captureTrace records what is open in L and in the threads that wait for it.
func (in *Interp) captureTrace(L *glua.LState) *trace {
	t := &trace{}
	at := len(in.threads) - 1
	if at < 0 || in.threads[at].L != L {
		t.add(in, L, true)
		return t
	}
	for ; at >= 0; at-- {
		t.add(in, in.threads[at].L, in.threads[at].coroutine)
	}
	return t
}

func (t *trace) add(in *Interp, L *glua.LState, coroutine bool) {
	frames, omitted := framesOf(L, traceHead, traceTail)
	if n := len(frames); n > 0 && frames[n-1].fn == in.fns.guard {
		frames = frames[:n-1]
	}
	if len(frames) > 0 {
		t.parts = append(t.parts, tracePart{frames, omitted, coroutine})
	}
}

// skip returns t without its newest n frames.
func (t *trace) skip(n int) *trace {
	parts := append([]tracePart(nil), t.parts...)
	for n > 0 && len(parts) > 0 {
		cut := min(n, len(parts[0].frames))
		parts[0].frames = parts[0].frames[cut:]
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
			if p.omitted > 0 && i == traceHead {
				b.WriteString("\n\t...")
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
	if i+1 < len(p.frames) && f.tail == 0 && (p.omitted == 0 || i != traceHead-1) {
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
