package bindings

import (
	"fmt"
	"maps"
	"math/big"
	"net/netip"
	"slices"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

const inetMetaKey = "nlsh.inet"

func newInet(L *glua.LState, h decl.Host, v *inetValue) *glua.LUserData {
	return &glua.LUserData{Value: v, Metatable: inetMeta(L, h)}
}

// inetScript is what the functions of an inet need of the interpreter.
type inetScript struct{ host decl.Host }

// inetMeta is the metatable of all inets of an interpreter.
func inetMeta(L *glua.LState, h decl.Host) *glua.LTable {
	if mt, ok := L.GetTypeMetatable(inetMetaKey).(*glua.LTable); ok {
		return mt
	}
	mt := L.NewTypeMetatable(inetMetaKey)
	s := inetScript{h}
	methods := map[string]glua.LValue{}
	for name, f := range map[string]func(*glua.LState, *inetValue) (glua.LValue, error){
		"next": s.step(1), "prev": s.step(-1), "contains": inetContains, "overlaps": inetOverlaps,
		"hosts": s.hosts, "subnets": s.subnets,
	} {
		methods[name] = L.NewFunction(s.method(name, f))
	}
	for name, f := range map[string]func(*glua.LState) (glua.LValue, error){
		"__add": s.add, "__sub": s.sub,
		"__eq": inetCompare(func(c int) bool { return c == 0 }),
		"__lt": inetCompare(func(c int) bool { return c < 0 }),
		"__le": inetCompare(func(c int) bool { return c <= 0 }),
		"__concat": func(L *glua.LState) (glua.LValue, error) {
			return glua.LString(inetText(L.Get(1)) + inetText(L.Get(2))), nil
		},
		"__tostring": func(L *glua.LState) (glua.LValue, error) {
			v, err := toInet(L.Get(1))
			return glua.LString(fmt.Sprint(v)), err
		},
		"__index": func(L *glua.LState) (glua.LValue, error) { return s.index(L, methods) },
		"__newindex": func(*glua.LState) (glua.LValue, error) {
			return nil, fmt.Errorf("an address does not change; make another")
		},
	} {
		mt.RawSetString(name, L.NewFunction(s.raising("", f)))
	}
	mt.RawSetString("__metatable", glua.LString("inet"))
	return mt
}

// inetText is one side of a concatenation.
func inetText(v glua.LValue) string {
	if u, ok := v.(*glua.LUserData); ok {
		return fmt.Sprint(u.Value)
	}
	return v.String()
}

// raising makes a Lua function that raises the error of f.
func (s inetScript) raising(name string, f func(*glua.LState) (glua.LValue, error)) glua.LGFunction {
	op := "inet"
	if name != "" {
		op += " " + name
	}
	return func(L *glua.LState) int {
		v, err := f(L)
		if err != nil {
			s.host.Raise(L, &decl.Error{Op: op, Msg: err.Error()})
			return 0
		}
		L.Push(v)
		return 1
	}
}

func (s inetScript) method(name string, f func(*glua.LState, *inetValue) (glua.LValue, error)) glua.LGFunction {
	return s.raising(name, func(L *glua.LState) (glua.LValue, error) {
		u, _ := L.Get(1).(*glua.LUserData)
		if u == nil {
			return nil, fmt.Errorf("write a:%s(...), with a colon, where a is an inet", name)
		}
		v, ok := u.Value.(*inetValue)
		if !ok {
			return nil, fmt.Errorf("write a:%s(...), with a colon, where a is an inet", name)
		}
		return f(L, v)
	})
}

// fields are what can be read, in the words of addresses.
func (s inetScript) fields(L *glua.LState, v *inetValue) map[string]func() glua.LValue {
	a := v.p.Addr()
	flag := func(on bool) func() glua.LValue { return func() glua.LValue { return glua.LBool(on) } }
	text := func(s fmt.Stringer) func() glua.LValue { return func() glua.LValue { return glua.LString(s.String()) } }
	return map[string]func() glua.LValue{
		"ip":        text(a),
		"netmask":   text(maskOf(a, v.p.Bits())),
		"prefixlen": func() glua.LValue { return glua.LNumber(v.p.Bits()) },
		"family":    func() glua.LValue { return glua.LString(v.family()) },
		"size":      func() glua.LValue { return decl.BigValue(L, v.size()) },
		"network":   func() glua.LValue { return newInet(L, s.host, v.network()) },
		"first":     func() glua.LValue { first, _ := v.ends(); return s.at(L, v, first) },
		"last":      func() glua.LValue { _, last := v.ends(); return s.at(L, v, last) },
		"broadcast": func() glua.LValue {
			if b, ok := v.broadcast(); ok {
				return glua.LString(b.String())
			}
			return glua.LNil
		},
		"loopback": flag(a.IsLoopback()), "multicast": flag(a.IsMulticast()),
		"link_local": flag(a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast()), "private": flag(a.IsPrivate()),
	}
}

// at is an address of v's own network.
func (s inetScript) at(L *glua.LState, v *inetValue, n *big.Int) glua.LValue {
	x, err := v.at(n)
	if err != nil {
		return glua.LNil
	}
	return newInet(L, s.host, x)
}

func (s inetScript) index(L *glua.LState, methods map[string]glua.LValue) (glua.LValue, error) {
	v, err := toInet(L.Get(1))
	if err != nil {
		return nil, err
	}
	key := L.Get(2).String()
	if m, ok := methods[key]; ok {
		return m, nil
	}
	fields := s.fields(L, v)
	if f, ok := fields[key]; ok {
		return f(), nil
	}
	words := slices.Sorted(maps.Keys(fields))
	words = append(words, slices.Sorted(maps.Keys(methods))...)
	if word := decl.Suggest(key, words); word != "" {
		return nil, fmt.Errorf("no field %q; did you mean %q?", key, word)
	}
	return nil, fmt.Errorf("no field %q", key)
}

// step is next and prev: as many addresses further as is said, else one.
func (s inetScript) step(sign int64) func(*glua.LState, *inetValue) (glua.LValue, error) {
	return func(L *glua.LState, v *inetValue) (glua.LValue, error) {
		n := big.NewInt(1)
		if L.Get(2) != glua.LNil {
			var err error
			if n, err = wholeNumber(L.Get(2)); err != nil {
				return nil, err
			}
		}
		return s.further(L, v, new(big.Int).Mul(n, big.NewInt(sign)))
	}
}

func (s inetScript) further(L *glua.LState, v *inetValue, n *big.Int) (glua.LValue, error) {
	x, err := v.plus(n)
	if err != nil {
		return nil, err
	}
	return newInet(L, s.host, x), nil
}

// add takes an address and a number, in either order.
func (s inetScript) add(L *glua.LState) (glua.LValue, error) {
	a, b := L.Get(1), L.Get(2)
	if _, isUser := a.(*glua.LUserData); !isUser {
		a, b = b, a
	}
	v, err := toInet(a)
	if err != nil {
		return nil, err
	}
	n, err := wholeNumber(b)
	if err != nil {
		return nil, fmt.Errorf("%v + x: x %w", v, err)
	}
	return s.further(L, v, n)
}

// sub takes a number off an address, or tells how far two addresses are apart.
func (s inetScript) sub(L *glua.LState) (glua.LValue, error) {
	v, err := toInet(L.Get(1))
	if err != nil {
		return nil, err
	}
	if x, err := toInet(L.Get(2)); err == nil {
		if x.family() != v.family() {
			return nil, fmt.Errorf("%v - %v: they are of two families", v, x)
		}
		return decl.BigValue(L, new(big.Int).Sub(addrNumber(v.p.Addr()), addrNumber(x.p.Addr()))), nil
	}
	n, err := wholeNumber(L.Get(2))
	if err != nil {
		return nil, fmt.Errorf("%v - x: x %w", v, err)
	}
	return s.further(L, v, new(big.Int).Neg(n))
}

func inetCompare(test func(int) bool) func(*glua.LState) (glua.LValue, error) {
	return func(L *glua.LState) (glua.LValue, error) {
		a, err := toInet(L.Get(1))
		if err != nil {
			return nil, err
		}
		b, err := toInet(L.Get(2))
		if err != nil {
			return nil, err
		}
		return glua.LBool(test(a.compare(b))), nil
	}
}

func inetContains(L *glua.LState, v *inetValue) (glua.LValue, error) {
	x, err := toInet(L.Get(2))
	if err != nil {
		return nil, err
	}
	return glua.LBool(v.contains(x)), nil
}

func inetOverlaps(L *glua.LState, v *inetValue) (glua.LValue, error) {
	x, err := toInet(L.Get(2))
	if err != nil {
		return nil, err
	}
	return glua.LBool(v.p.Overlaps(x.p)), nil
}

// hosts is an iterator over the addresses that hosts may have.
func (s inetScript) hosts(L *glua.LState, v *inetValue) (glua.LValue, error) {
	first, last := v.ends()
	return s.count(L, v, first, last, big.NewInt(1)), nil
}

// subnets is an iterator over the networks of a longer length.
func (s inetScript) subnets(L *glua.LState, v *inetValue) (glua.LValue, error) {
	n, ok := L.Get(2).(glua.LNumber)
	if !ok || float64(n) != float64(int(n)) {
		return nil, fmt.Errorf("wants a length, a whole number, got %v", L.Get(2))
	}
	if err := v.subnets(int(n)); err != nil {
		return nil, err
	}
	part := &inetValue{p: netip.PrefixFrom(v.p.Masked().Addr(), int(n))}
	first := addrNumber(part.p.Addr())
	last := new(big.Int).Sub(new(big.Int).Add(first, v.size()), big.NewInt(1))
	step := new(big.Int).Lsh(big.NewInt(1), uint(part.p.Addr().BitLen()-int(n)))
	return s.count(L, part, first, last, step), nil
}

// count is a Lua function that gives the addresses from first to last, then
// nil.
func (s inetScript) count(L *glua.LState, v *inetValue, first, last, step *big.Int) glua.LValue {
	n := new(big.Int).Set(first)
	return L.NewFunction(func(L *glua.LState) int {
		if n.Cmp(last) > 0 {
			L.Push(glua.LNil)
			return 1
		}
		L.Push(s.at(L, v, n))
		n = new(big.Int).Add(n, step)
		return 1
	})
}
