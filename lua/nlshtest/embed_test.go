package nlshtest_test

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/lua"
	"nlsh/lua/nlshtest"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// newInterp is an interpreter in a namespace of its own.
func newInterp(t *testing.T, o lua.Options) *lua.Interp {
	t.Helper()
	o.Netns = nstest.NewNS(t)
	in, err := lua.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

// TestErrorsAreGo holds that an error of the kernel comes through a script as
// the Go error that it was.
func TestErrorsAreGo(t *testing.T) {
	type facts struct {
		Is               syscall.Errno
		Op, Object, Text string
		Line             int
	}
	for _, c := range []struct {
		name, src string
		want      facts
	}{
		{"one change", "\nlink.add{ 'lo', type='bridge' }", facts{syscall.EEXIST, "link add", "lo", "t.lua:2: link add lo: file exists (EEXIST)", 2}},
		{"a change in Lua's pcall", "local ok, err = pcall(link.del, 'no0')\n\nerror(err)", facts{syscall.ENODEV, "link del", "no0", "link del no0: there is no link no0 (ENODEV)", 1}},
		{"in another namespace", "local h = netns.add() h:run(function()\n link.get 'no0' end)", facts{syscall.ENODEV, "link get", "no0", "t.lua:2: link get no0: no such device (ENODEV)", 2}},
		{"from a function that Lua called", "table.sort({ 2, 1 }, function()\n link.get 'no0' end)", facts{syscall.ENODEV, "link get", "no0", "t.lua:2: link get no0: no such device (ENODEV)", 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := newInterp(t, lua.Options{}).Run(t.Context(), "t.lua", c.src)
			var kernel *nlcore.Error
			var at *lua.Error
			if !errors.As(err, &kernel) || !errors.As(err, &at) {
				t.Fatalf("%v is %T", err, err)
			}
			got := facts{Op: kernel.Op, Object: kernel.Object, Text: err.Error(), Line: at.Line}
			if errors.Is(err, c.want.Is) && !errors.Is(err, syscall.EBADF) {
				got.Is = c.want.Is
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%v, -want +got:\n%s", err, d)
			}
		})
	}
}

// TestOwnModuleInANamespace holds that a namespace carries the embedding
// program's modules, and that they act there.
func TestOwnModuleInANamespace(t *testing.T) {
	where := &decl.Module{Name: "where", Doc: "Where this is.", Funcs: []decl.Func{{
		Name: "name", Doc: "The name of the namespace.", Returns: "the name",
		Run: func(c *decl.Call) error {
			p, err := c.Place()
			if err != nil {
				return err
			}
			c.Return(glua.LString(p.Name))
			return nil
		},
	}}}
	lab := nlshtest.Run(t, "testdata/lab.lua", nlshtest.With(func(o *lua.Options) { o.Modules = []*decl.Module{where} }))
	got := lab.Eval(t, `netns.get("h1").where.name(), where.name(), netns.get("h2"):run(where.name)`)
	if d := cmp.Diff([]string{"h1", "", "h2"}, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}

func TestStringBytesBoundsPrograms(t *testing.T) {
	in := newInterp(t, lua.Options{StringBytes: 1000})
	_, err := in.Eval(t.Context(), `#sys.exec("head -c 1000 /dev/zero").stdout, sys.exec("head -c 1001 /dev/zero")`)
	if want := "eval:1: sys exec head -c 1001 /dev/zero: killed: it printed more than 1000 bytes"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestPrivateNames holds what scripts see of private names where it differs
// from those of ip netns, and where it does not.
func TestPrivateNames(t *testing.T) {
	public, err := netns.NewNamed("public")
	if err != nil {
		t.Fatal(err)
	}
	defer netns.DeleteNamed("public")
	defer public.Close()
	in := newInterp(t, lua.Options{PrivateNetns: true})
	for _, c := range []struct{ name, src, want string }{
		{"others' names", `return #netns.list(), select(2, try(netns.get, "public")).errno, pcall(netns.del, "public")`,
			"0 ENOENT false netns del public: no such namespace (ENOENT)"},
		{"a name is free that others have", `local h = netns.add "public" local n = netns.list()[1].name h:del() return n, #netns.list()`, "public 0"},
		{"a name twice", `netns.add "h1" return pcall(netns.add, "h1")`, "false netns add h1: exists already (EEXIST)"},
		{"a bad name", `return pcall(netns.add, "a/b")`, `false netns add: network namespace name "a/b": contains a slash or a zero byte: invalid argument`},
		{"a path", `local h = netns.get "h1" return netns.get(h.path) == h, netns.get "/run/netns/h1" == h, h.name`, "true true h1"},
		{"a path for a program", `return sys.exec{ "nsenter", "--net=" .. netns.get("h1").path, "true" }.code`, "0"},
		{"links by name", `link.add{ "v0", type="veth", peer={ "v1", netns="h1" } } link.set{ "v0", netns="h1" }
			return #netns.get("h1").link.list{ type="veth" }, link.find "v0"`, "2 nil"},
		{"an unknown name", `return pcall(link.add, { "v0", type="veth", peer={ "v1", netns="public" } })`,
			`false link add v0: peer.netns is no namespace of this interpreter: "public"; netns.list() has them`},
		{"another module", `return try(net.ping, { "127.0.0.1", netns="h1" }).received`, "1"},
		{"by number", `return netns.get{ nsid=netns.get("h1").nsid }.name`, "h1"},
		{"devices for a program", `return netns.get("h1"):exec("ls -d /sys/class/net/v*")`, "/sys/class/net/v0\n/sys/class/net/v1\n"},
		{"a deleted one", `local h = netns.get "h1" netns.del "h1" return pcall(function() return h.link end)`, "false t:1: namespace h1 was deleted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			values, err := in.EvalNamed(t.Context(), "=t", c.src)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for i, v := range values {
				s, err := in.Call(t.Context(), in.L.GetGlobal("tostring"), v)
				if err != nil {
					t.Fatal(err)
				}
				if i > 0 {
					got += " "
				}
				got += s[0].String()
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
	if _, err := in.OpenNetns("public"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("OpenNetns of another's name: %v", err)
	}
}
