package lua

import (
	"math"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// tableLibrary is table with every function of 5.1.
func tableLibrary() library {
	return library{
		"concat": tableConcat, "foreach": tableForeach, "foreachi": tableForeachi, "getn": tableGetn,
		"insert": tableInsert, "maxn": tableMaxn, "remove": tableRemove, "setn": tableSetn, "sort": tableSort,
	}
}

// rawInt reads tb[i] without metamethods, for any i.
func rawInt(tb *glua.LTable, i int) glua.LValue { return tb.RawGet(glua.LNumber(i)) }

func tableConcat(L *glua.LState) int {
	sep, tb := optString(L, 2, ""), needTable(L, 1)
	first := optInt(L, 3, 1)
	last := optInt(L, 4, tb.Len())
	var out strings.Builder
	for i := first; i <= last; i++ {
		v := rawInt(tb, i)
		text, ok := stringOf(v)
		if !ok {
			throw(L, "invalid value (%s) at index %d in table for 'concat'", v.Type(), i)
		}
		if i > first {
			out.WriteString(sep)
		}
		out.WriteString(text)
		needLength(L, out.Len())
	}
	return pushText(L, out.String())
}

func tableGetn(L *glua.LState) int { return pushNumber(L, float64(needTable(L, 1).Len())) }

func tableSetn(L *glua.LState) int {
	needTable(L, 1)
	throw(L, "'setn' is obsolete")
	return 0
}

// tableMaxn returns the largest positive number that is a key.
func tableMaxn(L *glua.LState) int {
	tb := needTable(L, 1)
	most := 0.0
	for key, _ := tb.Next(glua.LNil); key != glua.LNil; key, _ = tb.Next(key) {
		if n, ok := key.(glua.LNumber); ok {
			most = math.Max(most, float64(n))
		}
	}
	return pushNumber(L, most)
}

func tableForeach(L *glua.LState) int {
	tb := needTable(L, 1)
	needFunction(L, 2)
	for key, value := tb.Next(glua.LNil); key != glua.LNil; key, value = tb.Next(key) {
		if stop := foreachCall(L, key, value); stop {
			return 1
		}
	}
	return 0
}

func tableForeachi(L *glua.LState) int {
	tb := needTable(L, 1)
	needFunction(L, 2)
	for i, n := 1, tb.Len(); i <= n; i++ {
		if stop := foreachCall(L, glua.LNumber(i), rawInt(tb, i)); stop {
			return 1
		}
	}
	return 0
}

// foreachCall calls argument 2 and leaves its result on the stack if that ends the walk.
func foreachCall(L *glua.LState, key, value glua.LValue) bool {
	L.Push(L.Get(2))
	L.Push(key)
	L.Push(value)
	callLua(L, 2, 1)
	if L.Get(-1) != glua.LNil {
		return true
	}
	L.Pop(1)
	return false
}

func tableInsert(L *glua.LState) int {
	tb := needTable(L, 1)
	end := tb.Len() + 1
	switch L.GetTop() {
	case 2:
		tb.RawSetInt(end, L.Get(2))
	case 3:
		insertAt(L, tb, needInt(L, 2), end, L.Get(3))
	default:
		throw(L, "wrong number of arguments to 'insert'")
	}
	return 0
}

// insertAt moves tb[pos] to tb[end-1] up by one and puts v at pos.
func insertAt(L *glua.LState, tb *glua.LTable, pos, end int, v glua.LValue) {
	if pos < 1 {
		for i := end; i > pos; i-- {
			if i&0xfff == 0 {
				mustGoOn(L)
			}
			tb.RawSet(glua.LNumber(i), rawInt(tb, i-1))
		}
	} else if pos < end {
		// Insert makes the array longer by one even when nils end it, and each of those makes "#" slower: drop one first.
		if dropped := tb.Remove(-1); dropped != glua.LNil {
			tb.Append(dropped)
		}
		tb.Insert(pos, v)
		return
	}
	tb.RawSet(glua.LNumber(pos), v)
}

func tableRemove(L *glua.LState) int {
	tb := needTable(L, 1)
	n := tb.Len()
	pos := optInt(L, 2, n)
	if pos < 1 || pos > n {
		return 0
	}
	L.Push(tb.Remove(pos))
	return 1
}
