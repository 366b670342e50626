package lua

import (
	"runtime"

	glua "github.com/yuin/gopher-lua"
)

// baseLibrary is the part of the global functions that neither runs chunks nor catches errors.
func baseLibrary() library {
	return library{
		"assert": baseAssert, "collectgarbage": baseCollectgarbage, "gcinfo": baseGcinfo, "getmetatable": baseGetmetatable,
		"next": baseNext, "rawequal": baseRawequal, "rawget": baseRawget, "rawset": baseRawset, "select": baseSelect, "setmetatable": baseSetmetatable, "tonumber": baseTonumber,
		"tostring": baseTostring, "type": baseType, "unpack": baseUnpack,
	}
}

// baseAssert returns its arguments or raises the second one: an object as it is, a text with the position before it.
func baseAssert(L *glua.LState) int {
	if glua.LVAsBool(needAny(L, 1)) {
		return L.GetTop()
	}
	switch v := L.Get(2).(type) {
	case *glua.LNilType:
		throw(L, "assertion failed!")
	case glua.LString, glua.LNumber:
		text, _ := stringOf(v)
		throw(L, "%s", text)
	default:
		L.Error(v, 1)
	}
	return 0
}

// tostring is the function of that name; a "__tostring" may return any value.
func tostring(L *glua.LState, v glua.LValue) glua.LValue {
	if n, ok := v.(glua.LNumber); ok {
		return glua.LString(numberText(n))
	}
	if meta := L.GetMetaField(v, "__tostring"); meta != glua.LNil {
		L.Push(meta)
		L.Push(v)
		callLua(L, 1, 1)
		result := L.Get(-1)
		L.Pop(1)
		return result
	}
	return glua.LString(v.String())
}

func baseTostring(L *glua.LState) int {
	L.Push(tostring(L, needAny(L, 1)))
	return 1
}

// baseTonumber also takes what stands for a whole number, a bigint, and rounds it.
func baseTonumber(L *glua.LState) int {
	base := optInt(L, 2, 10)
	v := needAny(L, 1)
	f, ok := 0.0, false
	if base == 10 {
		if digits, isWhole := integerOf(v); isWhole {
			f, ok = parseNumber(digits)
		} else {
			f, ok = numberOf(v)
		}
	} else {
		s := needString(L, 1)
		if base < 2 || base > 36 {
			argError(L, 2, "base out of range")
		}
		f, ok = parseInBase(s, base)
	}
	if !ok {
		L.Push(glua.LNil)
		return 1
	}
	return pushNumber(L, f)
}

func baseType(L *glua.LState) int { return pushText(L, needAny(L, 1).Type().String()) }

func baseSelect(L *glua.LState) int {
	top := L.GetTop()
	if L.Get(1) == glua.LString("#") {
		return pushNumber(L, float64(top-1))
	}
	n := needInt(L, 1)
	if n < 0 {
		n += top
	}
	n = min(n, top)
	if n < 1 {
		argError(L, 1, "index out of range")
	}
	return top - n
}

func baseUnpack(L *glua.LState) int {
	tb := needTable(L, 1)
	first := optInt(L, 2, 1)
	last := optInt(L, 3, tb.Len())
	if first > last {
		return 0
	}
	n := last - first + 1
	needRoom(L, n, "too many results to unpack")
	for i := range n {
		L.Push(rawInt(tb, first+i))
	}
	return n
}

// baseCollectgarbage maps the options of Lua's collector to Go's: those that tune it have no effect and return Lua's defaults.
func baseCollectgarbage(L *glua.LState) int {
	switch needOption(L, 1, "collect", "stop", "restart", "collect", "count", "step", "setpause", "setstepmul") {
	case "collect":
		runtime.GC()
		return pushNumber(L, 0)
	case "step":
		runtime.GC()
		L.Push(glua.LTrue)
		return 1
	case "count":
		return pushNumber(L, heapKilobytes())
	case "setpause", "setstepmul":
		return pushNumber(L, 200)
	}
	return pushNumber(L, 0)
}

func baseGcinfo(L *glua.LState) int { return pushNumber(L, float64(int(heapKilobytes()))) }

// heapKilobytes returns the memory that the objects of the whole process use.
func heapKilobytes() float64 {
	// Importing runtime/metrics alone costs every start 15 KB.
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1024
}
