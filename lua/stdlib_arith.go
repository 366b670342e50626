package lua

import (
	"math"

	glua "github.com/yuin/gopher-lua"
)

// arithmetic is what the operators do with two numbers.
var arithmetic = []struct {
	event   string
	compute func(a, b float64) float64
}{
	{"__add", func(a, b float64) float64 { return a + b }},
	{"__sub", func(a, b float64) float64 { return a - b }},
	{"__mul", func(a, b float64) float64 { return a * b }},
	{"__div", func(a, b float64) float64 { return a / b }},
	{"__mod", modulo},
	{"__pow", math.Pow},
}

// modulo has the sign of b, as the operator has for numbers.
func modulo(a, b float64) float64 {
	m := math.Mod(a, b)
	switch {
	case m == 0:
		return 0
	case b > 0 && m < 0 || b < 0 && m > 0:
		return m + b
	}
	return m
}

// stringArithmetic gives the metatable of strings the arithmetic operators.
// gopher-lua asks a metatable before it reads a string as a number itself,
// which it does as Go does: "010" would be 8, "1_0" 10 and "0b1" 1.
func stringArithmetic(L *glua.LState, mt *glua.LTable) {
	for _, op := range arithmetic {
		mt.RawSetString(op.event, L.NewFunction(func(L *glua.LState) int {
			a, aok := numberOf(L.Get(1))
			b, bok := numberOf(L.Get(2))
			if aok && bok {
				return pushNumber(L, op.compute(a, b))
			}
			return otherOperand(L, op.event)
		}))
	}
	mt.RawSetString("__unm", L.NewFunction(func(L *glua.LState) int {
		if a, ok := numberOf(L.Get(1)); ok {
			return pushNumber(L, -a)
		}
		return noArithmetic(L)
	}))
}

// otherOperand computes by the metamethod of the operand that is no string,
// which is the second: the first one's would have been called already.
func otherOperand(L *glua.LState, event string) int {
	other := L.Get(2)
	if _, ok := other.(glua.LString); ok {
		return noArithmetic(L)
	}
	mm := L.GetMetaField(other, event)
	if mm == glua.LNil {
		return noArithmetic(L)
	}
	L.Push(mm)
	L.Push(L.Get(1))
	L.Push(other)
	L.Call(2, 1)
	return 1
}

// noArithmetic raises that the running operator has an operand that is no
// number, and names that.
func noArithmetic(L *glua.LState) int {
	bad := L.Get(1)
	if _, ok := numberOf(bad); ok {
		bad = L.Get(2)
	}
	what := describeValue("", bad)
	if f, ok := callerFrame(L); ok && !f.fn.IsG {
		switch i := code(f.fn.Proto, f.pc); i.op() {
		case glua.OP_ADD, glua.OP_SUB, glua.OP_MUL, glua.OP_DIV, glua.OP_MOD, glua.OP_POW:
			what = describeCulprit(L, f, i)
		case glua.OP_UNM:
			what = describeRegister(L, f, i.b())
		}
	}
	L.RaiseError("attempt to perform arithmetic on %s", what)
	return 0
}
