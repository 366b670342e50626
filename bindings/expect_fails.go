package bindings

import (
	"errors"
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func failsFunc() decl.Func {
	return decl.Func{
		Name: "fails", Since: since, Run: expectFails, Plain: true,
		Doc:     "Expects that a function raises an error with such fields: errno, op, object, attr, hint and others are equal, message is contained. {} is any error, a string is contained in the error's text.",
		Returns: "the error",
		Example: `
expect.fails({ errno = "ENODEV" }, link.get, "nosuch")
expect.fails({ attr = "mtu" }, link.set, { "lo", mtu = "big" })
expect.fails("did you mean", function() link.set{ "lo", mtuu = 5 } end)`,
		Params: []decl.Param{
			{Name: "pattern", Kind: decl.Any, Required: true, Pos: 1, Doc: "fields of the error, or a part of its text"},
			{Name: "f", Kind: decl.Function, Required: true, Pos: 2, Doc: "what to call"},
			{Name: "args", Kind: decl.Any, Pos: 3, Rest: true, Doc: "its arguments"},
		},
	}
}

func eventuallyFunc() decl.Func {
	return decl.Func{
		Name: "eventually", Since: since, Run: expectEventually, Params: waitParams(),
		Doc:     "Expects that a function comes to hold: it is called until it neither fails an assertion nor is refused something, and returns nothing, or something other than nil and false. Callbacks run between the calls; a mistake in the function is raised at once.",
		Returns: "what the function returned",
		Example: `
local start = os.clock()
expect.eventually(function() expect.ok(os.clock() > start) end, "5s")`,
	}
}

func expectFails(c *decl.Call) error {
	pattern := c.Arg(1)
	fields, isTable := pattern.(*glua.LTable)
	_, isText := pattern.(glua.LString)
	f, callable := c.Arg(2).(*glua.LFunction)
	switch {
	case !isTable && !isText:
		return c.Errorf("pattern wants a table of fields or a text, got %s", shown(pattern))
	case !callable:
		return c.Errorf("f wants a function, got %s; its arguments follow it", shown(c.Arg(2)))
	}
	var args []glua.LValue
	for i := 3; i <= c.N(); i++ {
		args = append(args, c.Arg(i))
	}
	_, err := c.Host.Call(c.L, f, args...)
	var raised Raised
	switch {
	case err == nil:
		return claim(c, "", "expected an error, there was none")
	case !errors.As(err, &raised) || raised.Final():
		return err
	}
	var diffs []string
	if isText {
		if !strings.Contains(err.Error(), pattern.String()) {
			diffs = []string{fmt.Sprintf("want a text with %s", shown(pattern))}
		}
	} else {
		diffs = errorDifferences(c.L, raised, fields)
	}
	if len(diffs) > 0 {
		return claim(c, "", strings.Join(append(diffs, "the error was: "+err.Error()), "\n  "))
	}
	c.Return(raised.Value())
	return nil
}

// errorDifferences tells which fields of an error are not as wanted.
func errorDifferences(L *glua.LState, raised Raised, want *glua.LTable) (diffs []string) {
	obj := raised.Value()
	_, isText := obj.(glua.LString)
	for _, k := range sortedKeys(want) {
		w := want.RawGet(k)
		got := glua.LValue(glua.LNil)
		switch {
		case isText && k == glua.LString("message"):
			got = obj
		case !isText && (obj.Type() == glua.LTTable || obj.Type() == glua.LTUserData):
			got = L.GetTable(obj, k)
		}
		text, has := got.(glua.LString)
		part, wants := w.(glua.LString)
		contained := k == glua.LString("message") && has && wants && strings.Contains(string(text), string(part))
		if !contained && !meets(L, got, w) {
			diffs = append(diffs, fmt.Sprintf("%s: got %s, want %s", k.String(), brief(got), brief(w)))
		}
	}
	return diffs
}

func expectEventually(c *decl.Call) error {
	last, err := repeat(c, func(out []glua.LValue, err error) (bool, error) {
		var failed *Failure
		if err != nil && !caught(err) && !(errors.As(err, &failed) && failed.claim) {
			return false, err
		}
		return err == nil && (len(out) == 0 || glua.LVAsBool(out[0])), nil
	})
	if err != nil || last == "" {
		return err
	}
	return claim(c, "", last)
}
