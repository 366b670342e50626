package lua

import (
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// concatArgs is what a chain a .. b .. c calls with its operands.
func (in *Interp) concatArgs(L *glua.LState) int {
	n := L.GetTop()
	if n == 2 {
		a, aok := L.Get(1).(glua.LString)
		b, bok := L.Get(2).(glua.LString)
		if aok && bok {
			in.checkConcat(L, len(a)+len(b))
			L.Push(a + b)
			return 1
		}
	}
	operands := make([]glua.LValue, n)
	for i := range operands {
		operands[i] = L.Get(i + 1)
	}
	L.Push(in.concatenate(L, operands, true))
	return 1
}

// concatTable is what a long chain calls with the count and a table of its
// operands.
func (in *Interp) concatTable(L *glua.LState) int {
	operands := make([]glua.LValue, int(L.Get(1).(glua.LNumber)))
	list := L.Get(2).(*glua.LTable)
	for i := range operands {
		operands[i] = list.RawGetInt(i + 1)
	}
	L.Push(in.concatenate(L, operands, false))
	return 1
}

// pass returns its arguments (see assignByCall).
func pass(L *glua.LState) int { return L.GetTop() }

func (in *Interp) checkConcat(L *glua.LState, size int) {
	if size > in.StringBytes {
		L.RaiseError("string too long: .. would make %d bytes, the limit is %d", size, in.StringBytes)
	}
}

// concatenate joins from the right, as Lua does: strings and numbers as far
// as they reach, else by the metamethod of one of a pair. When inRegisters is
// set, operand i stands in the caller's registers, where its name is found.
func (in *Interp) concatenate(L *glua.LState, operands []glua.LValue, inRegisters bool) glua.LValue {
	n := len(operands) - 1
	right := operands[n]
	for n > 0 {
		if rest, ok := in.joinRun(L, operands[:n], right); ok {
			right, n = rest.text, rest.left
			continue
		}
		left := operands[n-1]
		mm := metamethod(L, left, right, "__concat")
		if mm == glua.LNil {
			at, bad := n-1, left
			if isText(left) {
				at, bad = n, right
			}
			name := ""
			if inRegisters && (at < len(operands)-1 || bad == operands[at]) {
				name = in.operandName(L, at)
			}
			L.RaiseError("attempt to concatenate %s", describeValue(name, bad))
		}
		L.Push(mm)
		L.Push(left)
		L.Push(right)
		L.Call(2, 1)
		right = L.Get(-1)
		L.Pop(1)
		n--
	}
	return right
}

type concatRun struct {
	text glua.LString
	left int // operands not yet joined
}

// joinRun joins right with the strings and numbers at the end of operands. It
// reports false when there are none.
func (in *Interp) joinRun(L *glua.LState, operands []glua.LValue, right glua.LValue) (concatRun, bool) {
	last, ok := stringOf(right)
	if !ok {
		return concatRun{}, false
	}
	var buf [16]string
	parts := buf[:0]
	size, i := len(last), len(operands)
	for ; i > 0; i-- {
		s, ok := stringOf(operands[i-1])
		if !ok {
			break
		}
		size += len(s)
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return concatRun{}, false
	}
	in.checkConcat(L, size)
	var b strings.Builder
	b.Grow(size)
	for j := len(parts) - 1; j >= 0; j-- {
		b.WriteString(parts[j])
	}
	b.WriteString(last)
	return concatRun{glua.LString(b.String()), i}, true
}

func isText(v glua.LValue) bool {
	_, ok := stringOf(v)
	return ok
}

// metamethod returns the handler of event of a, else of b, else nil.
func metamethod(L *glua.LState, a, b glua.LValue, event string) glua.LValue {
	if mm := L.GetMetaField(a, event); mm != glua.LNil {
		return mm
	}
	return L.GetMetaField(b, event)
}
