package decl

import (
	"fmt"
	"math"
	"slices"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// bind reads the arguments of a function that is no class verb into
// Call.Args: positional values first, then one table of named ones, or both
// in one table.
func (c *Call) bind() error {
	if c.Func.Plain {
		return nil
	}
	c.Args = map[string]any{}
	b := binding{c: c}
	n := c.N()
	for i := 1; i <= n; i++ {
		v := c.Arg(i)
		t, isTable := v.(*glua.LTable)
		var err error
		switch {
		case isTable && i == n && !b.wantsTable(i):
			err = b.table(t, i-1)
		default:
			err = b.positional(i, v)
		}
		if err != nil {
			return c.failure(err)
		}
	}
	return c.failure(b.finish())
}

// binding is the state of reading one call's arguments.
type binding struct {
	c    *Call
	rest []any
}

func (b *binding) at(pos int) *Param {
	for i := range b.c.Func.Params {
		p := &b.c.Func.Params[i]
		if p.Pos == pos || p.Rest && pos >= p.Pos {
			return p
		}
	}
	return nil
}

// wantsTable reports that a table at this place is the value of a parameter,
// not the table of named ones.
func (b *binding) wantsTable(pos int) bool {
	p := b.at(pos)
	return p != nil && (p.Kind == Table || p.Kind == List || p.Kind == Any)
}

func (b *binding) positional(pos int, v glua.LValue) error {
	p := b.at(pos)
	if p == nil {
		return fmt.Errorf("takes %s, got also %s", b.places(), describe(v))
	}
	if v == glua.LNil {
		return nil
	}
	return b.put(p, v)
}

func (b *binding) places() string {
	n := 0
	for _, p := range b.c.Func.Params {
		n = max(n, p.Pos)
	}
	switch n {
	case 0:
		return "named fields only"
	case 1:
		return "one positional value"
	}
	return fmt.Sprintf("%d positional values", n)
}

// table reads named parameters, and positional ones after the first `before`.
func (b *binding) table(t *glua.LTable, before int) error {
	n, err := sequence(t)
	if err != nil {
		return err
	}
	for i := range n {
		if err := b.positional(before+i+1, t.RawGetInt(i+1)); err != nil {
			return err
		}
	}
	return named(t, n, func(key string, v glua.LValue) error {
		for i := range b.c.Func.Params {
			if p := &b.c.Func.Params[i]; p.Name == key {
				if _, twice := b.c.Args[key]; twice {
					return fmt.Errorf("has %s both by position and by name", key)
				}
				return b.put(p, v)
			}
		}
		if b.c.Func.Open {
			if b.c.Extra == nil {
				b.c.Extra = b.c.L.CreateTable(0, 4)
			}
			b.c.Extra.RawSetString(key, v)
			return nil
		}
		return &Error{Op: b.c.Op(), Field: key, Msg: fmt.Sprintf("unknown field %q", key), Hint: didYouMean(key, b.names())}
	})
}

func (b *binding) names() []string {
	var l []string
	for _, p := range b.c.Func.Params {
		l = append(l, p.Name)
	}
	return l
}

func (b *binding) put(p *Param, v glua.LValue) error {
	x, err := p.value(v)
	switch {
	case raised(err): // a namespace that was deleted
		return err
	case err != nil:
		return &Error{Op: b.c.Op(), Field: p.Name, Msg: p.Name + " " + err.Error()}
	}
	if p.Rest {
		b.rest = append(b.rest, x)
		x = b.rest
	}
	b.c.Args[p.Name] = x
	return nil
}

func (b *binding) finish() error {
	for i := range b.c.Func.Params {
		if p := &b.c.Func.Params[i]; p.Required && b.c.Args[p.Name] == nil {
			return &Error{Op: b.c.Op(), Field: p.Name, Msg: "needs " + p.Name + " (" + string(p.Kind) + ")"}
		}
	}
	return nil
}

// value checks one argument and turns it into what Args holds.
func (p *Param) value(v glua.LValue) (any, error) {
	switch p.Kind {
	case Any:
		return v, nil
	case String:
		if s, ok := v.(glua.LString); ok {
			return string(s), nil
		}
	case Scalar:
		switch v.(type) {
		case glua.LString, glua.LNumber:
			return v.String(), nil
		}
	case Word:
		if s, ok := v.(glua.LString); ok && slices.Contains(p.Words, string(s)) {
			return string(s), nil
		}
		return nil, fmt.Errorf("wants one of %s, got %s", join(p.Words), describe(v))
	case Number, Integer:
		return p.number(v)
	case Boolean:
		return toBool(v)
	case Duration:
		return toDuration(v)
	case Address:
		if x, err := toValue(v); err == nil {
			if a, err := attr.ToAddr(x); err == nil {
				return a, nil
			}
		}
		return nil, fmt.Errorf("wants an IP address, got %s", describe(v))
	case Link:
		return toRef(v, attr.ToLink)
	case Netns:
		return toRef(v, attr.ToNetns)
	case Function:
		if f, ok := v.(*glua.LFunction); ok {
			return f, nil
		}
	case Table, List:
		if t, ok := v.(*glua.LTable); ok {
			if _, err := sequence(t); err != nil {
				return nil, err
			}
			return t, nil
		}
	}
	return nil, fmt.Errorf("wants a %s, got %s", p.Kind, describe(v))
}

func join(words []string) string {
	s := ""
	for i, w := range words {
		if i > 0 {
			s += ", "
		}
		s += w
	}
	return s
}

// number is a float64 for a Number, an int64 for an Integer.
func (p *Param) number(v glua.LValue) (any, error) {
	n, ok := v.(glua.LNumber)
	f := float64(n)
	what := "a number"
	if p.Kind == Integer {
		what = "a whole number"
		ok = ok && f == math.Trunc(f) && math.Abs(f) <= exact
	}
	if p.Lo < p.Hi {
		what += fmt.Sprintf(" from %s to %s", glua.LNumber(p.Lo), glua.LNumber(p.Hi))
		ok = ok && f >= p.Lo && f <= p.Hi
	}
	switch {
	case !ok || math.IsNaN(f):
		return nil, fmt.Errorf("wants %s, got %s", what, describe(v))
	case p.Kind == Integer:
		return int64(f), nil
	}
	return f, nil
}

func toBool(v glua.LValue) (any, error) {
	switch v {
	case glua.LTrue, glua.LNumber(1), glua.LString("on"):
		return true, nil
	case glua.LFalse, glua.LNumber(0), glua.LString("off"):
		return false, nil
	}
	return nil, fmt.Errorf("wants true or false, got %s", describe(v))
}

// toDuration reads seconds, or text with a unit.
func toDuration(v glua.LValue) (any, error) {
	switch v := v.(type) {
	case glua.LNumber:
		if s := float64(v); s >= 0 && s <= math.MaxInt64/1e9 {
			return time.Duration(s * 1e9), nil
		}
	case glua.LString:
		if d, err := time.ParseDuration(string(v)); err == nil && d >= 0 {
			return d, nil
		}
	}
	return nil, fmt.Errorf(`wants seconds, or text such as "500ms", got %s`, describe(v))
}

func toRef[T val.LinkRef | val.NetnsRef](v glua.LValue, read func(attr.Value) (T, error)) (any, error) {
	x, err := toValue(v)
	if err != nil {
		return nil, err
	}
	r, err := read(x)
	if err != nil {
		return nil, err
	}
	return r, nil
}
