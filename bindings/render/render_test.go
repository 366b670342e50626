package render

import (
	"encoding/json"
	"math/big"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// object and integer are values of userdata.
type object []attr.Pair

func (o object) RenderFields() []attr.Pair { return o }
func (o object) String() string            { return "thing" }

type integer string

func (i integer) LuaInteger() string { return string(i) }

var fields = object{
	{Key: "name", Val: attr.StringOf("a\"<&>")},
	{Key: "count", Val: attr.UintOf(1<<64 - 1)},
	{Key: "low", Val: attr.IntOf(-5)},
	{Key: "up", Val: attr.BoolOf(true)},
	{Key: "state", Val: attr.EnumOf(1, "up")},
	{Key: "odd", Val: attr.EnumOf(77, "")},
	{Key: "src", Val: attr.AddrOf(netip.MustParseAddr("::1"))},
	{Key: "dev", Val: attr.LinkOf(val.LinkName("eth0"))},
	{Key: "peer", Val: attr.LinkOf(val.LinkIndex(7))},
	{Key: "key", Val: attr.BytesOf([]byte{1, 255})},
	{Key: "hop", Val: attr.ListOf([]attr.Value{attr.TableOf([]attr.Pair{{Key: "via", Val: attr.StringOf("x")}})})},
	{Key: "none", Val: attr.ListOf(nil)},
}

// lua evaluates an expression, with the values above as `o` and `big`.
func lua(t *testing.T, expr string) glua.LValue {
	t.Helper()
	L := glua.NewState()
	t.Cleanup(L.Close)
	L.SetGlobal("o", &glua.LUserData{Value: fields, Metatable: glua.LNil})
	L.SetGlobal("big", &glua.LUserData{Value: integer("18446744073709551615"), Metatable: glua.LNil})
	if err := L.DoString("return " + expr); err != nil {
		t.Fatal(err)
	}
	return L.Get(-1)
}

func TestJSON(t *testing.T) {
	tests := []struct{ name, src, want, err string }{
		{"scalars", `{ nil, }`, "{}", ""},
		{"list", `{ 1, 2.5, "x", true, false }`, `[1,2.5,"x",true,false]`, ""},
		{"object in the order of its keys", `{ b=1, a={ c={} } }`, `{"b":1,"a":{"c":{}}}`, ""},
		{"large numbers", `{ 2^53, -2^53, 1e300, big }`, `[9007199254740992,-9007199254740992,1e+300,18446744073709551615]`, ""},
		{"bytes that are no text", `{ "a\255b\n" }`, `["a\ufffdb\n"]`, ""},
		{"an empty list with a metatable", `setmetatable({}, {})`, `[]`, ""},
		{"an object of the kernel", `o`, `{"name":"a\"<&>","count":18446744073709551615,"low":-5,"up":true,"state":"up","odd":77,` +
			`"src":"::1","dev":"eth0","peer":7,"key":"0x01ff","hop":[{"via":"x"}],"none":[]}`, ""},
		{"a hole", `{ 1, nil, 3 }`, "", "the list has a hole at 2"},
		{"list and object", `{ 1, a=2 }`, "", "a table is a list or has named fields; this one has both (a)"},
		{"a function", `{ f=print }`, "", "f: a function cannot be written as JSON"},
		{"no number", `{ 0/0 }`, "", "[1]: NaN cannot be written as JSON"},
		{"infinite", `1/0`, "", "+Inf cannot be written as JSON"},
		{"a boolean key", `{ [true]=1 }`, "", "a key of an object is a string, got true"},
		{"holds itself", `(function() local t = {} t[1] = t return t end)()`, "", strings.Repeat("[1]: ", 100) + "tables are nested more than 100 deep; does one hold itself?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := AppendJSON(nil, lua(t, tt.src))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.err, got); diff != "" {
				t.Fatalf("error (-want +got):\n%s", diff)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(tt.want, string(b)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !json.Valid(b) {
				t.Errorf("not JSON: %s", b)
			}
		})
	}
}

// TestJSONNumbers holds the digits against math/big.
func TestJSONNumbers(t *testing.T) {
	for _, n := range []uint64{0, 1 << 53, 1<<53 + 1, 1<<63 + 1, 1<<64 - 1} {
		want := new(big.Int).SetUint64(n).String()
		if got := string(AppendValue(nil, attr.UintOf(n))); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestGrid(t *testing.T) {
	rows := [][]attr.Pair{
		{{Key: "name", Val: attr.StringOf("lo")}, {Key: "mtu", Val: attr.UintOf(65536)}, {Key: "operstate", Val: attr.EnumOf(6, "up")}},
		{{Key: "name", Val: attr.StringOf("eth0")}, {Key: "mtu", Val: attr.UintOf(1500)}, {Key: "alias", Val: attr.StringOf("a\x1b[31mb\nc")}},
		{{Key: "name", Val: attr.StringOf("ü")}, {Key: "up", Val: attr.BoolOf(true)}},
	}
	tests := []struct {
		name    string
		rows    [][]attr.Pair
		columns []string
		o       GridOptions
		want    string
	}{
		{"columns in their order, absent ones left out", rows, []string{"mtu", "name", "nosuch"}, GridOptions{},
			"  mtu  name\n65536  lo\n 1500  eth0\n       ü\n"},
		{"all columns", rows, nil, GridOptions{},
			"name    mtu  operstate  alias      up\nlo    65536  up\neth0   1500             a?[31mb?c\nü                                  yes\n"},
		{"what fits", rows, nil, GridOptions{Width: 12}, "name    mtu\nlo    65536\neth0   1500\nü\n"},
		{"one column always", rows, nil, GridOptions{Width: 1}, "name\nlo\neth0\nü\n"},
		{"colours", rows[:1], []string{"name", "operstate"}, GridOptions{Color: true},
			"\x1b[1mname\x1b[0m  \x1b[1moperstate\x1b[0m\nlo    \x1b[32mup\x1b[0m\n"},
		{"long text is cut", [][]attr.Pair{{{Key: "a", Val: attr.StringOf(strings.Repeat("x", 60))}}}, nil, GridOptions{},
			"a\n" + strings.Repeat("x", 39) + "…\n"},
		{"nothing", nil, []string{"a"}, GridOptions{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Grid(tt.rows, tt.columns, tt.o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestInspect(t *testing.T) {
	tests := []struct {
		name, src string
		o         InspectOptions
		want      string
	}{
		{"scalars", `{ 1, "a\"b\\\n\1", true }`, InspectOptions{Line: true}, `{ 1, "a\"b\\\n\001", true }`},
		{"sorted keys", `{ 5, z=1, a=2, ["x y"]=3, ["end"]=4, [10]=6, [true]=7 }`, InspectOptions{Line: true},
			`{ 5, [true] = 7, [10] = 6, a = 2, ["end"] = 4, ["x y"] = 3, z = 1 }`},
		{"lines", `{ 1, a={ b={} } }`, InspectOptions{}, "{\n  1,\n  a = {\n    b = {}\n  }\n}"},
		{"depth", `{ a={ b={ c=1 } } }`, InspectOptions{Line: true, Depth: 2}, "{ a = { b = {...} } }"},
		{"itself", `(function() local t = {} t.t = t t.u = { t } return t end)()`, InspectOptions{Line: true}, "{ t = <itself>, u = { <itself> } }"},
		{"twice is no cycle", `(function() local t = { 1 } return { t, t } end)()`, InspectOptions{Line: true}, "{ { 1 }, { 1 } }"},
		{"function", `print`, InspectOptions{}, "<function>"},
		{"big", `{ big }`, InspectOptions{Line: true}, "{ 18446744073709551615 }"},
		{"an object beyond the depth", `{ o }`, InspectOptions{Line: true, Depth: 1}, "{ <thing> }"},
		{"an object", `o`, InspectOptions{Line: true}, `{ name = "a\"<&>", count = 18446744073709551615, low = -5, up = true, state = "up", odd = 77, ` +
			`src = "::1", dev = "eth0", peer = "if7", key = "0x01ff", hop = { { via = "x" } }, none = {} }`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Inspect(lua(t, tt.src), tt.o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestQuote holds that PUC Lua reads back every byte.
func TestQuote(t *testing.T) {
	path, err := exec.LookPath("lua5.1")
	if err != nil {
		if os.Getenv("NLSH_REQUIRE") == "1" {
			t.Fatal("lua5.1 is required: apt-get install lua5.1")
		}
		t.Skip("lua5.1 is not installed")
	}
	all := make([]byte, 0, 256)
	for i := range 256 {
		all = append(all, byte(i))
	}
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader("io.write(" + quote(string(all)) + ")")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(all), string(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
