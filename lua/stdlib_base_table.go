package lua

import (
	"math"

	glua "github.com/yuin/gopher-lua"
)

func baseGetmetatable(L *glua.LState) int {
	L.Push(L.GetMetatable(needAny(L, 1)))
	return 1
}

func baseSetmetatable(L *glua.LState) int {
	tb := needTable(L, 1)
	meta := L.Get(2)
	if _, ok := meta.(*glua.LTable); !ok && (meta != glua.LNil || L.GetTop() < 2) {
		argError(L, 2, "nil or table expected")
	}
	if L.GetMetaField(tb, "__metatable") != glua.LNil {
		throw(L, "cannot change a protected metatable")
	}
	tb.Metatable = meta
	L.SetTop(1)
	return 1
}

func baseRawequal(L *glua.LState) int {
	L.Push(glua.LBool(needAny(L, 1) == needAny(L, 2)))
	return 1
}

func baseRawget(L *glua.LState) int {
	tb := needTable(L, 1)
	L.Push(tb.RawGet(needAny(L, 2)))
	return 1
}

func baseRawset(L *glua.LState) int {
	tb := needTable(L, 1)
	key, value := needAny(L, 2), needAny(L, 3)
	if n, ok := key.(glua.LNumber); ok && math.IsNaN(float64(n)) {
		throw(L, "table index is NaN")
	}
	if key == glua.LNil {
		throw(L, "table index is nil")
	}
	tb.RawSet(key, value)
	L.SetTop(1)
	return 1
}

func baseNext(L *glua.LState) int {
	key, value := needTable(L, 1).Next(L.Get(2))
	L.Push(key)
	if key == glua.LNil {
		return 1
	}
	L.Push(value)
	return 2
}

// basePairs walks with the global next of the moment the library was opened, as PUC's does.
func basePairs(L *glua.LState) int {
	tb := needTable(L, 1)
	L.Push(L.Get(glua.UpvalueIndex(1)))
	L.Push(tb)
	L.Push(glua.LNil)
	return 3
}

func baseIpairs(L *glua.LState) int {
	tb := needTable(L, 1)
	L.Push(L.Get(glua.UpvalueIndex(1)))
	L.Push(tb)
	L.Push(glua.LNumber(0))
	return 3
}

// nextIndex is the iterator of ipairs.
func nextIndex(L *glua.LState) int {
	tb := needTable(L, 1)
	i := needInt(L, 2) + 1
	value := rawInt(tb, i)
	if value == glua.LNil {
		return 0
	}
	pushNumber(L, float64(i))
	L.Push(value)
	return 2
}
