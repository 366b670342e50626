package decl

import (
	"fmt"
	"math/big"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// maxNesting bounds tables in tables: more is a table that holds itself.
const maxNesting = 16

// toValue turns what a script gave into the value that rows take.
func toValue(v glua.LValue) (attr.Value, error) { return toValueIn(v, 0) }

func toValueIn(v glua.LValue, depth int) (attr.Value, error) {
	switch v := v.(type) {
	case glua.LString:
		return attr.StringOf(string(v)), nil
	case glua.LNumber:
		return attr.FloatOf(float64(v)), nil
	case glua.LBool:
		return attr.BoolOf(bool(v)), nil
	case *glua.LNilType:
		return attr.Value{}, nil
	case *glua.LTable:
		if depth == maxNesting {
			return attr.Value{}, fmt.Errorf("has tables nested more than %d deep", maxNesting)
		}
		return tableValue(v, depth)
	case *glua.LUserData:
		return userValue(v)
	}
	return attr.Value{}, fmt.Errorf("cannot be a %s", v.Type())
}

func userValue(u *glua.LUserData) (attr.Value, error) {
	switch v := u.Value.(type) {
	case *Object:
		return v.value()
	case *BigInt:
		switch {
		case v.n.IsUint64():
			return attr.UintOf(v.n.Uint64()), nil
		case v.n.IsInt64():
			return attr.IntOf(v.n.Int64()), nil
		}
		return attr.Value{}, fmt.Errorf("wants a number of at most 64 bits, got %s", v)
	case *Secret:
		return attr.SecretOf(v.key), nil
	case interface{ FieldValue() attr.Value }: // an inet
		return v.FieldValue(), nil
	case interface{ NetnsRef() val.NetnsRef }:
		if gone, ok := v.(interface{ Gone() error }); ok && gone.Gone() != nil {
			return attr.Value{}, gone.Gone()
		}
		return attr.NetnsOf(v.NetnsRef()), nil
	}
	return attr.Value{}, fmt.Errorf("cannot be a userdata")
}

// tableValue reads a table: a list, or named members with the positional
// ones called "#1", "#2".
func tableValue(t *glua.LTable, depth int) (attr.Value, error) {
	n, err := sequence(t)
	if err != nil {
		return attr.Value{}, err
	}
	list := make([]attr.Value, n)
	for i := range list {
		if list[i], err = toValueIn(t.RawGetInt(i+1), depth+1); err != nil {
			return attr.Value{}, fmt.Errorf("[%d] %w", i+1, err)
		}
	}
	var pairs []attr.Pair
	err = named(t, n, func(key string, v glua.LValue) error {
		x, err := toValueIn(v, depth+1)
		if err != nil {
			return fmt.Errorf("%s %w", key, err)
		}
		pairs = append(pairs, attr.Pair{Key: key, Val: x})
		return nil
	})
	if err != nil {
		return attr.Value{}, err
	}
	if len(pairs) == 0 {
		return attr.ListOf(list), nil
	}
	for i, v := range list {
		pairs = append(pairs, attr.Pair{Key: fmt.Sprintf("#%d", i+1), Val: v})
	}
	return attr.TableOf(pairs), nil
}

// sequence is the length of a table's list part; a hole is an error.
func sequence(t *glua.LTable) (int, error) {
	n := t.MaxN()
	for i := 1; i <= n; i++ {
		if t.RawGetInt(i) == glua.LNil {
			return 0, fmt.Errorf("has a hole: element %d is nil, element %d is not", i, n)
		}
	}
	return n, nil
}

// named calls f for the named members of a table whose list part has n
// elements, in the order in which they were set. Two spellings of one field
// are an error, as is a key that is no name.
func named(t *glua.LTable, n int, f func(key string, v glua.LValue) error) error {
	for k, v := afterList(t, n); k != glua.LNil; k, v = t.Next(k) {
		s, ok := k.(glua.LString)
		if !ok {
			if _, number := k.(glua.LNumber); number {
				return fmt.Errorf("has a hole or a fraction: element %v stands alone", k)
			}
			return fmt.Errorf("has a %s as a field's name", k.Type())
		}
		key := fieldName(string(s))
		if key != string(s) && t.RawGetString(key) != glua.LNil {
			return fmt.Errorf("has both %q and %q, which are one field", string(s), key)
		}
		if err := f(key, v); err != nil {
			return err
		}
	}
	return nil
}

// afterList is the first member that does not belong to the list part. The
// common lengths need no allocation.
func afterList(t *glua.LTable, n int) (k, v glua.LValue) {
	switch n {
	case 0:
		return t.Next(glua.LNil)
	case 1:
		return t.Next(numberOne)
	case 2:
		return t.Next(numberTwo)
	}
	return t.Next(glua.LNumber(n))
}

var numberOne, numberTwo glua.LValue = glua.LNumber(1), glua.LNumber(2)

// fromValue turns a field's value into what a script reads.
func fromValue(L *glua.LState, v attr.Value) glua.LValue {
	switch v.Kind() {
	case attr.KindNil:
		return glua.LNil
	case attr.KindBool:
		return glua.LBool(v.Bool())
	case attr.KindInt:
		return intValue(L, v.Int())
	case attr.KindUint:
		return uintValue(L, v.Uint())
	case attr.KindFloat:
		return glua.LNumber(v.Float())
	case attr.KindEnum:
		if v.Word() == "" {
			return uintValue(L, v.Uint())
		}
		return glua.LString(v.Word())
	case attr.KindSecret:
		return newSecret(L, v.Bytes())
	case attr.KindLink:
		return linkValue(v.Link())
	case attr.KindList:
		l := v.List()
		t := L.CreateTable(len(l), 0)
		for _, x := range l {
			t.Append(fromValue(L, x))
		}
		return t
	case attr.KindTable:
		return groupTable(L, v.Table())
	}
	return glua.LString(v.String())
}

// linkValue is a link's name; its index where no name is known, as for a link
// in another namespace; false for none.
func linkValue(r val.LinkRef) glua.LValue {
	switch {
	case r.Name != "":
		return glua.LString(r.Name)
	case r.Index != 0:
		return glua.LNumber(r.Index)
	}
	return glua.LFalse
}

const groupMeta = "nlsh.group"

// groupTable is a field with members of its own: a plain table whose numbers
// can be subtracted, as in `after.stats - before.stats`.
func groupTable(L *glua.LState, pairs []attr.Pair) *glua.LTable {
	t := L.CreateTable(0, len(pairs))
	for _, p := range pairs {
		x := fromValue(L, p.Val)
		if len(p.Key) > 1 && p.Key[0] == '#' {
			t.Append(x)
			continue
		}
		t.RawSetString(luaName(p.Key), x)
	}
	mt, ok := L.GetTypeMetatable(groupMeta).(*glua.LTable)
	if !ok {
		mt = L.NewTypeMetatable(groupMeta)
		mt.RawSetString("__sub", L.NewFunction(subtractGroups))
	}
	t.Metatable = mt
	return t
}

func subtractGroups(L *glua.LState) int {
	a, b := L.CheckTable(1), L.CheckTable(2)
	out := L.CreateTable(0, 16)
	out.Metatable = a.Metatable
	for k, v := a.Next(glua.LNil); k != glua.LNil; k, v = a.Next(k) {
		x, errX := toBig(v)
		y, errY := toBig(b.RawGet(k))
		if errX != nil || errY != nil || v.Type() == glua.LTString {
			continue // only what counts is subtracted
		}
		z := new(big.Int).Sub(x, y)
		if z.IsInt64() {
			out.RawSet(k, intValue(L, z.Int64()))
		} else {
			out.RawSet(k, newBig(L, z))
		}
	}
	L.Push(out)
	return 1
}
