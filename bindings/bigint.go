package bindings

import "nlsh/bindings/decl"

func bigintFunc() *decl.Func {
	return &decl.Func{
		Name:  "bigint",
		Doc:   "A whole number of any size. Arithmetic with + - * / % is exact, also mixed with numbers (/ cuts the fraction off); to compare, make both sides bigint.",
		Since: since,
		Example: `
local n = bigint "18446744073709551615"
assert(tostring(n + 1) == "18446744073709551616")
assert(bigint(10) / 3 == bigint(3))`,
		Returns: "the number",
		Plain:   true,
		Params: []decl.Param{{Name: "x", Kind: decl.Any, Required: true, Pos: 1,
			Doc: "a whole number, digits as text (hex after 0x), or a bigint"}},
		Run: decl.NewBigInt,
	}
}
