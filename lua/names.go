package lua

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"
)

// An instruction is 6 bits of operation, 8 of A, 9 of C and 9 of B, the last
// two together Bx or, less sbxZero, sBx.
const (
	constBit = 1 << 8 // in B or C: a constant, not a register
	sbxZero  = 1<<17 - 1
)

type instruction uint32

func (i instruction) op() int  { return int(i >> 26) }
func (i instruction) a() int   { return int(i>>18) & 0xff }
func (i instruction) b() int   { return int(i) & 0x1ff }
func (i instruction) c() int   { return int(i>>9) & 0x1ff }
func (i instruction) bx() int  { return int(i) & 0x3ffff }
func (i instruction) sbx() int { return i.bx() - sbxZero }

// code returns the instruction at pc; a pc outside gives one that does nothing.
func code(p *glua.FunctionProto, pc int) instruction {
	if pc < 0 || pc >= len(p.Code) {
		return instruction(uint32(glua.OP_NOP) << 26)
	}
	return instruction(p.Code[pc])
}

// variableName says what the script calls the value in a register while the
// instruction at pc runs: kind "local", "global", "field", "method" or
// "upvalue" and the name; both empty when it has none.
func variableName(p *glua.FunctionProto, pc, reg int) (kind, name string) {
	if kind, name = describeVariable(p, pc, reg); name == "?" {
		return "", ""
	}
	return kind, name
}

// describeVariable is variableName, but a field whose key is no constant text
// has the name "?".
func describeVariable(p *glua.FunctionProto, pc, reg int) (kind, name string) {
	if name := localName(p, pc, reg); name != "" {
		return "local", name
	}
	at := lastSetter(p, pc, reg)
	if at < 0 {
		return "", ""
	}
	i := code(p, at)
	switch i.op() {
	case glua.OP_GETGLOBAL:
		return named("global", constant(p, i.bx()))
	case glua.OP_MOVE, glua.OP_MOVEN:
		if i.b() < i.a() {
			return describeVariable(p, at, i.b())
		}
	case glua.OP_GETTABLE, glua.OP_GETTABLEKS:
		return "field", keyName(p, i.c())
	case glua.OP_SELF:
		if i.a() == reg {
			return "method", keyName(p, i.c())
		}
	case glua.OP_GETUPVAL:
		if i.b() < len(p.DbgUpvalues) {
			return named("upvalue", glua.LString(p.DbgUpvalues[i.b()]))
		}
	}
	return "", ""
}

func named(kind string, name glua.LValue) (string, string) {
	if s, ok := name.(glua.LString); ok {
		return kind, string(s)
	}
	return "", ""
}

// keyName is how a field is called: by its constant key, else "?".
func keyName(p *glua.FunctionProto, rk int) string {
	if s, ok := constantOperand(p, rk).(glua.LString); ok {
		return string(s)
	}
	return "?"
}

func constant(p *glua.FunctionProto, i int) glua.LValue {
	if i < len(p.Constants) {
		return p.Constants[i]
	}
	return glua.LNil
}

// constantOperand returns the constant that an operand names, nil for a
// register.
func constantOperand(p *glua.FunctionProto, rk int) glua.LValue {
	if rk&constBit == 0 {
		return glua.LNil
	}
	return constant(p, rk&^constBit)
}

// localName returns the local variable in a register while pc runs, else "".
func localName(p *glua.FunctionProto, pc, reg int) string {
	n := 0
	for _, l := range p.DbgLocals {
		if l.StartPc > pc {
			break
		}
		if pc < l.EndPc {
			if n == reg {
				if l.Name[0] == '(' { // hidden, as the state of a for loop
					return ""
				}
				return l.Name
			}
			n++
		}
	}
	return ""
}

// lastSetter follows the code from its start to pc as far as it must run
// there, and returns the index of the last instruction that set the register.
func lastSetter(p *glua.FunctionProto, pc, reg int) int {
	last := -1
	for at := 0; at < pc; at++ {
		i := code(p, at)
		if sets(i, reg) {
			last = at
		}
		switch i.op() {
		case glua.OP_JMP, glua.OP_FORPREP:
			// A jump ahead that does not leap over pc is taken.
			if to := at + 1 + i.sbx(); to > at && to <= pc {
				if isTest(code(p, at-1)) && setsWithin(p, at+1, to, reg) {
					last = -1 // it depends on a condition
				}
				at = to - 1
			}
		case glua.OP_CLOSURE:
			if i.bx() < len(p.FunctionPrototypes) {
				at += int(p.FunctionPrototypes[i.bx()].NumUpvalues)
			}
		case glua.OP_SETLIST:
			if i.c() == 0 {
				at++ // the next word is a number
			}
		}
	}
	return last
}

// isTest reports whether an instruction decides if the next one runs.
func isTest(i instruction) bool {
	switch i.op() {
	case glua.OP_EQ, glua.OP_LT, glua.OP_LE, glua.OP_TEST, glua.OP_TESTSET:
		return true
	}
	return false
}

func setsWithin(p *glua.FunctionProto, from, to, reg int) bool {
	for at := from; at < to; at++ {
		if sets(code(p, at), reg) {
			return true
		}
	}
	return false
}

// sets reports whether an instruction changes a register.
func sets(i instruction, reg int) bool {
	a := i.a()
	switch i.op() {
	case glua.OP_SETGLOBAL, glua.OP_SETUPVAL, glua.OP_SETTABLE, glua.OP_SETTABLEKS,
		glua.OP_EQ, glua.OP_LT, glua.OP_LE, glua.OP_TEST, glua.OP_JMP,
		glua.OP_RETURN, glua.OP_SETLIST, glua.OP_CLOSE, glua.OP_NOP:
		return false
	case glua.OP_LOADNIL:
		return a <= reg && reg <= i.b()
	case glua.OP_CALL, glua.OP_TAILCALL, glua.OP_VARARG:
		return reg >= a
	case glua.OP_TFORLOOP:
		return reg >= a+2
	case glua.OP_FORLOOP, glua.OP_FORPREP:
		return reg >= a && reg <= a+3
	case glua.OP_SELF:
		return reg == a || reg == a+1
	}
	return reg == a
}

// describeValue is how an error calls a value: "local 'x' (a nil value)", or
// "a nil value" when it has no name.
func describeValue(name string, v glua.LValue) string {
	if name == "" {
		return fmt.Sprintf("a %s value", v.Type())
	}
	return fmt.Sprintf("%s (a %s value)", name, v.Type())
}

// nameIn is describeVariable as text: "local 'x'" or "".
func nameIn(f frame, reg int) string {
	if f.fn == nil || f.fn.IsG {
		return ""
	}
	kind, name := describeVariable(f.fn.Proto, f.pc, reg)
	if kind == "" {
		return ""
	}
	return fmt.Sprintf("%s '%s'", kind, name)
}

// operandName names argument i, from 0, of the running Go function by the
// register of the caller that holds it.
func (in *Interp) operandName(L *glua.LState, i int) string {
	f, ok := callerFrame(L)
	if !ok || f.fn.IsG || code(f.fn.Proto, f.pc).op() != glua.OP_CALL {
		return ""
	}
	return nameIn(f, code(f.fn.Proto, f.pc).a()+1+i)
}
