package bindings_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/render"
	"nlsh/nlcore/netns/nstest"
)

func TestJSON(t *testing.T) {
	runScripts(t, []script{
		{"encode", `print(json.encode{ 1, "two", false, 2.5, {} }, json(nil), json "a\"b\n<é>", json{ b=1, a={ 2 } })`,
			`[1,"two",false,2.5,{}] null "a\"b\n<é>" {"b":1,"a":[2]}` + "\n"},
		{"encode whole numbers", `print(json{ 9007199254740992, -1, 1e3, bigint "18446744073709551615" })`, "[9007199254740992,-1,1000,18446744073709551615]\n"},
		{"encode pretty", `print(json.encode({ a={ 1, 2 }, b={} }, { pretty=true }))`, `
{
  "a": [
    1,
    2
  ],
  "b": {}
}
`},
		{"encode an object of nlsh", `print(json.decode(json(link.get "lo")).name, json.decode(json{ l=link.get "lo" }).l.type)`, "lo nil\n"},
		{"encode a list of nlsh", `print(json(route.list{ table=77 }), json.decode(json(link.list()))[1].name)`, "[] lo\n"},
		{"encode a function", `print(refused(function() json{ f=print } end))`, "json call: f: a function cannot be written as JSON false\n"},
		{"encode both", `json{ 1, a=2 }`, "! json call: a table is a list or has named fields; this one has both (a)\n"},
		{"encode itself", `local t = {} t.t = t print((pcall(json, t)))`, "false\n"},
		{"encode infinity", `json.encode(1/0)`, "! json encode: +Inf cannot be written as JSON\n"},
		{"encode with a wrong option", `json.encode({}, { prety=true })`, "! json encode: unknown field \"prety\"; did you mean \"pretty\"?\n"},

		{"decode", `local t = json.decode ' {"a":[1,{"b":"\\u00e9\\ud83d\\ude00"},true],"n":null,"f":-1.5e2} ' print(t.a[1], t.a[2].b, t.a[3], t.n, t.f, #t.a)`, "1 é😀 true nil -150 3\n"},
		{"decode whole numbers", `for _, x in ipairs(json.decode "[9007199254740992,9007199254740993,-9007199254740993,18446744073709551616,-0,1e2]") do print(x, type(x)) end`, `
9007199254740992 number
9007199254740993 userdata
-9007199254740993 userdata
18446744073709551616 userdata
0 number
100 number
`},
		{"decode blanks everywhere", `print(json(json.decode " { \"a\" : [ 1 , 2 ] ,\n\t\"b\":{ } , \"c\" : [ ] } "))`, `{"a":[1,2],"b":{},"c":[]}` + "\n"},
		{"decode escapes", `print(json.decode '["a\\"b\\\\","\\\\","\\/",""]':map(function(x) return "<" .. x .. ">" end):json())`, `["<a\"b\\>","<\\>","</>","<>"]` + "\n"},
		{"decode bytes that are no text", `print(json.decode '"a\255b"' == "a\239\191\189b")`, "true\n"},
		{"decode a scalar", `print(json.decode "7", json.decode '"x"', json.decode "null", json.decode "false")`, "7 x nil false\n"},
		{"decode an empty list", `print(json(json.decode '[]'), json(json.decode '{}'), json(json.decode '{"a":[],"b":{}}'))`, `[] {} {"a":[],"b":{}}` + "\n"},
		{"a list has methods", `print(#json.decode("[1,2,3]"):filter(function(x) return x > 1 end), json.decode("[1]"):json())`, "2 [1]\n"},
		{"the last of two wins", `print(json.decode '{"a":1,"a":2}'.a)`, "2\n"},
		{"null", `local t = json.decode('[null,{"a":null}]', { null="none" }) print(t[1], t[2].a)`, "none none\n"},
		{"null in a list", `json.decode '[1,\n null]'`, "! json decode: null as element 2 would leave a hole; say null=false, or another value that stands for it (line 2, column 2)\n"},
		{"a wrong text", `print(refused(function() json.decode '{"a":1,\n  b}' end))`, "json decode: invalid character 'b' looking for beginning of object key string (line 2, column 3) false\n"},
		{"a text cut short", `json.decode '{"a":\n[1,'`, "! json decode: the text ends too early (line 2, column 4)\n"},
		{"an empty text", `json.decode ''`, "! json decode: the text ends too early (line 1, column 1)\n"},
		{"two values", `json.decode '1 2'`, "! json decode: invalid character '2' after top-level value (line 1, column 3)\n"},
		{"Lua's numbers", `json.decode '[0x10]'`, "! json decode: invalid character 'x' after array element (line 1, column 3)\n"},
		{"too large", `json.decode '[1e999]'`, "! json decode: the number 1e999 is too large (line 1, column 2)\n"},
		{"too long", `json.decode(("7"):rep(1001))`, "! json decode: a number of 1001 digits; at most 1000 are read (line 1, column 1)\n"},
		{"no text", `json.decode(7)`, "! json decode: text wants a string, got 7\n"},
		{"very deep", `print((pcall(json.decode, ("["):rep(20000) .. ("]"):rep(20000))))`, "false\n"},
		{"deep", `print(type(json.decode(("["):rep(9000) .. ("]"):rep(9000))))`, "table\n"},
	})
}

// TestJSONAgainstIP reads what iproute2 writes, and writes it back.
func TestJSONAgainstIP(t *testing.T) {
	w := newWorld(t)
	text := nstest.IP(t, w.ns, "-d", "-s", "-j", "link", "show", "lo")
	w.L.SetGlobal("text", glua.LString(text))
	got := w.run(`print(json(json.decode(text)))`)
	var a, b any
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &b); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if d := cmp.Diff(a, b); d != "" {
		t.Error(d)
	}
}

// TestJSONAgainstPython writes values and compares them with what Python
// reads.
func TestJSONAgainstPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	nstest.Need(t, err == nil, "python3")
	got := newWorld(t).run(`print(json{ "\0\1\127\\/", "ÿ", bigint "-170141183460469231731687303715884105728", 0.1, 1e300, { a={ b={} } } })`)
	cmd := exec.Command(python, "-c", "import json,sys; print(json.dumps(json.load(sys.stdin), separators=(',', ':')))")
	cmd.Stdin = strings.NewReader(got)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	want := `["\u0000\u0001\u007f\\/","\u00ff",-170141183460469231731687303715884105728,0.1,1e+300,{"a":{"b":{}}}]` + "\n"
	if d := cmp.Diff(want, string(out)); d != "" {
		t.Error(d)
	}
}

// FuzzJSON holds that what is read can be written and is the same when read
// again.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,"x",true,{}],"b":[]}`, `[]`, `18446744073709551616`, `"\ud800"`, `{"":0}`, `[1e308,-0]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := &world{host: &host{ctx: t.Context(), t: t}}
		L := newState(t, w)
		read := func(text string) (glua.LValue, bool) {
			L.SetTop(0)
			L.Push(L.GetField(L.GetGlobal("json"), "decode"))
			L.Push(glua.LString(text))
			o := L.CreateTable(0, 1)
			o.RawSetString("null", glua.LFalse)
			L.Push(o)
			if L.PCall(2, 1, nil) != nil {
				return nil, false
			}
			return L.Get(-1), true
		}
		v, ok := read(text)
		if ok != json.Valid([]byte(text)) && ok {
			t.Fatalf("read %q, which is no JSON", text)
		}
		if !ok {
			return
		}
		first, err := render.AppendJSON(nil, v)
		if err != nil {
			return // nested too deeply to be written
		}
		again, ok := read(string(first))
		if !ok {
			t.Fatalf("%q was written as %s, which is not read", text, first)
		}
		second, err := render.AppendJSON(nil, again)
		if err != nil || string(first) != string(second) {
			t.Fatalf("%q: %s, then %s, %v", text, first, second, err)
		}
	})
}
