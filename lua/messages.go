package lua

import (
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// luaMessage gives an error text of gopher-lua's VM the words of Lua's own,
// with the name of the variable. L is as it was when the error was raised.
func (in *Interp) luaMessage(L *glua.LState, text string) string {
	f, ok := topFrame(L)
	if !ok {
		return strings.TrimPrefix(text, " ")
	}
	where := scriptPosition(L)
	msg, cut := strings.CutPrefix(text, where)
	if !cut || f.fn == in.fns.error {
		return text
	}
	msg = strings.TrimPrefix(msg, " ")
	if f.fn.IsG {
		return in.goMessage(L, f, where, msg)
	}
	return where + vmMessage(L, f, msg)
}

// goMessage words an error that a Go function raised.
func (in *Interp) goMessage(L *glua.LState, f frame, where, msg string) string {
	if msg == "attempt to call a non-function object" {
		if f.fn == in.fns.guard {
			return "attempt to call " + describeValue("", L.Get(1))
		}
		return where + "attempt to call a value that is no function"
	}
	if rest, ok := strings.CutPrefix(msg, "bad argument #"); ok {
		// gopher-lua leaves the name bare.
		if n, rest, ok := strings.Cut(rest, " to "); ok && !strings.HasPrefix(rest, "'") {
			if name, why, ok := strings.Cut(rest, " ("); ok {
				return fmt.Sprintf("%sbad argument #%s to '%s' (%s", where, n, name, why)
			}
		}
	}
	return where + msg
}

// vmMessage words an error that an instruction of f raised.
func vmMessage(L *glua.LState, f frame, msg string) string {
	i := code(f.fn.Proto, f.pc)
	switch {
	case msg == "attempt to call a non-function object":
		if i.op() == glua.OP_TFORLOOP {
			return "attempt to call " + describeValue("", register(L, f.level, i.a()))
		}
		return "attempt to call " + describeRegister(L, f, i.a())
	case strings.HasPrefix(msg, "attempt to index a non-table object("):
		return indexMessage(L, f, i, msg)
	case strings.HasPrefix(msg, "cannot perform "):
		return "attempt to perform arithmetic on " + describeCulprit(L, f, i)
	case msg == "__unm undefined":
		return "attempt to perform arithmetic on " + describeRegister(L, f, i.b())
	case msg == "__len undefined":
		return "attempt to get length of " + describeRegister(L, f, i.b())
	case strings.HasPrefix(msg, "attempt to compare "):
		if a, b, ok := strings.Cut(strings.TrimPrefix(msg, "attempt to compare "), " with "); ok && a == b {
			return fmt.Sprintf("attempt to compare two %s values", a)
		}
	case msg == "for statement init must be a number":
		return "'for' initial value must be a number"
	case msg == "for statement limit must be a number":
		return "'for' limit must be a number"
	case msg == "for statement step must be a number":
		return "'for' step must be a number"
	case msg == "too many recursions in gettable":
		return "loop in gettable"
	case msg == "too many recursions in settable":
		return "loop in settable"
	}
	return msg
}

func describeRegister(L *glua.LState, f frame, reg int) string {
	return describeValue(nameIn(f, reg), register(L, f.level, reg))
}

// indexMessage words "attempt to index", whose object may also be what an
// __index field held.
func indexMessage(L *glua.LState, f frame, i instruction, msg string) string {
	typ, _, _ := strings.Cut(strings.TrimPrefix(msg, "attempt to index a non-table object("), ")")
	reg := i.b()
	switch i.op() {
	case glua.OP_SETTABLE, glua.OP_SETTABLEKS:
		reg = i.a()
	case glua.OP_GETTABLE, glua.OP_GETTABLEKS, glua.OP_SELF:
	default:
		return fmt.Sprintf("attempt to index a %s value", typ)
	}
	if reg&constBit != 0 || register(L, f.level, reg).Type().String() != typ {
		return fmt.Sprintf("attempt to index a %s value", typ)
	}
	return "attempt to index " + describeRegister(L, f, reg)
}

// describeCulprit describes the operand of an arithmetic instruction that is
// no number, the second when the first one is.
func describeCulprit(L *glua.LState, f frame, i instruction) string {
	operand := i.b()
	if _, ok := numberOf(operandValue(L, f, operand)); ok {
		operand = i.c()
	}
	if operand&constBit != 0 {
		return describeValue("", operandValue(L, f, operand))
	}
	return describeRegister(L, f, operand)
}

func operandValue(L *glua.LState, f frame, rk int) glua.LValue {
	if rk&constBit != 0 {
		return constantOperand(f.fn.Proto, rk)
	}
	return register(L, f.level, rk)
}
