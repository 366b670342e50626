package lua

import (
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// tableSort sorts in place with a merge sort: as few comparisons as possible, equal elements keep their order, and an order
// function that contradicts itself gives some order, never an error. The table changes only when all comparisons are done.
func tableSort(L *glua.LState) int {
	tb := needTable(L, 1)
	values := make([]glua.LValue, tb.Len())
	numbers := true
	for i := range values {
		values[i] = rawInt(tb, i+1)
		_, isNumber := values[i].(glua.LNumber)
		numbers = numbers && isNumber
	}
	less := func(a, b glua.LValue) bool { return lessThan(L, a, b) }
	if numbers {
		less = func(a, b glua.LValue) bool { return a.(glua.LNumber) < b.(glua.LNumber) }
	}
	if L.Get(2) != glua.LNil {
		order := needFunction(L, 2)
		less = func(a, b glua.LValue) bool {
			L.Push(order)
			L.Push(a)
			L.Push(b)
			callLua(L, 2, 1)
			yes := glua.LVAsBool(L.Get(-1))
			L.Pop(1)
			return yes
		}
	}
	compared := 0
	values = mergeSort(values, func(a, b glua.LValue) bool {
		if compared++; compared&0x3ff == 0 {
			mustGoOn(L)
		}
		return less(a, b)
	})
	for i, v := range values {
		tb.RawSetInt(i+1, v)
	}
	return 0
}

// mergeSort returns the values in order; it uses v as working space.
func mergeSort(v []glua.LValue, less func(a, b glua.LValue) bool) []glua.LValue {
	other := make([]glua.LValue, len(v))
	for width := 1; width < len(v); width *= 2 {
		for from := 0; from < len(v); from += 2 * width {
			mid := min(from+width, len(v))
			end := min(from+2*width, len(v))
			merge(other[from:end], v[from:mid], v[mid:end], less)
		}
		v, other = other, v
	}
	return v
}

// merge fills out with the elements of two ordered runs in order, those of a first among equals.
func merge(out, a, b []glua.LValue, less func(a, b glua.LValue) bool) {
	if len(a) > 0 && len(b) > 0 && !less(b[0], a[len(a)-1]) {
		copy(out[copy(out, a):], b)
		return
	}
	for i := range out {
		if len(b) == 0 || len(a) > 0 && !less(b[0], a[0]) {
			out[i], a = a[0], a[1:]
		} else {
			out[i], b = b[0], b[1:]
		}
	}
}

// lessThan is the operator "<".
func lessThan(L *glua.LState, a, b glua.LValue) bool {
	switch a := a.(type) {
	case glua.LNumber:
		if b, ok := b.(glua.LNumber); ok {
			return a < b
		}
	case glua.LString:
		if b, ok := b.(glua.LString); ok {
			return strings.Compare(string(a), string(b)) < 0
		}
	}
	if a.Type() == b.Type() {
		if order := L.GetMetaField(a, "__lt"); order != glua.LNil && L.GetMetaField(b, "__lt") == order {
			L.Push(order)
			L.Push(a)
			L.Push(b)
			callLua(L, 2, 1)
			yes := glua.LVAsBool(L.Get(-1))
			L.Pop(1)
			return yes
		}
		throw(L, "attempt to compare two %s values", a.Type())
	}
	throw(L, "attempt to compare %s with %s", a.Type(), b.Type())
	return false
}
