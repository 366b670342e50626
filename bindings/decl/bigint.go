package decl

import (
	"fmt"
	"math"
	"math/big"

	glua "github.com/yuin/gopher-lua"
)

// BigInt is an integer of any size as scripts hold it: a counter beyond 2^53,
// where Lua's numbers are no longer exact. It never changes.
type BigInt struct{ n big.Int }

// LuaInteger is the digits, for string.format and JSON.
func (b *BigInt) LuaInteger() string { return b.n.String() }

// String is the digits.
func (b *BigInt) String() string { return b.n.String() }

// exact is the largest magnitude up to which every integer is a Lua number.
const exact = 1 << 53

const bigMeta = "nlsh.bigint"

// newBig makes a bigint value.
func newBig(L *glua.LState, n *big.Int) *glua.LUserData {
	b := &BigInt{}
	b.n.Set(n)
	return &glua.LUserData{Value: b, Metatable: bigMetatable(L)}
}

// BigValue is n as a Lua number, or as a bigint where that is not exact.
func BigValue(L *glua.LState, n *big.Int) glua.LValue {
	if n.CmpAbs(big.NewInt(exact)) <= 0 {
		return glua.LNumber(n.Int64())
	}
	return newBig(L, n)
}

// ToBig reads a number without a fraction, a bigint, or digits as text.
func ToBig(v glua.LValue) (*big.Int, error) { return toBig(v) }

// uintValue is n as a Lua number, or as a bigint where that is not exact.
func uintValue(L *glua.LState, n uint64) glua.LValue {
	if n <= exact {
		return glua.LNumber(n)
	}
	return newBig(L, new(big.Int).SetUint64(n))
}

func intValue(L *glua.LState, n int64) glua.LValue {
	if n >= -exact && n <= exact {
		return glua.LNumber(n)
	}
	return newBig(L, big.NewInt(n))
}

// ParseInteger is the whole number that digits say, exact: a Lua number up to 2^53,
// a bigint beyond.
func ParseInteger(L *glua.LState, digits string) (glua.LValue, error) {
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, fmt.Errorf("wants digits, got %q", digits)
	}
	if n.IsInt64() {
		return intValue(L, n.Int64()), nil
	}
	return newBig(L, n), nil
}

func bigMetatable(L *glua.LState) *glua.LTable {
	if mt, ok := L.GetTypeMetatable(bigMeta).(*glua.LTable); ok {
		return mt
	}
	mt := L.NewTypeMetatable(bigMeta)
	for name, f := range bigOps() {
		mt.RawSetString(name, L.NewFunction(f))
	}
	return mt
}

func bigOps() map[string]glua.LGFunction {
	return map[string]glua.LGFunction{
		"__add": bigOp(func(z, x, y *big.Int) { z.Add(x, y) }),
		"__sub": bigOp(func(z, x, y *big.Int) { z.Sub(x, y) }),
		"__mul": bigOp(func(z, x, y *big.Int) { z.Mul(x, y) }),
		"__div": bigOp(func(z, x, y *big.Int) { z.Quo(x, y) }),
		"__mod": bigOp(bigMod),
		"__unm": func(L *glua.LState) int {
			L.Push(newBig(L, new(big.Int).Neg(bigArg(L, 1))))
			return 1
		},
		"__eq": func(L *glua.LState) int { return bigBool(L, bigArg(L, 1).Cmp(bigArg(L, 2)) == 0) },
		"__lt": func(L *glua.LState) int { return bigBool(L, bigArg(L, 1).Cmp(bigArg(L, 2)) < 0) },
		"__le": func(L *glua.LState) int { return bigBool(L, bigArg(L, 1).Cmp(bigArg(L, 2)) <= 0) },
		"__concat": func(L *glua.LState) int {
			L.Push(glua.LString(bigText(L, 1) + bigText(L, 2)))
			return 1
		},
		"__tostring": func(L *glua.LState) int {
			L.Push(glua.LString(bigArg(L, 1).String()))
			return 1
		},
	}
}

// bigMod has the sign of the divisor, as Lua's % has.
func bigMod(z, x, y *big.Int) {
	z.Rem(x, y)
	if z.Sign() != 0 && z.Sign() != y.Sign() {
		z.Add(z, y)
	}
}

func bigBool(L *glua.LState, v bool) int {
	L.Push(glua.LBool(v))
	return 1
}

func bigOp(f func(z, x, y *big.Int)) glua.LGFunction {
	return func(L *glua.LState) int {
		x, y, z := bigArg(L, 1), bigArg(L, 2), new(big.Int)
		defer func() {
			if recover() != nil { // big.Int's only panic here
				L.RaiseError("bigint: division by zero")
			}
		}()
		f(z, x, y)
		L.Push(newBig(L, z))
		return 1
	}
}

func bigArg(L *glua.LState, i int) *big.Int {
	n, err := toBig(L.Get(i))
	if err != nil {
		L.RaiseError("bigint: %s", err.Error())
	}
	return n
}

func bigText(L *glua.LState, i int) string {
	switch v := L.Get(i).(type) {
	case glua.LString, glua.LNumber:
		return v.String()
	}
	return bigArg(L, i).String()
}

// toBig reads a number without a fraction, a bigint, or digits as text
// (decimal, or hex after 0x).
func toBig(v glua.LValue) (*big.Int, error) {
	switch v := v.(type) {
	case glua.LNumber:
		f := float64(v)
		if f != math.Trunc(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("wants a whole number, got %v", v)
		}
		n, _ := new(big.Float).SetFloat64(f).Int(nil)
		return n, nil
	case glua.LString:
		n, ok := new(big.Int).SetString(string(v), 0)
		if !ok {
			return nil, fmt.Errorf("wants digits, got %q", string(v))
		}
		return n, nil
	case *glua.LUserData:
		if b, ok := v.Value.(*BigInt); ok {
			return &b.n, nil
		}
	}
	return nil, fmt.Errorf("wants a whole number, got a %s", v.Type())
}

// NewBigInt is the function bigint(x) of scripts.
func NewBigInt(c *Call) error {
	n, err := toBig(c.L.Get(c.base + 1))
	if err != nil {
		return c.Errorf("%v", err)
	}
	c.Return(newBig(c.L, n))
	return nil
}
