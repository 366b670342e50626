package bindings_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// scripts are programs and what they print, in a world each.
type script struct{ name, src, want string }

func runScripts(t *testing.T, tests []script) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(strings.TrimLeft(tt.want, "\n"), newWorld(t).run(tt.src)); d != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, d)
			}
		})
	}
}

func TestNetns(t *testing.T) {
	self := os.Getpid()
	runScripts(t, []script{
		{"add brings lo up", `local h = netns.add "h1" print(h, h.name, h.path, h.link.get("lo").up)`,
			"h1 h1 /run/netns/h1 true\n"},
		{"add leaves lo down", `print(netns.add{ "h1", lo=false }.link.get("lo").up)`, "false\n"},
		{"add, key first", `print(netns.add("h1", { lo=false }).link.get("lo").up)`, "false\n"},
		{"add by name", `print(netns.add{ name="h1" })`, "h1\n"},
		{"add without a name", `local h = netns.add() print(h.name, #h.link.list(), #netns.list())`, "nil 1 0\n"},
		{"add a list", `local l = netns.add{ {"h1"}, {"h2", lo=false} } print(#l, l[1], l[2].link.get("lo").up)`, "2 h1 false\n"},
		{"add twice", `netns.add "h1" print(refused(function() netns.add "h1" end, "op", "object"))`,
			"netns add h1: exists already (EEXIST) netns add h1 true\n"},
		{"a list with failures", `netns.add "h2" print(refused(function() netns.add{ {"h1"}, {"h2"}, {"h3"} } end)) print(netns.list())`, `
netns add h2: exists already (EEXIST) (element 2; 1 of 3 failed) true
name  path
h1    /run/netns/h1
h2    /run/netns/h2
h3    /run/netns/h3
`},
		{"add with a wrong name", `netns.add "a/b"`, "! netns add: network namespace name \"a/b\": contains a slash or a zero byte: invalid argument\n"},
		{"add with a number", `netns.add(7)`, "! netns add: name wants a string, got 7\n"},
		{"add with an unknown field", `netns.add{ "h1", la=true }`, "! netns add: unknown field \"la\"; did you mean \"lo\"?\n"},
		{"add with a wrong lo", `netns.add{ "h1", lo="up" }`, "! netns add: lo wants true or false, got \"up\"\n"},
		{"add two names", `netns.add{ "h1", "h2" }`, "! netns add: takes one name; for several write netns.add{ {...}, {...} }\n"},
		{"add two arguments", `netns.add("h1", "h2")`, "! netns add: takes one name; for several write netns.add{ {...}, {...} }\n"},
		{"list form in a list", `netns.add{ {"h1"}, {"h2", x=1} }`, "! netns add: element 2: unknown field \"x\"\n"},

		{"get by name, path and object", `local h = netns.add "h1"
			print(netns.get "h1" == h, netns "h1" == h, netns "/run/netns/h1" == h, netns.get(h) == h, h == netns.add "h2")
			print(netns "/run/netns/h1".name)`, "true true true true false\nh1\n"},
		{"get by pid", fmt.Sprintf(`local h = netns.get(%d) print(h.name, h == netns "/proc/%d/ns/net", h == netns.add "h1")`, self, self), "nil true false\n"},
		{"get what is not", `print(refused(function() netns.get "h9" end, "object", "hint"))`,
			"netns get h9: no such namespace (ENOENT) h9  true\n"},
		{"get no process", `netns.get(4194304)`, "! netns get pid 4194304: no such process (ENOENT)\n"},
		{"get a plain file", `netns.get "/etc/passwd"`, "! netns get /etc/passwd: not a namespace file: invalid argument\n"},
		{"get another namespace", `netns.get "/proc/self/ns/uts"`, "! netns get /proc/self/ns/uts: not a network namespace: invalid argument\n"},
		{"get nothing", `netns.get()`, "! netns get: needs to know which: a name, process or path, or nsid\n"},
		{"call with a boolean", `netns(true)`, "! netns get: wants a name, a process id, a path or a namespace, got true\n"},
		{"call lists", `netns.add "b" netns.add "a" local l = netns() print(#l, l[1], l[2])`, "2 a b\n"},

		{"listed ones open when used", `netns.add "h1" local h = netns.list()[1] print(h == netns "h1", h.link.get("lo").name)`, "true lo\n"},
		{"list as JSON", `netns.add "h1" print(netns.list():json())`, "[{\"name\":\"h1\",\"path\":\"/run/netns/h1\"}]\n"},
		{"ident as a key", `local h = netns.add "h1" print(({ [h:ident()] = 1 })[netns("h1"):ident()], netns.add():ident() == h:ident())`, "1 false\n"},
		{"unknown field", `local h = netns.add "h1" print(h.rout)`, "! netns h1: no field \"rout\"; did you mean \"route\"?\n"},
		{"assigned field", `local h = netns.add "h1" h.name = "h2"`, "! netns h1: name is not set by assigning to it\n"},
		{"bound modules are kept", `local h = netns.add "h1" print(h.route == h.route, h.route == route)`, "true false\n"},
		{"metatable is hidden", `print(getmetatable(netns.add "h1"))`, "namespace\n"},

		{"use", `local before = netns.current() local h = netns.use(netns.add "h1") link.add{ "b0", type="bridge" }
			print(h, netns.current() == h, #link.list()) netns.use(before) print(#link.list(), #h.link.list())`, "h1 true 2\n1 2\n"},
		{"use by name", `netns.add "h1" netns.use "h1" print(netns.current())`, "h1\n"},
	})
}

func TestNetnsNumber(t *testing.T) {
	runScripts(t, []script{
		{"none", `print(netns.add("h1").nsid)`, "nil\n"},
		{"set", `local h = netns.add "h1" print(netns.set{ h, nsid=7 } == h, h.nsid, netns.get{ nsid=7 } == h, netns.get{ nsid=7 }.name)`, "true 7 true h1\n"},
		{"a free one", `local h = netns.set(netns.add "h1") print(h.nsid, netns.set("h1" and netns.add "h2").nsid)`, "0 1\n"},
		{"by a link", pair + `print(netns.get{ nsid=h1.link.get("e1").link_netnsid })`, "! netns get nsid 0: no network namespace has it here (ENOENT)\n"},
		{"by a link, from there", pair + `print(h1:run(function() return netns.get{ nsid=link.get("e1").link_netnsid } end), h1:run(function() return h2.nsid end), h2.nsid)`, "h2 0 nil\n"},
		{"of a listed one", `netns.set{ netns.add "h1", nsid=3 } print(netns.list()[1].nsid)`, "3\n"},
		{"seen by ip", `netns.add "h1" netns.set{ "h1", nsid=12 } print((sys.exec{ "ip", "netns", "list-id" }.stdout:gsub("%s+", " ")))`, "nsid 12 (iproute2 netns name: h1) \n"},
		{"twice", `netns.add "h1" netns.set{ "h1", nsid=1 } print(refused(function() netns.set{ "h1", nsid=2 } end, "object"))`, "netns set h1: nsid 2 is taken, or it has a number already (EEXIST) h1 true\n"},
		{"a taken one", `netns.add{ {"h1"}, {"h2"} } netns.set{ "h1", nsid=1 } netns.set{ "h2", nsid=1 }`, "! netns set h2: nsid 1 is taken, or it has a number already (EEXIST)\n"},
		{"unknown", `print(refused(function() netns.get{ nsid=5 } end, "object"))`, "netns get nsid 5: no network namespace has it here (ENOENT) nsid 5 true\n"},
		{"negative", `netns.get{ nsid=-1 }`, "! netns get: nsid wants a whole number from 0 to 2147483647, got -1\n"},
		{"name and number", `netns.add "h1" netns.get{ "h1", nsid=1 }`, "! netns get: needs to know which: a name, process or path, or nsid\n"},
	})
}

func TestNetnsRun(t *testing.T) {
	runScripts(t, []script{
		{"returns what f returns", `print(netns.add("h1"):run(function(a, b) return a, nil, b, netns.current() end, 1, 2))`, "1 nil 2 h1\n"},
		{"nothing", `print(select("#", netns.add("h1"):run(function() end)))`, "0\n"},
		{"unbound modules act inside", `local h, get = netns.add "h1", link.list
			h:run(function() link.add{ "b0", type="bridge" } end) print(#get(), h:run(function() return #get() end))`, "1 2\n"},
		{"nested", `local a, b = netns.add "a", netns.add "b" a:run(function() b:run(function() print(netns.current()) end) print(netns.current()) end) print(netns.current() == a)`,
			"b\na\nfalse\n"},
		{"errors pass and leave", `local h = netns.add "h1" local t = {}
			local ok, err = pcall(h.run, h, function() error(t) end) print(ok, err == t, netns.current() == h)`, "false true false\n"},
		{"no function", `netns.add("h1"):run(7)`, "! netns h1: run wants a function, got 7\n"},
		{"with a dot", `netns.add("h1").run(print)`, "! <string>:1: namespace run: write h:run(...), with a colon, where h is a namespace\n"},
		{"for programs", `print(netns.add("h1"):run(function() return sys.exec("ls /sys/class/net >/dev/null; readlink /proc/self/ns/net").stdout end) == netns("h1"):exec("readlink /proc/self/ns/net").stdout)`, "true\n"},
	})
}

func TestNetnsDel(t *testing.T) {
	runScripts(t, []script{
		{"by name", `netns.add "h1" netns.del "h1" print(#netns.list())`, "0\n"},
		{"by object", `local h = netns.add "h1" netns.del(h) print(#netns.list(), h.name)`, "0 h1\n"},
		{"by path", `netns.add "h1" netns.del "/run/netns/h1" print(#netns.list())`, "0\n"},
		{"by method", `local h = netns.add "h1" h:del() print(#netns.list())`, "0\n"},
		{"without a name", `local h = netns.add() h:del() h.link.list()`, "! namespace without a name was deleted\n"},
		{"a list", `netns.add{ {"h1"}, {"h2"} } netns.del(netns.list()) print(#netns.list())`, "0\n"},
		{"an empty list", `netns.del(netns.list()) print(#netns.list())`, "0\n"},
		{"what is not", `netns.del "h9"`, "! netns del h9: no such namespace (ENOENT)\n"},
		{"nothing", `netns.del()`, "! netns del: needs to know which: netns.del \"h1\"\n"},
		{"a process", `netns.del(1)`, "! netns del: wants a name or a namespace, got 1\n"},
		{"the current one", `netns.add "h1" netns.use "h1" netns.del "h1"`, "! netns del h1: it is the current namespace; netns.use another first\n"},
		{"the first one", `local first = netns.current() netns.use(netns.add "h1") local text = refused(function() first:del() end) print((text:gsub("%d+", "N")))`,
			"netns del net:[N]: nlsh itself runs in it\n"},
		{"twice", `local h = netns.add "h1" h:del() h:del()`, "! namespace h1 was deleted\n"},
		{"twice, as an argument", `local h = netns.add "h1" netns.del(h) print(refused(function() netns(h) end)) netns.del(h)`, "namespace h1 was deleted true\n! namespace h1 was deleted\n"},
		{"then its modules", `local h = netns.add "h1" local r = h.route h:del() r.list()`, "! namespace h1 was deleted\n"},
		{"then its objects", `local h = netns.add "h1" local lo = h.link.get "lo" h:del() print(lo.name) lo:refresh()`, "lo\n! namespace h1 was deleted\n"},
		{"then programs", `local h = netns.add "h1" h:del() h:exec{ "true" }`, "! namespace h1 was deleted\n"},
		{"then a program by name of the module", `local h = netns.add "h1" local x = h.sys.exec h:del() x{ "true" }`, "! namespace h1 was deleted\n"},
		{"then a program there", `local h = netns.add "h1" h:del() sys.exec{ "true", netns=h }`, "! namespace h1 was deleted\n"},
		{"then a setting", `local h = netns.add "h1" local s = h.sys.sysctl h:del() s "net.ipv4.ip_forward"`, "! namespace h1 was deleted\n"},
		{"then setting it", `local h = netns.add "h1" local s = h.sys.sysctl h:del() s{ ["net.ipv4.ip_forward"]=1 }`, "! namespace h1 was deleted\n"},
		{"then ping", `local h = netns.add "h1" local ping = h.net.ping h:del() ping "127.0.0.1"`, "! namespace h1 was deleted\n"},
		{"then ping there", `local h = netns.add "h1" h:del() net.ping{ "127.0.0.1", netns=h }`, "! namespace h1 was deleted\n"},
		{"then its number", `local h = netns.add "h1" h:del() print(h.nsid)`, "! namespace h1 was deleted\n"},
		{"then as a place for a link", `local h = netns.add "h1" h:del() link.add{ "v1", type="veth", peer={ "v2", netns=h } }`, "! link add v1: peer netns namespace h1 was deleted\n"},
		{"then get and use", `local h = netns.add "h1" h:del() print(refused(function() netns.get(h) end)) netns.use(h)`, "namespace h1 was deleted true\n! namespace h1 was deleted\n"},
		{"then run", `local h = netns.add "h1" h:del() h:run(print)`, "! namespace h1 was deleted\n"},
		{"can be caught", `local h = netns.add "h1" h:del() print(refused(function() h:run(print) end))`, "namespace h1 was deleted true\n"},
		{"another of that name", `local old = netns.add "h1" old:del() local new = netns.add "h1" print(old == new, #new.link.list(), netns "h1" == new)`, "false 1 true\n"},
		{"an unknown option", `netns.add("h1"):del{ kil=true }`, "! netns h1: del unknown field \"kil\"; did you mean \"kill\"?\n"},
	})
}

// TestNetnsDelKill starts a program that would run for ever.
func TestNetnsDelKill(t *testing.T) {
	w := newWorld(t)
	w.run(`netns.add "h1"`)
	ns, err := netns.Named("h1")
	if err != nil {
		t.Fatal(err)
	}
	defer ns.Close()
	cmd := exec.Command("sleep", "1000")
	if err := ns.Do(cmd.Start); err != nil {
		t.Fatal(err)
	}
	if got := w.run(`netns.del{ "h1", kill=true } print(#netns.list())`); got != "0\n" {
		t.Error(got)
	}
	if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Errorf("the program ended with %v", err)
	}
}

// TestNetnsStale deletes a name whose namespace is gone: a plain file.
func TestNetnsStale(t *testing.T) {
	w := newWorld(t)
	w.run(`netns.add "h1" netns.del "h1"`)
	if err := os.WriteFile(netns.Dir+"/old", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := w.run(`local l = netns.list() print(#l, l[1]) print(refused(function() return netns "old" end)) netns.del "old" print(#netns.list())`)
	want := "1 old\nnetns get old: a plain file, its namespace is gone; `ip netns delete old` removes it: invalid argument true\n0\n"
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestNetnsAgainstIP compares with what iproute2 sees.
func TestNetnsAgainstIP(t *testing.T) {
	w := newWorld(t)
	w.run(`netns.add{ {"h1"}, {"h2", lo=false} }`)
	var names []struct{ Name string }
	nstest.IPJSON(t, w.ns, &names, "netns", "list")
	if len(names) != 2 {
		t.Errorf("ip netns list: %v", names)
	}
	for name, want := range map[string]string{"h1": "UP", "h2": "DOWN"} {
		flags := nstest.IP(t, w.ns, "-n", name, "link", "show", "lo")
		if up := strings.Contains(flags, ",UP,") || strings.Contains(flags, ",UP>"); up != (want == "UP") {
			t.Errorf("lo of %s: %s", name, flags)
		}
	}
	nstest.IP(t, w.ns, "netns", "add", "h3")
	if got := w.run(`print(netns.get("h3").link.get("lo").up, #netns.list())`); got != "false 3\n" {
		t.Error(got)
	}
	w.run(`netns.get("h3"):del()`)
	if out := nstest.IP(t, w.ns, "netns", "list"); strings.Contains(out, "h3") {
		t.Errorf("ip netns list: %s", out)
	}
}

// TestNamespaceEntries holds that completion offers what a script can use.
func TestNamespaceEntries(t *testing.T) {
	w := newWorld(t)
	w.run(`h = netns.set(netns.add "h1")`)
	u, ok := w.L.GetGlobal("h").(*glua.LUserData)
	if !ok {
		t.Fatal("no namespace")
	}
	e, ok := u.Value.(decl.Entries)
	if !ok {
		t.Fatal("no entries")
	}
	if e.EntryPlace() == nil || e.EntryPlace().Name != "h1" {
		t.Errorf("acts in %v", e.EntryPlace())
	}
	for _, x := range e.Entries() {
		if x.Doc == "" {
			t.Errorf("%s has no doc", x.Name)
		}
		want := map[bool]string{true: "function\n", false: "string\n"}[x.Method]
		if x.Name == "nsid" {
			want = "number\n"
		}
		if x.Module != nil && !x.Method {
			want = "table\n"
		}
		if got := w.run("print(type(h." + x.Name + "))"); got != want {
			t.Errorf("%s is a %s", x.Name, got)
		}
		if (x.Func != nil) != (x.Name == "exec" || x.Name == "del") {
			t.Errorf("%s has function %v", x.Name, x.Func)
		}
	}
}
