package repl

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/lua"
	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
)

// newShell is a shell in a namespace of its own, after running setup.
func newShell(t testing.TB, setup string) (*Shell, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	in, err := lua.New(lua.Options{Netns: nstest.NewNS(t), Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	s := NewShell(in)
	if err := s.EvalPrint(t.Context(), setup, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	return s, &out
}

// world is what the completions below find: links, a namespace, tables, and a
// table that tells when its metamethods run.
const world = `
link.add{ "br0", type="bridge", up=true }
link.add{ "v0", type="veth", master="br0", peer={ "v1" } }
h1 = netns.add "h1"
defer(function() h1:del() end)
h1.link.add{ "inside", type="bridge" }
l, ls, port = link.get "br0", link.list(), link.get "v0"
text = "abc"
t = { alpha = 1, beta = { gamma = true, delta = print }, ["no name"] = 2, ["end"] = 3, 4 }
Class = { method = function() end, field = 1 }
Class.__index = Class
instance = setmetatable({ own = 1 }, Class)
touched = {}
poison = setmetatable({ seen = 1 }, {
  __index = function(_, k) touched[#touched + 1] = k error "touched" end,
  __newindex = function(_, k) touched[#touched + 1] = k error "touched" end,
  __call = function() touched[#touched + 1] = "call" error "touched" end,
  __tostring = function() touched[#touched + 1] = "tostring" error "touched" end,
  __len = function() touched[#touched + 1] = "len" error "touched" end,
})
poison2 = setmetatable({}, { __index = poison })
`

// cursor splits a line at its mark.
func cursor(t testing.TB, line string) (src string, pos int) {
	t.Helper()
	head, tail, ok := strings.Cut(line, "▮")
	if !ok {
		t.Fatalf("no cursor in %q", line)
	}
	return head + tail, len(head)
}

func TestShellComplete(t *testing.T) {
	s, _ := newShell(t, world)
	none := []string(nil)
	tests := []struct {
		name, line string
		want       []string // the line up to the cursor, completed
	}{
		{"modules and keywords", "br▮", []string{"break", "bridge"}},
		{"behind a statement", "x = 1; bridg▮", []string{"x = 1; bridge"}},
		{"in the middle", "bridg▮.link", []string{"bridge"}},
		{"module in a module", "bridge.li▮", []string{"bridge.link"}},
		{"function", "link.ad▮", []string{"link.add"}},
		{"all of a small module", "json.▮", []string{"json.decode", "json.encode"}},
		{"function of a module in a module", "bridge.link.li▮", []string{"bridge.link.list"}},
		{"through nl", "nl.lin▮", []string{"nl.link"}},
		{"deeper through nl", "nl.bridge.link.se▮", []string{"nl.bridge.link.set"}},
		{"global function", "inspe▮", []string{"inspect"}},
		{"of the interpreter", "tr▮", []string{"true", "try"}},
		{"keyword", "whi▮", []string{"while"}},
		{"user's global", "insta▮", []string{"instance"}},
		{"local of the entry", "local foobar = 1; print(foob▮", []string{"local foobar = 1; print(foobar"}},
		{"loop variable", "for key, value in pairs(t) do print(val▮", []string{"for key, value in pairs(t) do print(value"}},
		{"a local hides a module", `local link = link.get "br0"; link.▮`, none},
		{"nothing for nothing", "▮", none},
		{"after a value", "x = 5 ▮", none},
		{"number", "x = 1e▮", none},

		{"table", "t.▮", []string{"t.alpha", "t.beta"}},
		{"nested table", "t.beta.g▮", []string{"t.beta.gamma"}},
		{"callable members", "t.beta:▮", []string{"t.beta:delta"}},
		{"through __index tables", "instance.▮", []string{"instance.field", "instance.method", "instance.own"}},
		{"method through __index", "instance:▮", []string{"instance:method"}},
		{"standard library", "string.up▮", []string{"string.upper"}},
		{"method of a string", "text:up▮", []string{"text:upper"}},
		{"result of a call", "f().▮", none},
		{"behind concat", "text..tex▮", []string{"text..text"}},
		{"behind a label", "::top:: lin▮", []string{"::top:: link"}},
		{"poisoned", "poison.▮", []string{"poison.seen"}},
		{"poisoned key", "poison.other.▮", none},
		{"poisoned call", "poison{ ▮", none},
		{"poisoned string call", `poison "▮`, none},
		{"behind a poisoned", "poison2.s▮", []string{"poison2.seen"}},

		{"field of an object", "l.mt▮", []string{"l.mtu"}},
		{"field of the object's kind", "l.ageing▮", []string{"l.ageing_time"}},
		{"field of another kind", "port.ageing▮", none},
		{"group of an object", "port.bridge_slave.flo▮", []string{"port.bridge_slave.flood"}},
		{"methods", "l:re▮", []string{"l:refresh"}},
		{"fields of set", "l:set{ ageing▮", []string{"l:set{ ageing_time="}},
		{"methods of a list", "ls:▮", []string{"ls:filter", "ls:json", "ls:map"}},
		{"element of a list", "ls[1].▮", none},

		{"modules of a namespace", "h1.lin▮", []string{"h1.link"}},
		{"functions there", "h1.link.lis▮", []string{"h1.link.list"}},
		{"methods of a namespace", "h1:▮", []string{"h1:del", "h1:exec", "h1:ident", "h1:run"}},
		{"links there", `h1.link.get "i▮`, []string{`h1.link.get "inside"`}},
		{"options of a method there", `h1:exec{ "ls", che▮`, []string{`h1:exec{ "ls", check=`}},

		{"type", "link.add{ ty▮", []string{"link.add{ type="}},
		{"no field of a kind before the type", "link.add{ ageing▮", none},
		{"field of the type given", `link.add{ "b", type="bridge", ageing▮`, []string{`link.add{ "b", type="bridge", ageing_time=`}},
		{"field of another type", `link.add{ "b", type="veth", ageing▮`, none},
		{"not twice", `link.add{ "b", mtu=1500, mt▮`, none},
		{"kinds of events", `monitor.open{ "ro▮`, []string{`monitor.open{ "route"`}},
		{"a second kind of events", `monitor.open{ "link", "ro▮`, []string{`monitor.open{ "link", "route"`}},
		{"fields of the kind waited for", `monitor.wait{ "link", opers▮`, []string{`monitor.wait{ "link", operstate=`}},
		{"fields of no kind", `monitor.wait{ opers▮`, none},
		{"fields of the type waited for", `monitor.wait{ "link", type="bridge", ageing▮`, []string{`monitor.wait{ "link", type="bridge", ageing_time=`}},
		{"not the key given", `link.add{ "b", nam▮`, none},
		{"the key", `link.add{ nam▮`, []string{`link.add{ name=`}},
		{"over lines", "link.add{ \"b\",\n  type=\"bridge\",\n  ageing▮", []string{"link.add{ \"b\",\n  type=\"bridge\",\n  ageing_time="}},
		{"table behind a key", `link.add("b", { type="bridge", ageing▮`, []string{`link.add("b", { type="bridge", ageing_time=`}},
		{"one of a list", `link.add{ { "a" }, { "b", type="bridge", ageing▮`, []string{`link.add{ { "a" }, { "b", type="bridge", ageing_time=`}},
		{"members of a field", `link.add{ "a", type="veth", peer={ netn▮`, []string{`link.add{ "a", type="veth", peer={ netns=`}},
		{"members of a port", `link.set{ "v0", bridge_slave={ floo▮`, []string{`link.set{ "v0", bridge_slave={ flood=`}},
		{"a word", `link.add{ "b", type="bridge", vlan_protocol="▮`, []string{`link.add{ "b", type="bridge", vlan_protocol="802.1Q`, `link.add{ "b", type="bridge", vlan_protocol="802.1ad`}},
		{"a word without quotes", `link.add{ "b", type=ve▮`, none},
		{"the only word", `link.add{ "b", type="vet▮`, []string{`link.add{ "b", type="veth"`}},
		{"the only word before its quote", `link.add{ "b", type="vet▮" }`, []string{`link.add{ "b", type="veth`}},
		{"words in a list", `link.list{ type={ "bridge", "vet▮`, []string{`link.list{ type={ "bridge", "veth"`}},
		{"single quotes", `link.add{ "b", type='vet▮`, []string{`link.add{ "b", type='veth'`}},
		{"boolean", `link.set{ "v0", up=▮`, []string{`link.set{ "v0", up=false`, `link.set{ "v0", up=true`}},
		{"value of an expression", `link.set{ "v0", mtu=t.alp▮`, []string{`link.set{ "v0", mtu=t.alpha`}},
		{"comparison is no field", `print{ l.mtu == tex▮`, []string{`print{ l.mtu == text`}},

		{"links", `link.get "▮`, []string{`link.get "br0`, `link.get "lo`, `link.get "v0`, `link.get "v1`}},
		{"links in brackets", `link.get("b▮`, []string{`link.get("br0"`}},
		{"links without quotes", `link.get(▮`, []string{`link.get("br0"`, `link.get("lo"`, `link.get("v0"`, `link.get("v1"`}},
		{"a module called", `link "b▮`, []string{`link "br0"`}},
		{"links of set", `link.set{ "b▮`, []string{`link.set{ "br0"`}},
		{"a new link has a new name", `link.add{ "b▮`, none},
		{"master", `link.add{ "b", master="b▮`, []string{`link.add{ "b", master="br0"`}},
		{"master without quotes", `link.set{ "v1", master=▮`, []string{`link.set{ "v1", master="br0"`, `link.set{ "v1", master="lo"`, `link.set{ "v1", master="v0"`, `link.set{ "v1", master="v1"`}},
		{"dev by position", `addr.add("10.0.0.1/24", "b▮`, []string{`addr.add("10.0.0.1/24", "br0"`}},
		{"dev by position in a table", `addr.add{ "10.0.0.1/24", "b▮`, []string{`addr.add{ "10.0.0.1/24", "br0"`}},
		{"dev by name", `addr.list{ dev="b▮`, []string{`addr.list{ dev="br0"`}},
		{"dev of addr called", `addr "b▮`, []string{`addr "br0"`}},
		{"dev of a port", `bridge.link.set{ "v▮`, []string{`bridge.link.set{ "v0`, `bridge.link.set{ "v1`}},
		{"namespaces", `netns.use "▮`, []string{`netns.use "h1"`}},
		{"netns=", `link.set{ "v1", netns="▮`, []string{`link.set{ "v1", netns="h1"`}},
		{"netns= of a parameter", `net.ping{ "10.0.0.1", netns="▮`, []string{`net.ping{ "10.0.0.1", netns="h1"`}},
		{"netns= in a member", `link.add{ "a", type="veth", peer={ "b", netns="▮`, []string{`link.add{ "a", type="veth", peer={ "b", netns="h1"`}},
		{"a function as argument", "try(link.de▮", []string{"try(link.de" + "l"}},
		{"inside a function", `h1:run(function() link.set{ "v0", mt▮`, []string{`h1:run(function() link.set{ "v0", mtu=`}},
		{"help", `help "vet▮`, []string{`help "veth"`}},
		{"help of a function", `help(link.fin▮`, []string{`help(link.find`}},

		{"comment", "-- link.▮", none},
		{"long comment", "--[[ link.▮", none},
		{"long string", "x = [[ link.▮", none},
		{"string", `x = "link.▮`, none},
		{"bytes, not runes", `x = "ü€"; link.ad▮`, []string{`x = "ü€"; link.add`}},
		{"program", "!l▮", none},
		{"timed", ":time link.ad▮", []string{":time link.add"}},
		{"help on", ":help link.ad▮", []string{":help link.add"}},
		{"shown with =", "=link.ad▮", []string{"=link.add"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			src, pos := cursor(t, tc.line)
			cands, from := s.Complete(src, pos)
			var got []string
			for _, c := range cands {
				got = append(got, src[:from]+c.Text)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	t.Run("no code of the user ran", func(t *testing.T) {
		out, err := s.in.Eval(t.Context(), "#touched, touched[1]")
		if err != nil {
			t.Fatal(err)
		}
		if out[0].String() != "0" {
			t.Errorf("%v metamethods ran, the first for %v", out[0], out[1])
		}
	})
}

// TestShellCompleteDocs: what the user sees beside the candidates.
func TestShellCompleteDocs(t *testing.T) {
	s, _ := newShell(t, `function f() end`)
	tests := []struct {
		line string
		want Candidate
	}{
		{"netns.us▮", Candidate{"use", "function", "Makes a namespace the current one, in which unbound modules act: of the script from here on, or of the prompt"}},
		{"bridg▮", Candidate{"bridge", "module", "What belongs to bridges beside the links themselves"}},
		{`link.add{ type="bridge", ageing_▮`, Candidate{"ageing_time=", "u32", "how long an address is remembered, 30000 by default; 0 forgets at once"}},
		{"sys.exec{ chec▮", Candidate{"check=", "boolean", "false returns an exit code other than 0 instead of raising"}},
		{`link.get "l▮`, Candidate{`lo"`, "link", ""}},
		{"unti▮", Candidate{"until", "keyword", ""}},
		{"string.uppe▮", Candidate{"upper", "function", ""}},
	}
	for _, tc := range tests {
		t.Run(tc.line, func(t *testing.T) {
			src, pos := cursor(t, tc.line)
			cands, _ := s.Complete(src, pos)
			if d := cmp.Diff([]Candidate{tc.want}, cands); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestShellCompleteKinds: type= has all kinds that have fields.
func TestShellCompleteKinds(t *testing.T) {
	s, _ := newShell(t, "")
	src, pos := cursor(t, `link.add{ "x", type="▮`)
	cands, _ := s.Complete(src, pos)
	var got []string
	for _, c := range cands {
		got = append(got, c.Text)
	}
	if d := cmp.Diff(nlcore.LinkKinds(), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestShellCompleteFiles(t *testing.T) {
	s, _ := newShell(t, "")
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "lab"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.lua", "lab.lua", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name, typed string
		want        []Candidate
	}{
		{"all", "/", []Candidate{{dir + "/a.lua", "file", ""}, {dir + "/lab.lua", "file", ""}, {dir + "/lab/", "folder", ""}}},
		{"some", "/la", []Candidate{{dir + "/lab.lua", "file", ""}, {dir + "/lab/", "folder", ""}}},
		{"hidden", "/.", []Candidate{{dir + "/.hidden", "file", ""}}},
		{"no folder", "/none/x", nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			src := ":load " + dir + tc.typed
			got, from := s.Complete(src, len(src))
			if d := cmp.Diff(tc.want, got); d != "" || from != len(":load ") {
				t.Errorf("from %d (-want +got):\n%s", from, d)
			}
		})
	}
}

// FuzzShellComplete: whatever is typed, there is no panic, what is replaced ends at
// the cursor, and every candidate begins with it.
func FuzzShellComplete(f *testing.F) {
	for _, line := range []string{
		`link.add{ "b", type="bridge", ageing`, "t.beta:", "f(((", "}}}", `x = "`, "a.b.c{d={{", "::", "..", "local", "for a,", `link "`,
		":time x", ":load ", "!", "=", "\xff.\xff", "a\n.b", "--", "[==[", "link.add{ type=", "é.", "{,,;;}{(", `nl.nl.nl.`,
	} {
		f.Add(line, len(line))
	}
	// Workers share the names of namespaces.
	s, _ := newShell(f, strings.Replace(world, `netns.add "h1"`, "netns.add()", 1))
	f.Fuzz(func(t *testing.T, src string, pos int) {
		if pos < 0 || pos > len(src) || len(src) > 1000 {
			return
		}
		cands, from := s.Complete(src, pos)
		if from < 0 || from > pos {
			t.Fatalf("from %d, cursor at %d", from, pos)
		}
		if i := slices.IndexFunc(cands, func(c Candidate) bool { return !strings.HasPrefix(c.Text, src[from:pos]) }); i >= 0 {
			t.Fatalf("candidate %q does not begin with %q", cands[i].Text, src[from:pos])
		}
	})
}

// BenchmarkShellComplete is one TAB: it must not be felt, 10 ms are plenty.
func BenchmarkShellComplete(b *testing.B) {
	s, _ := newShell(b, "")
	for _, line := range []string{"l▮", `link.add{ "b", type="bridge", ageing▮`, `link.get "▮`, `help "▮`} {
		b.Run(line, func(b *testing.B) {
			src, pos := cursor(b, line)
			for b.Loop() {
				s.Complete(src, pos)
			}
		})
	}
}
