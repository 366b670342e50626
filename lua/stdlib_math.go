package lua

import (
	"math"
	"math/rand/v2"

	glua "github.com/yuin/gopher-lua"
)

var inf = math.Inf(1)

// mathLibrary is math without its two constants. Each interpreter has a random generator of its own, which starts the same in
// every run, as C's does.
func mathLibrary() library {
	random := rand.New(rand.NewPCG(1, 1))
	return library{
		"abs": number1(math.Abs), "acos": number1(math.Acos), "asin": number1(math.Asin), "atan": number1(math.Atan),
		"atan2": number2(math.Atan2), "ceil": number1(math.Ceil), "cos": number1(math.Cos), "cosh": number1(math.Cosh),
		"deg":  number1(func(x float64) float64 { return x / (math.Pi / 180) }),
		"exp":  number1(math.Exp),
		"fmod": number2(math.Mod), "floor": number1(math.Floor), "frexp": mathFrexp,
		"ldexp": func(L *glua.LState) int { return pushNumber(L, math.Ldexp(needNumber(L, 1), needInt(L, 2))) },
		"log":   number1(math.Log), "log10": number1(math.Log10),
		"max":  func(L *glua.LState) int { return extreme(L, func(a, b float64) bool { return a > b }) },
		"min":  func(L *glua.LState) int { return extreme(L, func(a, b float64) bool { return a < b }) },
		"mod":  number2(math.Mod),
		"modf": mathModf, "pow": number2(math.Pow),
		"rad":    number1(func(x float64) float64 { return x * (math.Pi / 180) }),
		"random": func(L *glua.LState) int { return mathRandom(L, random) },
		"randomseed": func(L *glua.LState) int {
			seed := uint64(needInt(L, 1))
			random = rand.New(rand.NewPCG(seed, seed))
			return 0
		},
		"sin": number1(math.Sin), "sinh": number1(math.Sinh), "sqrt": number1(math.Sqrt), "tan": number1(math.Tan),
		"tanh": number1(math.Tanh),
	}
}

// number1 makes a library function of a function of one number.
func number1(f func(float64) float64) glua.LGFunction {
	return func(L *glua.LState) int { return pushNumber(L, f(needNumber(L, 1))) }
}

// number2 makes a library function of a function of two numbers.
func number2(f func(x, y float64) float64) glua.LGFunction {
	return func(L *glua.LState) int {
		x := needNumber(L, 1)
		return pushNumber(L, f(x, needNumber(L, 2)))
	}
}

// extreme returns the first argument that no other one is better than.
func extreme(L *glua.LState, better func(a, b float64) bool) int {
	best := needNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if n := needNumber(L, i); better(n, best) {
			best = n
		}
	}
	return pushNumber(L, best)
}

func mathFrexp(L *glua.LState) int {
	fraction, exponent := math.Frexp(needNumber(L, 1))
	pushNumber(L, fraction)
	pushNumber(L, float64(exponent))
	return 2
}

// mathModf returns the whole and the fractional part; infinity has the fraction 0.
func mathModf(L *glua.LState) int {
	f := needNumber(L, 1)
	whole := math.Trunc(f)
	fraction := f - whole
	if math.IsInf(f, 0) {
		fraction = 0
	}
	pushNumber(L, whole)
	pushNumber(L, math.Copysign(fraction, f))
	return 2
}

// mathRandom returns a number below 1, or a whole one from 1 to m, or from m to n.
func mathRandom(L *glua.LState, random *rand.Rand) int {
	r := random.Float64()
	switch L.GetTop() {
	case 0:
		return pushNumber(L, r)
	case 1:
		most := needInt(L, 1)
		if most < 1 {
			argError(L, 1, "interval is empty")
		}
		return pushNumber(L, math.Floor(r*float64(most))+1)
	case 2:
		least, most := needInt(L, 1), needInt(L, 2)
		if least > most {
			argError(L, 2, "interval is empty")
		}
		return pushNumber(L, math.Floor(r*(float64(most)-float64(least)+1))+float64(least))
	}
	throw(L, "wrong number of arguments")
	return 0
}
