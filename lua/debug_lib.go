package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// openDebug replaces the functions of the debug library that count calls:
// they see through pcall, and know what Lua's own know.
func (in *Interp) openDebug() {
	lib := in.L.GetGlobal("debug").(*glua.LTable)
	for name, fn := range map[string]glua.LGFunction{
		"getinfo": in.debugGetinfo, "traceback": in.debugTraceback,
		"getlocal": in.debugGetlocal, "setlocal": in.debugSetlocal,
	} {
		lib.RawSetString(name, in.L.NewFunction(fn))
	}
}

// threadArgument takes a thread off the front of the arguments.
func threadArgument(L *glua.LState) (th *glua.LState, given bool) {
	if th, ok := L.Get(1).(*glua.LState); ok {
		L.Remove(1)
		return th, true
	}
	return L, false
}

// debugTraceback is debug.traceback([thread,] [message [, level]]).
func (in *Interp) debugTraceback(L *glua.LState) int {
	th, given := threadArgument(L)
	text, isText := stringOf(L.Get(1))
	if !isText && L.Get(1) != glua.LNil {
		L.Push(L.Get(1))
		return 1
	}
	level := 1
	if given {
		level = 0
	}
	level = optInt(L, 2, level)
	var t *trace
	if given && th != L {
		t = in.threadTrace(th)
	} else {
		t = in.currentTrace(L, L.Get(1))
	}
	if isText {
		text += "\n"
	}
	return pushText(L, text+t.skip(level).String())
}

// threadTrace is what a coroutine that does not run has open. One that waits
// is in a call of yield, which gopher-lua has taken off.
func (in *Interp) threadTrace(th *glua.LState) *trace {
	t := &trace{}
	t.add(in, th, true)
	if len(t.parts) > 0 && in.status(th) == "suspended" {
		p := &t.parts[0]
		p.frames = append([]frame{{fn: in.fns.yield, pc: -1}}, p.frames...)
	}
	return t
}

// debugGetinfo is debug.getinfo([thread,] function or level [, what]).
func (in *Interp) debugGetinfo(L *glua.LState) int {
	th, _ := threadArgument(L)
	what := optString(L, 2, "flnSu")
	t := L.CreateTable(0, 12)
	var f frame
	if fn, ok := L.Get(1).(*glua.LFunction); ok {
		f = frame{fn: fn, pc: -1}
	} else {
		level := needInt(L, 1)
		at, found, ok := in.frameAt(th, level)
		if level < 0 || !ok {
			L.Push(glua.LNil)
			return 1
		}
		f = found
		if at != nil {
			kind, name := "", ""
			if _, caller, ok := in.frameAt(th, level+1); ok && f.tail == 0 {
				kind, name = callName(caller)
			}
			t.RawSetString("namewhat", glua.LString(kind))
			if name != "" {
				t.RawSetString("name", glua.LString(name))
			}
		}
	}
	for _, c := range what {
		if !fillInfo(L, t, f, c) {
			argError(L, 2, "invalid option")
		}
	}
	L.Push(t)
	return 1
}

// fillInfo sets the fields that one letter of getinfo asks for.
func fillInfo(L *glua.LState, t *glua.LTable, f frame, what rune) bool {
	lua := f.fn != nil && !f.fn.IsG
	set := func(k string, v glua.LValue) { t.RawSetString(k, v) }
	switch what {
	case 'S':
		source, short, kind, from, to := "=[C]", "[C]", "C", -1, -1
		if f.fn == nil {
			source, short, kind = "=(tail call)", "(tail call)", "tail"
		}
		if lua {
			p := f.fn.Proto
			source, short, kind, from, to = "@"+p.SourceName, p.SourceName, "Lua", p.LineDefined, p.LastLineDefined
			if p.LineDefined == 0 {
				kind = "main"
			}
		}
		set("source", glua.LString(source))
		set("short_src", glua.LString(short))
		set("what", glua.LString(kind))
		set("linedefined", glua.LNumber(from))
		set("lastlinedefined", glua.LNumber(to))
	case 'l':
		line := -1
		if lua && f.pc >= 0 {
			line = lineAt(f.fn.Proto, f.pc)
		}
		set("currentline", glua.LNumber(line))
	case 'u':
		n := 0
		if f.fn != nil {
			n = len(f.fn.Upvalues)
		}
		set("nups", glua.LNumber(n))
	case 'f':
		if f.fn != nil {
			set("func", f.fn)
		}
	case 'L':
		if lua {
			lines := L.CreateTable(0, len(f.fn.Proto.DbgSourcePositions))
			for _, line := range f.fn.Proto.DbgSourcePositions {
				lines.RawSet(glua.LNumber(line), glua.LTrue)
			}
			set("activelines", lines)
		}
	case 'n':
		if t.RawGetString("namewhat") == glua.LNil {
			set("namewhat", glua.LString(""))
		}
	default:
		return false
	}
	return true
}

// localAt finds the call that getlocal or setlocal asks about.
func (in *Interp) localAt(L *glua.LState) (*glua.LState, *glua.Debug) {
	th, _ := threadArgument(L)
	at, f, ok := in.frameAt(th, needInt(L, 1))
	if !ok || f.fn == nil {
		argError(L, 1, "level out of range")
	}
	dbg, _ := at.GetStack(f.level)
	return at, dbg
}

func (in *Interp) debugGetlocal(L *glua.LState) int {
	at, dbg := in.localAt(L)
	name, value := at.GetLocal(dbg, needInt(L, 2))
	if name == "" {
		L.Push(glua.LNil)
		return 1
	}
	L.Push(glua.LString(plainName(name)))
	L.Push(value)
	return 2
}

func (in *Interp) debugSetlocal(L *glua.LState) int {
	at, dbg := in.localAt(L)
	name := at.SetLocal(dbg, needInt(L, 2), L.Get(3))
	if name == "" {
		L.Push(glua.LNil)
		return 1
	}
	return pushText(L, plainName(name))
}

// plainName gives our own temporaries the name of any other.
func plainName(name string) string {
	if len(name) > len(tempName) && name[:len(tempName)] == tempName {
		return tempName
	}
	return name
}
