package docgen_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/bindings"
	"nlsh/bindings/decl"
	"nlsh/bindings/docgen"
)

func everything() *docgen.Catalog {
	c := &docgen.Catalog{Modules: bindings.Modules(), Functions: bindings.Globals()}
	c.Functions = append(c.Functions, docgen.HelpFunc(func() *docgen.Catalog { return c }))
	return c
}

// TestEveryTopic: whatever is declared has a text, with its doc and an example.
func TestEveryTopic(t *testing.T) {
	c := everything()
	for _, topic := range c.Topics() {
		text, err := c.Help(topic)
		if err != nil {
			t.Errorf("%s: %v", topic, err)
			continue
		}
		_, code, ok := strings.Cut(text, "\nExample\n")
		if !ok || strings.TrimSpace(code) == "" {
			t.Errorf("%s: no example in\n%s", topic, text)
		}
		for _, line := range strings.Split(strings.Split(text, "\nExample\n")[0], "\n") {
			if len([]rune(line)) > 78 {
				t.Errorf("%s: a line of %d columns: %s", topic, len([]rune(line)), line)
			}
		}
	}
}

// TestEveryFieldIsExplained: the comment of a field's Go field is found.
func TestEveryFieldIsExplained(t *testing.T) {
	c := everything()
	for _, m := range c.Modules {
		for _, m := range append([]*decl.Module{m}, m.Subs...) {
			list := m.FieldList(nil, "")
			for i := range list {
				if list[i].Field != "" && c.FieldDoc(&list[i], list) == "" {
					t.Errorf("%s.%s: no comment at %s", m.Name, list[i].Name, list[i].Field)
				}
			}
		}
	}
}

// small is a catalog whose text can be read whole.
func small() *docgen.Catalog {
	ping := decl.Func{
		Name: "ping", Doc: "Asks a host. Waits for the answer.", Since: "0.1", Example: "net.ping \"10.0.0.1\"", Returns: "the time",
		Params: []decl.Param{
			{Name: "dst", Kind: decl.Address, Pos: 1, Required: true, Doc: "whom"},
			{Name: "count", Kind: decl.Integer, Lo: 1, Hi: 9, Default: "3", Doc: "how often"},
			{Name: "how", Kind: decl.Word, Words: []string{"raw", "dgram"}, Doc: "the socket"},
		},
	}
	return &docgen.Catalog{
		Modules: []*decl.Module{{
			Name: "net", Doc: "What goes over the network. Nothing leaves.", Since: "0.1", Funcs: []decl.Func{ping},
			Subs: []*decl.Module{{Name: "sub", Doc: "Below.", Since: "0.2"}},
		}},
		Functions: []*decl.Func{{Name: "try", Doc: "Calls.", Since: "0.1", Example: "\ntry(print)\n", Params: []decl.Param{
			{Name: "f", Kind: decl.Function, Pos: 1, Doc: "what"},
			{Name: "args", Kind: decl.Any, Pos: 2, Rest: true, Doc: "with what"},
		}}},
	}
}

const pingText = `net.ping{ dst, count=, how= }                                        since 0.1

Asks a host. Waits for the answer.

Returns the time.

Parameters
  dst    address         whom (required)
  count  integer 1 to 9  how often (default: 3)
  how    raw | dgram     the socket

Example
  net.ping "10.0.0.1"
`

const netText = `module net                                                           since 0.1

What goes over the network. Nothing leaves.

Functions
  net.ping  Asks a host.

Modules in it
  net.sub  Below.

Example
  net.ping "10.0.0.1"
`

func TestHelp(t *testing.T) {
	tests := []struct {
		name, topic, want, err string
	}{
		{"function", "net.ping", pingText, ""},
		{"function with blanks", " net  ping ", pingText, ""},
		{"through nl", "nl.net.ping", pingText, ""},
		{"module", "net", netText, ""},
		{"global function", "try", `try(f, ...)                                                          since 0.1

Calls.

Parameters
  f     function  what
  args  any       with what

Example
  try(print)
`, ""},
		{"nearly", "net.pin", "", `no help on "net.pin"; did you mean "net.ping"?`},
		{"nothing like it", "quantum", "", `no help on "quantum"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, err := small().Help(tc.topic)
			message := ""
			if err != nil {
				message = err.Error()
			}
			if d := cmp.Diff([]string{tc.want, tc.err}, []string{got, message}); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestFieldsAreFound: a field is found by its word, a synonym, and with its
// module or kind before it.
func TestFieldsAreFound(t *testing.T) {
	tests := []struct {
		topic string
		want  []string // first lines of the sections
	}{
		{"ageing_time", []string{`field ageing_time of link type="bridge"`}},
		{"bridge.ageing_time", []string{`field ageing_time of link type="bridge"`}},
		{"link.mtu", []string{"field mtu of link"}},
		{"link.lladdr", []string{"field address of link"}},
		{"veth.peer", []string{`field peer of link type="veth"`}},
	}
	for _, tc := range tests {
		t.Run(tc.topic, func(t *testing.T) {
			text, err := everything().Help(tc.topic)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "field ") {
					got = append(got, line)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
