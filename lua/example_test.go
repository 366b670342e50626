package lua_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing/fstest"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/lua"
)

// An interpreter runs the files of the embedding program and writes where that
// says.
func Example() {
	fsys := fstest.MapFS{
		"main.lua":  {Data: []byte(`local greet = require "greet" print(greet(...))`)},
		"greet.lua": {Data: []byte(`return function(name) return "hello, " .. name end`)},
	}
	in, err := lua.New(lua.Options{Stdout: os.Stdout, FS: fsys})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	if err := in.RunFile(context.Background(), "main.lua", "network"); err != nil {
		fmt.Println(err)
	}
	// Output: hello, network
}

// Go functions and modules are declared as the built-in ones are, and get the
// same checks and help.
func ExampleOptions_modules() {
	racks := &decl.Module{
		Name: "rack", Doc: "Racks of the data centre.",
		Funcs: []decl.Func{{
			Name: "units", Doc: "How many units a rack has free.", Returns: "a number",
			Params: []decl.Param{
				{Name: "name", Kind: decl.String, Required: true, Pos: 1, Doc: "the rack"},
				{Name: "size", Kind: decl.Integer, Lo: 1, Hi: 4, Default: "1", Doc: "of how many units in a row"},
			},
			Run: func(c *decl.Call) error {
				if c.Args["name"] != "r1" {
					return c.Refuse("no rack %q: %w", c.Args["name"], fs.ErrNotExist)
				}
				c.Return(glua.LNumber(40))
				return nil
			},
		}},
	}
	in, err := lua.New(lua.Options{Stdout: os.Stdout, Modules: []*decl.Module{racks}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	ctx := context.Background()
	for _, src := range []string{
		`print(rack.units "r1")`,
		`rack.units{ "r1", size=5 }`,
		`rack.units{ "r1", sise=2 }`,
		`print(try(rack.units, "r2"))`,
		`rack.units "r2"`,
	} {
		if err := in.Run(ctx, "dc.lua", src); err != nil {
			fmt.Println(err, errors.Is(err, fs.ErrNotExist))
		}
	}
	// Output:
	// 40
	// dc.lua:1: rack units: size wants a whole number from 1 to 4, got 5 false
	// dc.lua:1: rack units: unknown field "sise"; did you mean "size"? false
	// nil	rack units: no rack "r2": file does not exist
	// dc.lua:1: rack units: no rack "r2": file does not exist true
}

// A failure is the Go error that caused it, with the script's line.
func ExampleInterp_Run_errors() {
	in, err := lua.New(lua.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	ctx := context.Background()

	err = in.Run(ctx, "a.lua", "local x\nprint(x.y)")
	var at *lua.Error
	if errors.As(err, &at) {
		fmt.Println(at.Chunk, at.Line)
	}
	fmt.Println(err)

	err = in.Run(ctx, "b.lua", "os.exit(3)")
	var exit *lua.ExitError
	fmt.Println(errors.As(err, &exit), exit.Code)

	ended, cancel := context.WithCancel(ctx)
	cancel()
	err = in.Run(ended, "c.lua", "while true do end")
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// a.lua 2
	// a.lua:2: attempt to index local 'x' (a nil value)
	// true 3
	// true
}

// Eval gives the values of an expression.
func ExampleInterp_Eval() {
	in, err := lua.New(lua.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer in.Close()
	values, err := in.Eval(context.Background(), `json.encode{ mtu=1500 }, 6 * 7`)
	fmt.Println(values[0], values[1], err)
	// Output: {"mtu":1500} 42 <nil>
}
