package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// template is a table constructor with its literals. A new table is made of
// it, and of the tables within, whenever the constructor runs.
type template struct {
	fields     []templateField
	positional int
}

// templateField is key and value, or, not keyed, the value of the next
// position.
type templateField struct {
	keyed      bool
	key, value slot
}

// slot is a literal, a table of its own, or, with neither, a hole: a value
// that the run gives.
type slot struct {
	value glua.LValue
	table *template
}

// filler gives the values of holes in their order.
type filler struct {
	L     *glua.LState
	holes []glua.LValue
	next  int
}

// fetch returns the function by which a compiled chunk gets the datum that
// its first three arguments number. For a template the values of its holes
// follow, in groups as groupHoles makes them, then what a last call gave.
func fetch(list []datum) glua.LGFunction {
	return func(L *glua.LState) int {
		at := 0
		for digit := 1; digit <= 3; digit++ {
			at = at*dataBase + int(L.Get(digit).(glua.LNumber))
		}
		d := list[at]
		if d.value != nil {
			L.Push(d.value)
			return 1
		}
		args := make([]glua.LValue, L.GetTop()-3)
		for i := range args {
			args[i] = L.Get(i + 4)
		}
		holes, rest := ungroup(args, d.holes)
		f := &filler{L: L, holes: holes}
		t := f.table(d.table, len(rest))
		for i, v := range rest {
			t.RawSetInt(d.table.positional+1+i, v)
		}
		L.Push(t)
		return 1
	}
}

// ungroup undoes groupHoles: it returns the n values that args hold, and the
// arguments after these.
func ungroup(args []glua.LValue, n int) (holes, rest []glua.LValue) {
	counts := []int{n} // of values, of their groups, of the groups of these
	for n > holeRegisters {
		n = (n + holesPerGroup - 1) / holesPerGroup
		counts = append(counts, n)
	}
	holes, rest = args[:n], args[n:]
	for level := len(counts) - 2; level >= 0; level-- {
		values := make([]glua.LValue, counts[level])
		for i := range values {
			values[i] = holes[i/holesPerGroup].(*glua.LTable).RawGetInt(i%holesPerGroup + 1)
		}
		holes = values
	}
	return holes, rest
}

func (f *filler) value(s slot) glua.LValue {
	switch {
	case s.value != nil:
		return s.value
	case s.table != nil:
		return f.table(s.table, 0)
	}
	f.next++
	return f.holes[f.next-1]
}

// table makes a table of t with room for more values at its end.
func (f *filler) table(t *template, more int) *glua.LTable {
	made := f.L.CreateTable(t.positional+more, len(t.fields)-t.positional)
	count := 0
	for i := range t.fields {
		field := &t.fields[i]
		if !field.keyed {
			count++
			made.RawSetInt(count, f.value(field.value))
			continue
		}
		key := f.value(field.key)
		v := f.value(field.value)
		if !overwritten(key, count) {
			f.set(made, key, v)
		}
	}
	return made
}

// overwritten reports whether a keyed field after count positional ones is
// one of these: Lua stores them when there are 50, and at the end.
func overwritten(key glua.LValue, count int) bool {
	n, ok := key.(glua.LNumber)
	return ok && int(n) > count-count%fieldsPerFlush && int(n) <= count && n == glua.LNumber(int(n))
}

func (f *filler) set(t *glua.LTable, key, v glua.LValue) {
	if n, ok := key.(glua.LNumber); ok && n != n {
		f.L.RaiseError("table index is NaN")
	}
	if key == glua.LNil {
		f.L.RaiseError("table index is nil")
	}
	t.RawSet(key, v)
}
