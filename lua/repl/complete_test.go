package repl

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tabbed is an edit as a test writes it: the cursor is "|".
type tabbed struct {
	Line string
	List []string
}

func TestComplete(t *testing.T) {
	table, err := commandTable(&fakeInterp{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, before, line string
		want               tabbed
	}{
		{"the only one", "", "ne|", tabbed{Line: "netns|"}},
		{"what all begin with", "", "l|", tabbed{Line: "link.|"}},
		{"nothing new is listed", "", "link.|", tabbed{"link.|", []string{"link.add", "link.addrs", "link.del"}}},
		{"in the middle", "", "print(ne|) -- x", tabbed{Line: "print(netns|) -- x"}},
		{"the case is corrected", "", "NET|", tabbed{Line: "netns|"}},
		{"the case of several is left", "", "LINK|", tabbed{"LINK|", []string{"link.add", "link.addrs", "link.del"}}},
		{"runes of several bytes", "", "é grö| é", tabbed{Line: "é größe| é"}},
		{"complete already shows its doc", "", "netns|", tabbed{"netns|", []string{"netns"}}},
		{"complete already without a doc", "", "größe|", tabbed{Line: "größe|"}},
		{"none", "", "zz|", tabbed{Line: "zz|"}},
		{"after a stand-in", "", "x⏎\U0010ffff\U0010fffe ne|", tabbed{Line: "x⏎\U0010ffff\U0010fffe netns|"}},
		{"a later line", "do é\n", "ne|", tabbed{Line: "netns|"}},
		{"a blank later line is indented", "do\n", "  |end", tabbed{Line: "    |end"}},
		{"it would change the line before", "do ne", "|", tabbed{Line: "  |"}},
		{"a word begun on the line before", "do link.", "a|", tabbed{Line: "a|"}},
		{"a command", "", ":h|", tabbed{Line: ":help|"}},
		{"commands", "", ":|", tabbed{":|", []string{":help", ":load", ":quit", ":time"}}},
		{"after a command", "", ":time ne|", tabbed{Line: ":time netns|"}},
		{"no command on a later line", "do\n", "x :h|", tabbed{Line: "x :h|"}},
	}
	tab := newCompleter(&fakeInterp{}, table)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			left, right, _ := strings.Cut(tt.line, "|")
			e := tab(tt.before, []rune(left+right), len([]rune(left)))
			got := tabbed{Line: string(e.line[:e.pos]) + "|" + string(e.line[e.pos:])}
			for _, c := range e.list {
				got.List = append(got.List, c.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("edit (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCandidateRows(t *testing.T) {
	var many []Candidate
	for i := range 30 {
		many = append(many, Candidate{Text: fmt.Sprintf("name%02d", i), Doc: "doc"})
	}
	tests := []struct {
		name          string
		cands         []Candidate
		width, height int
		want          []string
	}{
		{"few with docs", fakeWords[2:5], 80, 10, []string{
			"link.del  function  remove a link",
			"netns     module    namespaces",
			"größe     field"}},
		{"cut to the width", fakeWords[2:4], 24, 10, []string{
			"link.del  function  r..",
			"netns     module    n.."}},
		{"few without docs", []Candidate{{Text: "a"}, {Text: "bb"}, {Text: "c"}}, 80, 10, []string{"a   bb  c"}},
		{"columns", many[:10], 25, 4, []string{
			"name00  name04  name08",
			"name01  name05  name09",
			"name02  name06",
			"name03  name07"}},
		{"too many", many, 17, 3, []string{
			"name00  name02",
			"name01  name03",
			"... and 26 more"}},
		{"wider than the screen", []Candidate{{Text: "abcdefghij"}, {Text: "b"}}, 6, 9, []string{"abc..", "b"}},
		{"control characters", []Candidate{{Text: "a\x1b[31m", Doc: "b\nc"}, {Text: "漢"}}, 80, 9, []string{"a?[31m  b?c", "漢"}},
		{"no room at all", many[:5], 1, 0, []string{".", "."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := candidateRows(tt.cands, tt.width, tt.height)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommandTable(t *testing.T) {
	run := func(context.Context, *Call) error { return nil }
	names := func(in Interp, added ...Command) string {
		table, err := commandTable(in, added)
		if err != nil {
			return err.Error()
		}
		var out []string
		for _, c := range table {
			out = append(out, c.Name+c.Usage)
		}
		return strings.Join(out, " ")
	}
	var noFiles struct{ Interp }
	tests := []struct{ name, got, want string }{
		{"builtins", names(&fakeInterp{}), "help[TOPIC] loadFILE quit timeCODE"},
		{"no files", names(noFiles), "help[TOPIC] quit timeCODE"},
		{"one more", names(noFiles, Command{Name: "save", Run: run}), "help[TOPIC] quit save timeCODE"},
		{"one replaced", names(noFiles, Command{Name: "help", Usage: "X", Run: run}), "helpX quit timeCODE"},
		{"bad name", names(noFiles, Command{Name: "a b", Run: run}), `repl: command "a b": the name must be letters`},
		{"no Run", names(noFiles, Command{Name: "a"}), `repl: command "a": Run is required`},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestParseCommand(t *testing.T) {
	type parsed struct {
		Name, Arg string
		OK        bool
	}
	tests := map[string]parsed{
		":time x":       {"time", "x", true},
		"  :load  a b ": {"load", "a b", true},
		":time\nx":      {"time", "x", true},
		":q":            {"q", "", true},
		"::label::":     {},
		":":             {},
		": time":        {},
		":a.b":          {},
		"x:y()":         {},
	}
	for entry, want := range tests {
		var got parsed
		got.Name, got.Arg, got.OK = parseCommand(entry)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", entry, diff)
		}
	}
}

func TestFindCommand(t *testing.T) {
	table := []Command{{Name: "save"}, {Name: "saveall"}, {Name: "time"}, {Name: "trace"}}
	tests := map[string]string{
		"save": "save", "savea": "saveall", "ti": "time",
		"t": "command :t is one of :time, :trace",
		"x": "no command :x; :help lists them",
	}
	for name, want := range tests {
		c, err := findCommand(table, name)
		got := c.Name
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
