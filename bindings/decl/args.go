package decl

import (
	"fmt"

	glua "github.com/yuin/gopher-lua"
)

// shape is what the arguments of a verb are.
type shape uint8

const (
	shapeNone  shape = iota // no argument
	shapeOne                // one object described
	shapeList               // a list of tables or objects
	shapeEmpty              // the empty table
	shapeEach               // a function that returns one table after the other
)

// request is the arguments of a verb.
type request struct {
	shape shape
	one   record
	list  *glua.LTable
	n     int // elements of list
	next  *glua.LFunction
}

// record describes one object: positional values and named fields.
type record struct {
	pos    [2]glua.LValue // the key and dev; nil where not given
	fields *glua.LTable   // nil: none
	n      int            // length of the list part of fields
}

// empty reports that nothing was said.
func (r *record) empty() bool { return r.pos[0] == nil && r.fields == nil }

// isElement reports what may be an element of a list: a table or an object.
func isElement(v glua.LValue) bool {
	switch v := v.(type) {
	case *glua.LTable:
		return true
	case *glua.LUserData:
		_, ok := v.Value.(*Object)
		return ok
	}
	return false
}

// request reads the arguments of a call.
func (c *Call) request(cl *class) (request, error) {
	n := c.N()
	if n == 0 {
		return request{}, nil
	}
	switch first := c.Arg(1).(type) {
	case *glua.LTable:
		if n > 1 {
			return request{}, fmt.Errorf("takes one table, or a key and then a table; got a table and %d more", n-1)
		}
		return c.tableRequest(cl, first)
	case *glua.LFunction:
		return request{shape: shapeEach, next: first}, nil
	case *glua.LNilType:
		return request{}, fmt.Errorf("got nil where %s is wanted", cl.keyName())
	}
	r := request{shape: shapeOne}
	for i := 1; i <= n; i++ {
		v := c.Arg(i)
		t, isTable := v.(*glua.LTable)
		switch {
		case v == glua.LNil && i > 1:
		case isTable && i == n:
			if len, _ := sequence(t); len > 0 {
				return r, fmt.Errorf("takes the key as the first value or inside the table, not both; got %v in the table", t.RawGetInt(1))
			}
			r.one.fields = t
		case i > cl.positions():
			return r, c.tooMany(cl, c.Arg(i))
		default:
			r.one.pos[i-1] = v
		}
	}
	return r, nil
}

func (c *Call) tableRequest(cl *class, t *glua.LTable) (request, error) {
	n, err := sequence(t)
	if err != nil {
		return request{}, fmt.Errorf("the table %w", err)
	}
	k, _ := afterList(t, n)
	switch {
	case n == 0 && k == glua.LNil:
		return request{shape: shapeEmpty}, nil
	case n > 0 && k == glua.LNil && isElement(t.RawGetInt(1)):
		for i := 2; i <= n; i++ {
			if v := t.RawGetInt(i); !isElement(v) {
				return request{}, fmt.Errorf("element %d of the list is %s; a list holds tables or objects only", i, describe(v))
			}
		}
		return request{shape: shapeList, list: t, n: n}, nil
	}
	r, err := c.record(cl, t, n)
	return request{shape: shapeOne, one: r}, err
}

// record reads one table that describes an object.
func (c *Call) record(cl *class, t *glua.LTable, n int) (r record, err error) {
	r.fields, r.n = t, n
	if n > cl.positions() {
		return r, c.tooMany(cl, t.RawGetInt(cl.positions()+1))
	}
	for i := range n {
		v := t.RawGetInt(i + 1)
		if _, isTable := v.(*glua.LTable); isTable {
			return r, fmt.Errorf("element %d is a table; a list of tables has no fields or values beside them", i+1)
		}
		r.pos[i] = v
	}
	return r, nil
}

// element reads one element of a list, or what a generator returned.
func (c *Call) element(cl *class, v glua.LValue) (record, error) {
	t, ok := v.(*glua.LTable)
	if !ok {
		return record{pos: [2]glua.LValue{v}}, nil
	}
	n, err := sequence(t)
	if err != nil {
		return record{}, err
	}
	r, err := c.record(cl, t, n)
	if err == nil && n == 0 {
		if k, _ := afterList(t, 0); k == glua.LNil {
			err = fmt.Errorf("is an empty table")
		}
	}
	return r, err
}

// positions is how many positional values the class takes.
func (cl *class) positions() int {
	switch {
	case cl.Key == "":
		return 0
	case cl.Dev:
		return 2
	}
	return 1
}

func (cl *class) keyName() string {
	if cl.Key == "" {
		return "a table"
	}
	return "a " + cl.Key
}

// tooMany is the error for one positional value too many; it shows the form
// of a list, which is what was probably meant.
func (c *Call) tooMany(cl *class, v glua.LValue) error {
	if cl.Key == "" {
		return fmt.Errorf("takes named fields only, got %s", describe(v))
	}
	takes := "one positional value, its " + cl.Key
	if cl.Dev {
		takes = "two positional values, " + cl.Key + " and dev"
	}
	return fmt.Errorf("takes %s, got also %s; for several write %s.%s{ {...}, {...} }", takes, describe(v), cl.path, c.Func.Name)
}

// describe is a value as an error names it.
func describe(v glua.LValue) string {
	switch v := v.(type) {
	case glua.LString:
		return fmt.Sprintf("%q", string(v))
	case glua.LNumber, glua.LBool, *glua.LNilType:
		return v.String()
	case *glua.LUserData:
		if o, ok := v.Value.(*Object); ok {
			return o.obj.Class() + " " + o.obj.String()
		}
	}
	return "a " + v.Type().String()
}
