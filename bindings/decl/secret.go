package decl

import (
	"encoding/hex"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
)

// Secret is a key as scripts hold it: it prints as a mask wherever it is
// printed, and can be given back as it is. x:raw(field) tells it. It never
// changes.
type Secret struct{ key []byte }

// String is the mask.
func (s *Secret) String() string { return attr.Mask(s.key) }

const secretMeta = "nlsh.secret"

// newSecret makes the value of a field that is masked.
func newSecret(L *glua.LState, key []byte) *glua.LUserData {
	mt, ok := L.GetTypeMetatable(secretMeta).(*glua.LTable)
	if !ok {
		mt = L.NewTypeMetatable(secretMeta)
		mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
			L.Push(glua.LString(secretArg(L, 1).String()))
			return 1
		}))
		mt.RawSetString("__eq", L.NewFunction(func(L *glua.LState) int {
			L.Push(glua.LBool(string(secretArg(L, 1).key) == string(secretArg(L, 2).key)))
			return 1
		}))
	}
	return &glua.LUserData{Value: &Secret{key}, Metatable: mt}
}

func secretArg(L *glua.LState, i int) *Secret {
	s, ok := L.CheckUserData(i).Value.(*Secret)
	if !ok {
		L.ArgError(i, "wants a secret")
	}
	return s
}

// revealed is a value with its secrets as text, for raw.
func revealed(v attr.Value) attr.Value {
	switch v.Kind() {
	case attr.KindSecret:
		return attr.StringOf("0x" + hex.EncodeToString(v.Bytes()))
	case attr.KindList:
		l := make([]attr.Value, len(v.List()))
		for i, x := range v.List() {
			l[i] = revealed(x)
		}
		return attr.ListOf(l)
	case attr.KindTable:
		l := make([]attr.Pair, len(v.Table()))
		for i, p := range v.Table() {
			l[i] = attr.Pair{Key: p.Key, Val: revealed(p.Val)}
		}
		return attr.TableOf(l)
	}
	return v
}
