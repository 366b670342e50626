package decl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"
)

// ping is a function that is no verb of a class.
func ping() *Module {
	return &Module{Name: "net", Doc: "d", Since: "0.1", Funcs: []Func{{
		Name: "ping", Doc: "d", Since: "0.1", Example: "e",
		Params: []Param{
			{Name: "dst", Kind: Address, Doc: "d", Required: true, Pos: 1},
			{Name: "count", Kind: Integer, Doc: "d", Lo: 1, Hi: 10},
			{Name: "rate", Kind: Number, Doc: "d"},
			{Name: "timeout", Kind: Duration, Doc: "d"},
			{Name: "dev", Kind: Link, Doc: "d"},
			{Name: "netns", Kind: Netns, Doc: "d"},
			{Name: "quiet", Kind: Boolean, Doc: "d"},
			{Name: "mode", Kind: Word, Words: []string{"fast", "slow"}, Doc: "d"},
			{Name: "label", Kind: String, Doc: "d"},
			{Name: "each", Kind: Function, Doc: "d"},
		},
		Run: show,
	}, {
		Name: "exec", Doc: "d", Since: "0.1", Example: "e", Open: true,
		Params: []Param{{Name: "argv", Kind: String, Doc: "d", Rest: true, Pos: 1}, {Name: "opts", Kind: Table, Doc: "d"}},
		Run:    show,
	}}}
}

// show returns the arguments as text.
func show(c *Call) error {
	var l []string
	for _, p := range c.Func.Params {
		if v, ok := c.Args[p.Name]; ok {
			if _, isTable := v.(*glua.LTable); isTable {
				v = "table"
			}
			l = append(l, fmt.Sprintf("%s=%v(%T)", p.Name, v, v))
		}
	}
	if c.Extra != nil {
		for k, v := c.Extra.Next(glua.LNil); k != glua.LNil; k, v = c.Extra.Next(k) {
			l = append(l, fmt.Sprintf("+%v=%v", k, v))
		}
	}
	c.Return(glua.LString(strings.Join(l, " ")))
	return nil
}

func TestParams(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"bare", `print(net.ping "::1")`, "dst=::1(netip.Addr)\n"},
		{"table", `print(net.ping{ "::1", count=3, timeout="500ms" })`, "dst=::1(netip.Addr) count=3(int64) timeout=500ms(time.Duration)\n"},
		{"bare, then table", `print(net.ping("::1", { rate=0.5, quiet="on" }))`, "dst=::1(netip.Addr) rate=0.5(float64) quiet=true(bool)\n"},
		{"seconds", `print(net.ping{ "::1", timeout=1.5 })`, "dst=::1(netip.Addr) timeout=1.5s(time.Duration)\n"},
		{"references", `print(net.ping{ "::1", dev="eth0", netns="h1" })`, "dst=::1(netip.Addr) dev=eth0(val.LinkRef) netns=h1(val.NetnsRef)\n"},
		{"missing", `net.ping{}`, "! net ping: needs dst (address)\n"},
		{"unknown", `net.ping{ "::1", cuont=3 }`, `! net ping: unknown field "cuont"; did you mean "count"?` + "\n"},
		{"wrong address", `net.ping "x"`, `! net ping: dst wants an IP address, got "x"` + "\n"},
		{"out of bounds", `net.ping{ "::1", count=11 }`, "! net ping: count wants a whole number from 1 to 10, got 11\n"},
		{"a fraction", `net.ping{ "::1", count=1.5 }`, "! net ping: count wants a whole number from 1 to 10, got 1.5\n"},
		{"wrong word", `net.ping{ "::1", mode="x" }`, `! net ping: mode wants one of fast, slow, got "x"` + "\n"},
		{"wrong duration", `net.ping{ "::1", timeout="5 apples" }`, `! net ping: timeout wants seconds, or text such as "500ms", got "5 apples"` + "\n"},
		{"wrong boolean", `net.ping{ "::1", quiet=2 }`, "! net ping: quiet wants true or false, got 2\n"},
		{"wrong string", `net.ping{ "::1", label={} }`, "! net ping: label wants a string, got a table\n"},
		{"wrong function", `net.ping{ "::1", each=1 }`, "! net ping: each wants a function, got 1\n"},
		{"too many", `net.ping("::1", "x")`, `! net ping: takes one positional value, got also "x"` + "\n"},
		{"twice", `net.ping("::1", { dst="::2" })`, "! net ping: has dst both by position and by name\n"},
		{"rest", `print(net.exec{ "ls", "-l", color="x" })`, "argv=[ls -l]([]interface {}) +color=x\n"},
		{"rest positional", `print(net.exec("ls", "-l"))`, "argv=[ls -l]([]interface {})\n"},
		{"a table by name", `print(net.exec{ "ls", opts={} })`, "argv=[ls]([]interface {}) opts=table(string)\n"},
		{"calling the module", `print(pcall(net))`, "false attempt to call a table value\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			l.L.SetGlobal("net", Install(l.L, l.fakeHost, ping(), nil))
			if diff := cmp.Diff(tt.want, l.run(t, tt.src)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, diff)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	if err := ping().Check(); err != nil {
		t.Errorf("complete: %v", err)
	}
	m := ping()
	m.Doc, m.Funcs[0].Since, m.Funcs[0].Example, m.Funcs[0].Params[0].Doc, m.Funcs[0].Params[7].Words = "", "", "", "", nil
	m.Funcs = append(m.Funcs, m.Funcs[1])
	want := "module net: no doc\nnet.ping: no since\nnet.ping: no example\nnet.ping: dst has no doc\nnet.ping: mode has no words\nmodule net: exec is there twice"
	if diff := cmp.Diff(want, fmt.Sprint(m.Check())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestModuleOf(t *testing.T) {
	l := newLab(t)
	p := &Place{Name: "h1"}
	outer := &Module{Name: "bridge", Subs: []*Module{ping()}}
	tab := Install(l.L, l.fakeHost, outer, p)
	m, path, bound, ok := ModuleOf(tab.RawGetString("net"))
	if !ok || m != outer.Subs[0] || path != "bridge.net" || bound != p {
		t.Errorf("got %v %q %v %v", m, path, bound, ok)
	}
	if _, _, _, ok := ModuleOf(l.L.NewTable()); ok {
		t.Error("a plain table is a module")
	}
}

func TestSuggest(t *testing.T) {
	words := []string{"remote", "learning", "ageing_time", "mtu", "id", "dev"}
	tests := []struct{ word, want string }{
		{"remot", "remote"}, {"rmeote", "remote"}, {"aging_time", "ageing_time"}, {"mut", "mtu"}, {"lerning", "learning"},
		{"di", "id"}, {"xyzzy", ""}, {"learn", "learning"}, {"", ""}, {"device", "dev"},
	}
	for _, tt := range tests {
		if got := Suggest(tt.word, words); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.word, got, tt.want)
		}
	}
}
