package bindings

import (
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func testModule() *decl.Module {
	return &decl.Module{
		Name:  "test",
		Doc:   "Tests, in files *_test.lua that nlsh test runs. test(name, f) declares one; each runs in a sandbox of its own, where the file is run first. A test(name, f) inside of f is a part of it, in the same sandbox.",
		Since: since,
		Call:  testDeclare,
		Funcs: []decl.Func{
			{
				Name: "need", Since: since, Run: testNeed, Needs: NeedsTest,
				Doc: "Skips the test, or the whole file where no test runs yet, unless the machine has what it says. nlsh test --require fails instead.",
				Example: `
test.need{ kernel = "4.20", program = "cat" }
test("the sandbox is fresh", function() expect.eq(#link.list(), 1) end)`,
				Params: []decl.Param{
					{Name: "kernel", Kind: decl.Scalar, Doc: "the first version that will do"},
					{Name: "module", Kind: decl.Any, Doc: "a module of the kernel or a type of link, or a list of them"},
					{Name: "program", Kind: decl.Any, Doc: "a program, or a list of them"},
					{Name: "root", Kind: decl.Boolean, Doc: "true: root of the machine, not only of the sandbox"},
				},
			},
			{
				Name: "setup", Since: since, Run: testSetup, Needs: NeedsTest,
				Doc: "Has a function called in the sandbox of each test of the file, before it; several are called in turn.",
				Example: `
test.setup(function() addr.add("10.0.0.1/24", "lo") end)
test("it is reached", function() expect.ping "10.0.0.1" end)`,
				Params: []decl.Param{{Name: "f", Kind: decl.Function, Required: true, Pos: 1, Doc: "what to call, without arguments"}},
			},
		},
	}
}

// NeedsTest is what examples need that are files for nlsh test.
const NeedsTest = "nlsh test"

// suite is that of the file that runs.
func suite(c *decl.Call) (*Suite, error) {
	if t, ok := c.Host.(Tests); ok {
		if s := t.Suite(); s != nil {
			return s, nil
		}
	}
	return nil, &decl.Error{Op: "test", Msg: "is for files of tests", Hint: "run this one with: nlsh test FILE"}
}

// testDeclare is test(name, f).
func testDeclare(c *decl.Call) error {
	s, err := suite(c)
	if err != nil {
		return err
	}
	name, isText := c.Arg(1).(glua.LString)
	f, isFunc := c.Arg(2).(*glua.LFunction)
	wrong := func(format string, args ...any) error {
		err := c.Errorf(format, args...)
		if e, ok := err.(*decl.Error); ok {
			e.Op = "test"
		}
		return err
	}
	switch {
	case !isText || strings.TrimSpace(string(name)) == "" || strings.ContainsAny(string(name), "\n\r\x00"):
		return wrong("wants a name on one line, got %s", shown(c.Arg(1)))
	case !isFunc:
		return wrong("%q wants a function, got %s", string(name), shown(c.Arg(2)))
	case c.N() > 2:
		return wrong("%q takes a name and a function, got also %s", string(name), shown(c.Arg(3)))
	case s.phase == declaring:
		s.tests = append(s.tests, declaredTest{string(name), f})
		return nil
	case s.phase == running:
		_, err := s.run(c, string(name), f)
		return err
	}
	return wrong("%q: a test is declared in the file or in another test, not in setup or defer", string(name))
}

func testSetup(c *decl.Call) error {
	s, err := suite(c)
	if err != nil {
		return err
	}
	f, _ := c.Args["f"].(*glua.LFunction)
	if s.phase != declaring {
		return c.Errorf("is called in the file, before its tests run")
	}
	s.setups = append(s.setups, f)
	return nil
}
