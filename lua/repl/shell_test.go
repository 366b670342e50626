package repl

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// enter runs entries one after the other and returns what each showed, its
// error behind a "! ".
func enter(t *testing.T, s *Shell, out *bytes.Buffer, entries ...string) []string {
	t.Helper()
	var shown []string
	for _, e := range entries {
		out.Reset()
		if err := s.EvalPrint(t.Context(), e, out); err != nil {
			out.WriteString("! " + err.Error() + "\n")
		}
		shown = append(shown, out.String())
	}
	return shown
}

func TestEcho(t *testing.T) {
	tests := []struct {
		name    string
		entries []string
		want    string // what the last one shows
	}{
		{"number", []string{"1 + 1"}, "2\n"},
		{"text is quoted", []string{`"a\n" .. '"b"'`}, "\"a\\n\\\"b\\\"\"\n"},
		{"several values", []string{`1, "x", nil, true`}, "1\n\"x\"\nnil\ntrue\n"},
		{"no values", []string{"(function() end)()"}, ""},
		{"nil", []string{"nil"}, "nil\n"},
		{"statement", []string{"x = 5"}, ""},
		{"what it printed", []string{`print "a"`}, "a\n"},
		{"with =", []string{"x = 5", "=x"}, "5\n"},
		{"with = and more", []string{" = 1, 2"}, "1\n2\n"},
		{"return", []string{"return 7"}, "7\n"},
		{"comment", []string{"-- nothing"}, ""},
		{"last value", []string{"6 * 7", "_ + 1"}, "43\n"},
		{"first of several", []string{"1, 2", "_"}, "1\n"},
		{"nil is no last value", []string{"5", "nil", "_"}, "5\n"},
		{"a statement is no last value", []string{"5", "y = 1", "_"}, "5\n"},
		{"globals stay", []string{"g = 1", "g"}, "1\n"},
		{"locals do not, as in lua5.1", []string{"local here = 1", "here"}, "nil\n"},
		{"table", []string{`{ 1, a = { b = "x" } }`}, "{\n  1,\n  a = {\n    b = \"x\"\n  }\n}\n"},
		{"table in itself", []string{"r = {}", "r.r = r", "r"}, "{\n  r = <itself>\n}\n"},
		{"table with __tostring", []string{`setmetatable({}, { __tostring = function() return "me" end })`}, "me\n"},
		{"failing __tostring", []string{`setmetatable({}, { __tostring = function() error "no" end })`},
			"! stdin:1: no\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in function <stdin:1>\n\t[C]: ?\n"},
		{"builtin", []string{"link.add"}, "function link.add -- help(link.add)\n"},
		{"builtin of no module", []string{"inspect"}, "function inspect -- help(inspect)\n"},
		{"bigint", []string{`bigint "18446744073709551615"`}, "18446744073709551615\n"},
		{"a module alone is its list", []string{`netns.add{ {"h1"}, {"h2"} }`, "netns"}, "name  path\nh1    /run/netns/h1\nh2    /run/netns/h2\n"},
		{"it becomes the last value", []string{"link", "_[1].name"}, "\"lo\"\n"},
		{"a bound one too", []string{"here = netns.current()", "here.link", "#_"}, "1\n"},
		{"elsewhere it is a value", []string{"print(addr)"}, "module addr\n"},
		{"in a list of values too", []string{"addr, link"}, "module addr\nmodule link\n"},
		{"empty list", []string{`link.list{ type="bridge" }`}, "{}\n"},
		{"object", []string{`link.add{ "br0", type="bridge" }`, `link.get("br0").name, _.type`}, "\"br0\"\n\"bridge\"\n"},
		{"syntax error", []string{"x ="}, "! stdin:1: syntax error near '<eof>'\n"},
		{"error", []string{`error "no"`}, "! stdin:1: no\n"},
		{"error in a function", []string{`function f() error "no" end`, "f()"},
			"! stdin:1: no\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in function <stdin:1>\n\t(tail call): ?\n"},
		{"what the kernel refused", []string{`link.get "nope"`}, "! stdin:1: link get nope: no such device (ENODEV)\n"},
		{"a module is no variable", []string{"link = 1"}, "! stdin:1: cannot assign to 'link': it is a module; a local variable may have that name\n"},
		{"module without a list shows its help", []string{"json"}, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s, out := newShell(t, "")
			t.Cleanup(func() { deleteNames(t) })
			shown := enter(t, s, out, tc.entries...)
			want := tc.want
			if tc.entries[0] == "json" {
				help, err := s.Help("json")
				if err != nil || !strings.HasPrefix(help, "module json ") {
					t.Fatal(help, err)
				}
				want = help
			}
			if d := cmp.Diff(want, shown[len(shown)-1]); d != "" {
				t.Errorf("(-want +got):\n%s\nall: %q", d, shown)
			}
		})
	}
}

// TestEchoOfAnObject: all fields, as a table that Lua reads.
func TestEchoOfAnObject(t *testing.T) {
	s, out := newShell(t, `link.add{ "br0", type="bridge" }`)
	shown := enter(t, s, out, `link "br0"`)[0]
	back, err := s.in.Eval(t.Context(), "local t = "+shown+" return t.name, t.type, t.ageing_time")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{back[0].String(), back[1].String(), back[2].String()}
	if d := cmp.Diff([]string{"br0", "bridge", "30000"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestPrompt(t *testing.T) {
	s, out := newShell(t, `netns.add "h1" defer(function() netns.del "h1" end)`)
	before := s.Prompt()
	enter(t, s, out, `start = netns.current()`, `netns.use "h1"`)
	inside := s.Prompt()
	enter(t, s, out, `netns.use(start)`)
	if d := cmp.Diff([]string{"nlsh> ", "nlsh(h1)> ", "nlsh> "}, []string{before, inside, s.Prompt()}); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestShellIncomplete(t *testing.T) {
	tests := []struct {
		src  string
		want bool
	}{
		{"x = 1", false}, {"x =", true}, {"for i = 1, 2 do", true}, {"=1 +", true}, {"=1", false}, {"=", false},
		{"link.add{", true}, {"x = )", false}, {`x = "a`, false}, {"[[", true}, {"!for i in 1; do", false}, {"ip addr add", false}, {"1 +", true},
	}
	s, _ := newShell(t, "")
	for _, tc := range tests {
		t.Run(tc.src, func(t *testing.T) {
			if got := s.Incomplete(tc.src); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestExit(t *testing.T) {
	s, out := newShell(t, "")
	err := s.EvalPrint(t.Context(), "pcall(os.exit, 3)", out)
	var exit *Exit
	if !errors.As(err, &exit) || exit.Code != 3 {
		t.Errorf("got %v", err)
	}
}

// TestStopped: an entry ends with its context, and the shell goes on.
func TestStopped(t *testing.T) {
	s, out := newShell(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.EvalPrint(ctx, "while true do end", out); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if d := cmp.Diff([]string{"1\n"}, enter(t, s, out, "1")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestLoad: the script's globals stay, what it defers waits for the end of the
// prompt.
func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lua")
	script := "#!/usr/bin/env nlsh\nloaded = 1 defer(function() print 'deferred' end) print 'ran'"
	if err := os.WriteFile(path, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	s, out := newShell(t, "")
	if err := s.RunFile(t.Context(), path, out); err != nil {
		t.Fatal(err)
	}
	got := append([]string{out.String()}, enter(t, s, out, "loaded")...)
	if err := s.RunFile(t.Context(), path+"x", out); err == nil || !strings.Contains(err.Error(), "cannot open "+path+"x") {
		t.Errorf("got %v", err)
	}
	out.Reset()
	if err := s.in.Close(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"ran\n", "1\n", "deferred\n"}, append(got, out.String())); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestProgram: it runs in the current namespace with the streams given.
func TestProgram(t *testing.T) {
	tests := []struct {
		name, command, stdin string
		want, stderr, err    string
	}{
		{"namespace", "ip -o link show type bridge | cut -d: -f2", "", " inside\n", "", ""},
		{"streams", "cat; echo bad >&2", "in", "in", "bad\n", ""},
		{"exit code", "exit 3", "", "", "", "!exit 3: exit status 3"},
		{"nothing", "", "", "", "", "!: a command is required, as in !ip -br link"},
	}
	s, _ := newShell(t, `h = netns.add() h.link.add{ "inside", type="bridge" } netns.use(h)`)
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			message := ""
			if err := s.RunProgram(t.Context(), tc.command, strings.NewReader(tc.stdin), &out, &errs); err != nil {
				message = err.Error()
			}
			if d := cmp.Diff([]string{tc.want, tc.stderr, tc.err}, []string{out.String(), errs.String(), message}); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestProgramEntry: a prompt without a terminal hands "!" to its interpreter.
func TestProgramEntry(t *testing.T) {
	s, _ := newShell(t, "")
	var out bytes.Buffer
	err := Run(t.Context(), s, Options{Stdin: strings.NewReader("!echo $((6*7))\n :help jso\n"), Stdout: &out})
	want := "nlsh> 42\nnlsh> help: no help on \"jso\"; did you mean \"json\"?\nnlsh> "
	if d := cmp.Diff(want, strings.TrimSuffix(out.String(), "\n")); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

// deleteNames deletes the namespaces that a test left.
func deleteNames(t *testing.T) {
	t.Helper()
	names, err := netns.Names()
	for _, name := range names {
		err = errors.Join(err, netns.DeleteNamed(name))
	}
	if err != nil {
		t.Error(err)
	}
}

// needOption skips an example that the kernel refused where it is built
// without what the topic is about.
func needOption(t *testing.T, topic string, refusal error) {
	t.Helper()
	options := map[string]string{"dummy": "CONFIG_DUMMY", "vlan": "CONFIG_VLAN_8021Q", "xfrm": "CONFIG_INET_ESP"}
	word, _, _ := strings.Cut(topic, ".")
	f := nstest.Feature{Name: word, Config: options[word], Probe: func(testing.TB, *netns.NS) error { return refusal }}
	f.Need(t)
}

// TestHelpExamples runs all code that help shows, each in a namespace of its
// own; those that only read share one, since making 200 takes 20 s.
func TestHelpExamples(t *testing.T) {
	shared, _ := newShell(t, "")
	for _, e := range shared.in.Catalog().Examples() {
		t.Run(e.Topic, func(t *testing.T) {
			s := shared
			if strings.HasPrefix(e.Topic, "test.") {
				return // for nlsh test; tests/lua runs it
			}
			if !strings.HasPrefix(e.Code, "for x in ") {
				s, _ = newShell(t, "")
				t.Cleanup(func() { deleteNames(t) })
			}
			err := s.in.Run(t.Context(), e.Topic, e.Code)
			if errors.Is(err, syscall.EACCES) {
				nstest.NeedTun(t)
			}
			if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.EPROTONOSUPPORT) || errors.Is(err, syscall.ENOSYS) {
				needOption(t, e.Topic, err)
			}
			if err != nil {
				t.Errorf("%v in\n%s", err, e.Code)
			}
		})
	}
}

// TestHelpFunction: help(x) for the values that a script has.
func TestHelpFunction(t *testing.T) {
	s, out := newShell(t, `function mine() end`)
	topic := func(name string) string {
		text, err := s.Help(name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	tests := []struct{ entry, want string }{
		{"help()", topic("")},
		{"help(link)", topic("link")},
		{"help(link.add)", topic("link.add")},
		{"help(netns.current().link.add)", topic("link.add")},
		{"help(nl.bridge.link.set)", topic("bridge.link.set")},
		{`help "bridge"`, topic("bridge")},
		{"help(try)", topic("try")},
		{"help(help)", topic("help")},
		{"help(mine)", "! stdin:1: help: this function is the script's own, from stdin:1\n"},
		{"help(print)", "! stdin:1: help: this function is one of Lua's own: see the Lua 5.1 manual\n"},
		{"help(vxlan)", "! stdin:1: help: got nil; a name stands in quotes, as in help \"vxlan\"\n"},
		{"help(5)", "! stdin:1: help: no help on a number; a name stands in quotes, as in help \"vxlan\"\n"},
		{`help "lnk"`, "! stdin:1: help: no help on \"lnk\"; did you mean \"link\"?\n"},
	}
	for _, tc := range tests {
		t.Run(tc.entry, func(t *testing.T) {
			if d := cmp.Diff(tc.want, enter(t, s, out, tc.entry)[0]); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
