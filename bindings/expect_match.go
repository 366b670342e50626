package bindings

import (
	"net/netip"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func matchFunc() decl.Func {
	return decl.Func{
		Name: "match", Since: since, Run: expectMatch, Plain: true,
		Doc:     "Expects that a value has what a pattern says; what the pattern does not name may be anything. A field of an object matches as in list: any spelling of an address, one of a list, false for unset. The error lists what differs.",
		Returns: "the value",
		Example: `
expect.match(link.get "lo", { mtu = 65536, up = true, type = false })
expect.match({ a = { b = 1, c = 2 } }, { a = { b = 1 } })
expect.match({ dst = "::1" }, { dst = "0:0::1" })`,
		Params: []decl.Param{
			{Name: "value", Kind: decl.Any, Pos: 1, Doc: "the value"},
			{Name: "pattern", Kind: decl.Any, Pos: 2, Doc: "what it has to have"},
			{Name: "message", Kind: decl.String, Pos: 3, Doc: "said before what is wrong"},
		},
	}
}

func expectMatch(c *decl.Call) error {
	got, pattern := c.Arg(1), c.Arg(2)
	if pattern == glua.LNil {
		return c.Errorf("needs a pattern (any)")
	}
	m := matcher{differ: differ{L: c.L, seen: map[[2]*glua.LTable]bool{}}}
	m.match("", got, pattern)
	if wrong, ok := m.err.(*decl.Error); ok && wrong.Op == "" {
		wrong.Op = c.Op()
	}
	if m.err != nil {
		return m.err
	}
	diffs := m.result()
	if len(diffs) == 0 {
		c.Return(got)
		return nil
	}
	text := strings.Join(diffs, "\n  ")
	if s, ok := c.Arg(3).(glua.LString); ok && s != "" {
		text = string(s) + ": " + text
	}
	return claim(c, "", text)
}

// matcher compares a value with a pattern.
type matcher struct {
	differ
	err error // a mistake in the pattern
}

func (m *matcher) match(path string, got, pattern glua.LValue) {
	want, isTable := pattern.(*glua.LTable)
	if m.err != nil {
		return
	}
	if !isTable {
		if !meets(m.L, got, pattern) {
			m.add(path, "got %s, want %s", brief(got), brief(pattern))
		}
		return
	}
	if o := decl.ObjectOf(got); o != nil {
		m.object(path, o, got, want)
		return
	}
	have, isTable := got.(*glua.LTable)
	if !isTable {
		m.add(path, "got %s, want %s", brief(got), brief(pattern))
		return
	}
	pair := [2]*glua.LTable{have, want}
	if have == want || m.seen[pair] {
		return
	}
	m.seen[pair] = true
	for _, k := range sortedKeys(want) {
		m.match(path+step(k), have.RawGet(k), want.RawGet(k))
	}
}

// object compares the fields of an object of the kernel; a table in a pattern
// is compared by its members where the field is a table too.
func (m *matcher) object(path string, o *decl.Object, got glua.LValue, want *glua.LTable) {
	for _, k := range sortedKeys(want) {
		name, isName := k.(glua.LString)
		if !isName {
			m.add(path+step(k), "an object has named fields only")
			continue
		}
		pattern := want.RawGet(k)
		ok, err := o.Matches(m.L, string(name), pattern)
		if _, nested := pattern.(*glua.LTable); nested && (!ok || err != nil) {
			if have, isTable := m.L.GetField(got, string(name)).(*glua.LTable); isTable {
				m.match(path+step(k), have, pattern)
				continue
			}
		}
		switch {
		case err != nil:
			m.err = err
			return
		case !ok:
			m.add(path+step(k), "got %s, want %s", brief(m.L.GetField(got, string(name))), brief(pattern))
		}
	}
}

// meets reports that a value is what a pattern that is no table says.
func meets(L *glua.LState, got, want glua.LValue) bool {
	if got == want || sameInteger(got, want) || isUserdata(got) && isUserdata(want) && L.Equal(got, want) {
		return true
	}
	if want == glua.LFalse {
		return got == glua.LNil
	}
	a, isText := got.(glua.LString)
	b, both := want.(glua.LString)
	return isText && both && sameAddress(string(a), string(b))
}

// sameAddress reports that two texts are one address or one prefix.
func sameAddress(a, b string) bool {
	if x, err := netip.ParseAddr(a); err == nil {
		y, err := netip.ParseAddr(b)
		return err == nil && x == y
	}
	x, err := netip.ParsePrefix(a)
	y, errB := netip.ParsePrefix(b)
	return err == nil && errB == nil && x == y
}
