package bindings

import (
	"bytes"
	"encoding/json"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/bindings/render"
)

func jsonModule() *decl.Module {
	return &decl.Module{
		Name:  "json",
		Doc:   "JSON from values and back; json(v) is json.encode(v).",
		Since: since,
		Call:  jsonCall,
		Funcs: []decl.Func{
			{
				Name:    "encode",
				Doc:     "A value as JSON. A table with elements from 1 on is an array, and so is an empty list; any other table is an object, its members in the order in which they were set. Objects of nlsh are written with all their fields. Integers are exact.",
				Since:   since,
				Returns: "the text",
				Example: `
assert(json.encode{ 1, "two", false } == '[1,"two",false]')
print(json.encode(link.list(), { pretty = true }))`,
				Params: []decl.Param{
					{Name: "value", Kind: decl.Any, Pos: 1, Doc: "nil, a boolean, number, string, table, bigint, object or list"},
					{Name: "pretty", Kind: decl.Boolean, Default: "false", Doc: "one member a line, indented by two blanks"},
				},
				Run: jsonEncode,
			},
			{
				Name:    "decode",
				Doc:     "The value of a JSON text. An array is a list, an integer beyond 2^53 a bigint, null in an object an absent member; null in an array is an error unless null= gives what stands for it.",
				Since:   since,
				Returns: "the value",
				Example: `
local t = json.decode '{"name":"eth0","flags":["UP"],"bytes":18446744073709551615}'
assert(t.flags[1] == "UP" and tostring(t.bytes) == "18446744073709551615")
assert(json.decode("[1,null]", { null = false })[2] == false)`,
				Params: []decl.Param{
					{Name: "text", Kind: decl.String, Required: true, Pos: 1, Doc: "one JSON value"},
					{Name: "null", Kind: decl.Any, Default: "nil", Doc: "the value that null becomes"},
				},
				Run: jsonDecode,
			},
		},
	}
}

func jsonCall(c *decl.Call) error { return encodeJSON(c, c.Arg(1), false) }

func jsonEncode(c *decl.Call) error {
	pretty, _ := c.Args["pretty"].(bool)
	return encodeJSON(c, anyArg(c, "value"), pretty)
}

func encodeJSON(c *decl.Call, v glua.LValue, pretty bool) error {
	b, err := render.AppendJSON(nil, v)
	if err != nil {
		return c.Errorf("%w", err)
	}
	if pretty {
		var out bytes.Buffer
		if err := json.Indent(&out, b, "", "  "); err != nil {
			return c.Errorf("%w", err)
		}
		b = out.Bytes()
	}
	c.Return(glua.LString(b))
	return nil
}

func jsonDecode(c *decl.Call) error {
	text, _ := c.Args["text"].(string)
	v, err := decodeJSON(c.L, text, anyArg(c, "null"))
	if err != nil {
		return c.Errorf("%w", err)
	}
	c.Return(v)
	return nil
}
