package bindings

import (
	"math"
	"math/bits"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func bitModule() *decl.Module {
	return &decl.Module{
		Name:  "bit",
		Doc:   "Operations on the 32 bits of a number, as Lua BitOp has them: a number is first rounded and taken modulo 2^32, results are from -2^31 to 2^31-1.",
		Since: since,
		Funcs: []decl.Func{
			bitOne("tobit", "The number itself, brought into range.", `assert(bit.tobit(0xffffffff) == -1)`, func(x uint32) uint32 { return x }),
			{
				Name: "tohex", Since: since, Run: bitToHex, Plain: true,
				Doc: "The number in hex.",
				Example: `
assert(bit.tohex(255) == "000000ff" and bit.tohex(-1, 4) == "ffff" and bit.tohex(255, -2) == "FF")`,
				Returns: "the digits",
				Params: []decl.Param{bitParam("x", 1), {Name: "n", Kind: decl.Number, Pos: 2, Default: "8",
					Doc: "how many of the low digits, up to 8; negative for capital letters"}},
			},
			bitOne("bnot", "All bits turned over.", `assert(bit.bnot(0) == -1)`, func(x uint32) uint32 { return ^x }),
			bitMany("band", "The bits that are set in all.", `assert(bit.band(0xff, 0x3c, 0x0f) == 0x0c)`, func(x, y uint32) uint32 { return x & y }),
			bitMany("bor", "The bits that are set in any.", `assert(bit.bor(1, 2, 8) == 11)`, func(x, y uint32) uint32 { return x | y }),
			bitMany("bxor", "The bits that are set in an odd number of them.", `assert(bit.bxor(0xff, 0x0f) == 0xf0)`, func(x, y uint32) uint32 { return x ^ y }),
			bitShift("lshift", "Shifted to the left, zeros coming in.", `assert(bit.lshift(1, 31) == -2147483648)`, func(x uint32, n int) uint32 { return x << n }),
			bitShift("rshift", "Shifted to the right, zeros coming in.", `assert(bit.rshift(-1, 28) == 15)`, func(x uint32, n int) uint32 { return x >> n }),
			bitShift("arshift", "Shifted to the right, the highest bit coming in.", `assert(bit.arshift(-256, 4) == -16)`,
				func(x uint32, n int) uint32 { return uint32(int32(x) >> n) }),
			bitShift("rol", "Turned to the left.", `assert(bit.tohex(bit.rol(0x12345678, 12)) == "45678123")`,
				func(x uint32, n int) uint32 { return bits.RotateLeft32(x, n) }),
			bitShift("ror", "Turned to the right.", `assert(bit.tohex(bit.ror(0x12345678, 12)) == "67812345")`,
				func(x uint32, n int) uint32 { return bits.RotateLeft32(x, -n) }),
			bitOne("bswap", "The four bytes in the other order.", `assert(bit.tohex(bit.bswap(0x12345678)) == "78563412")`, bits.ReverseBytes32),
		},
	}
}

func bitParam(name string, pos int) decl.Param {
	return decl.Param{Name: name, Kind: decl.Number, Required: true, Pos: pos, Doc: "a number"}
}

// roundToBits is 2^52 + 2^51: a double that was added to it has the integer
// next to it, modulo 2^32, in its lowest 32 bits.
const roundToBits = 6755399441055744.0

// bitArg is the i-th argument; the error of another type is Lua's own.
func bitArg(c *decl.Call, i int) uint32 {
	return uint32(math.Float64bits(float64(c.L.CheckNumber(i)) + roundToBits))
}

func bitReturn(c *decl.Call, x uint32) error {
	c.Return(glua.LNumber(int32(x)))
	return nil
}

func bitFunc(name, doc, example string, params []decl.Param, run func(*decl.Call) error) decl.Func {
	return decl.Func{Name: name, Doc: doc, Since: since, Example: example, Returns: "a number", Plain: true, Params: params, Run: run}
}

func bitOne(name, doc, example string, f func(uint32) uint32) decl.Func {
	return bitFunc(name, doc, example, []decl.Param{bitParam("x", 1)}, func(c *decl.Call) error {
		return bitReturn(c, f(bitArg(c, 1)))
	})
}

func bitMany(name, doc, example string, f func(x, y uint32) uint32) decl.Func {
	params := []decl.Param{{Name: "x", Kind: decl.Number, Required: true, Pos: 1, Rest: true, Doc: "one number or more"}}
	return bitFunc(name, doc, example, params, func(c *decl.Call) error {
		x := bitArg(c, 1)
		for i := 2; i <= c.N(); i++ {
			x = f(x, bitArg(c, i))
		}
		return bitReturn(c, x)
	})
}

func bitShift(name, doc, example string, f func(x uint32, n int) uint32) decl.Func {
	params := []decl.Param{bitParam("x", 1), {Name: "n", Kind: decl.Number, Required: true, Pos: 2, Doc: "by how many bits; the low 5 bits of it count"}}
	return bitFunc(name, doc, example, params, func(c *decl.Call) error {
		x := bitArg(c, 1)
		return bitReturn(c, f(x, int(bitArg(c, 2)&31)))
	})
}

func bitToHex(c *decl.Call) error {
	x, n := bitArg(c, 1), int32(8)
	if c.N() >= 2 {
		n = int32(bitArg(c, 2))
	}
	digits := "0123456789abcdef"
	if n < 0 {
		digits, n = "0123456789ABCDEF", -max(n, -8)
	}
	out := make([]byte, min(n, 8))
	for i := len(out) - 1; i >= 0; i-- {
		out[i], x = digits[x&15], x>>4
	}
	c.Return(glua.LString(out))
	return nil
}
