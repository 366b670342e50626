package nlshtest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/lua"
	"nlsh/lua/nlshtest"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// Not nlshtest.Main, which does not look for what the tests left; that one is
// run by tests/embed.
func TestMain(m *testing.M) { nstest.Main(m) }

// TestLab is the use that lua-api.md shows: several labs of one script at once.
func TestLab(t *testing.T) {
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			lab := nlshtest.Run(t, "testdata/lab.lua")
			h1, h3 := lab.Netns("h1"), lab.Netns("h3")
			link, err := h1.Handle().LinkByName(ctx, "eth0")
			if err != nil {
				t.Fatal(err)
			}
			if a := link.Attrs(); a.Name != "eth0" || link.Kind() != "veth" {
				t.Errorf("got %s of type %s", a.Name, link.Kind())
			}
			l, err := h3.Listen(ctx, "tcp", "10.0.0.4:80")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			served := make(chan error, 1)
			go func() {
				c, err := l.Accept()
				if err == nil {
					_, err = fmt.Fprintf(c, "you are %s\n", c.RemoteAddr().(*net.TCPAddr).IP)
					c.Close()
				}
				served <- err
			}()
			c, err := h1.Dial(ctx, "tcp", "10.0.0.4:80")
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			line, err := bufio.NewReader(c).ReadString('\n')
			if err := errors.Join(err, <-served); err != nil {
				t.Fatal(err)
			}
			if line != "you are 10.0.0.2\n" {
				t.Errorf("the server said %q", line)
			}
			lab.Eval(t, `expect.ping{ "10.0.0.4", netns="h1" }`)
		})
	}
}

func TestLabsDoNotSeeEachOther(t *testing.T) {
	a, b := nlshtest.Run(t, "testdata/lab.lua"), nlshtest.Run(t, "testdata/lab.lua")
	if a.Netns("h1").NS().ID() == b.Netns("h1").NS().ID() {
		t.Error("h1 is the same namespace in both")
	}
	a.Eval(t, `netns.del "h2"; netns.add "only here"`)
	got := [][]string{a.Eval(t, "#netns.list(), netns.get('only here').name"), b.Eval(t, "#netns.list(), pcall(netns.get, 'only here')")}
	want := [][]string{{"3", "only here"}, {"3", "false", "netns get only here: no such namespace (ENOENT)"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-want +got:\n", d)
	}
	names, err := netns.Names()
	if err != nil || len(names) > 0 {
		t.Errorf("names for everybody: %q, %v", names, err)
	}
}

func TestNetns(t *testing.T) {
	ctx := t.Context()
	lab := nlshtest.Run(t, "testdata/lab.lua")
	home, h1, h2 := lab.Netns(""), lab.Netns("h1"), lab.Netns("h2")
	for name, n := range map[string]*nlshtest.Netns{"": home, "h1": h1} {
		var inside *netns.NS
		err := n.Do(func() (err error) {
			inside, err = netns.Current()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if inside.ID() != n.NS().ID() || n.Name() != name || lab.Netns(name) != n {
			t.Errorf("%q: Do ran elsewhere, or the name is %q", name, n.Name())
		}
		inside.Close()
	}
	told := errors.New("told")
	if err := h1.Do(func() error { return told }); err != told {
		t.Errorf("Do returned %v", err)
	}
	// A datagram from h1 to h2 over link-local addresses, whose zone is a link
	// that exists in many namespaces with different indexes.
	ll := lab.Eval(t, `(function()
		local h1, h2 = netns.get "h1", netns.get "h2"
		h1.link.add{ "d0", type="bridge" }
		h1.link.add{ "x0", type="veth", up=true, peer={ "x0", netns=h2, up=true } }
		h1.addr.add{ "fe80::1/64", "x0", nodad=true }
		h2.addr.add{ "fe80::2/64", "x0", nodad=true }
		return h1.link.get("x0").index ~= h2.link.get("x0").index
	end)()`)
	if d := cmp.Diff([]string{"true"}, ll); d != "" {
		t.Fatal("the indexes are equal, so that the test shows nothing")
	}
	pc, err := h2.ListenPacket(ctx, "udp", "[fe80::2%x0]:7")
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	c, err := h1.Dial(ctx, "udp", "[fe80::2%x0]:7")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "hello"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 9)
	n, from, err := pc.ReadFrom(b)
	if err != nil || string(b[:n]) != "hello" || !from.(*net.UDPAddr).IP.Equal(net.ParseIP("fe80::1")) {
		t.Errorf("%q from %v, %v", b[:n], from, err)
	}
}

func TestAddressErrors(t *testing.T) {
	lab := nlshtest.Run(t, "testdata/lab.lua")
	h1 := lab.Netns("h1")
	for _, c := range []struct{ name, network, address, want string }{
		{"a host name", "tcp", "localhost:80", "tcp localhost:80: wants an IP address, not a name, inside a namespace"},
		{"no port", "udp", "10.0.0.1", "address 10.0.0.1: missing port in address"},
		{"an unknown zone", "tcp", "[fe80::1%no0]:80", "tcp [fe80::1%no0]:80: link get no0: no such device (ENODEV)"},
		{"nobody listens", "tcp", "10.0.0.2:9", "dial tcp 10.0.0.2:9: connect: connection refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := h1.Dial(t.Context(), c.network, c.address)
			if err == nil {
				conn.Close()
				t.Fatal("connected")
			}
			if d := cmp.Diff(c.want, err.Error()); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h1.Dial(ctx, "tcp", "10.0.0.9:80"); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

func TestOptionsAndClose(t *testing.T) {
	var out printed
	lab := nlshtest.Run(t, "testdata/lab.lua", nlshtest.Args("x"), nlshtest.With(func(o *lua.Options) { o.Stdout = &out }))
	if d := cmp.Diff([]string{"nil"}, lab.Eval(t, "closed")); d != "" {
		t.Error("what was deferred has run, -want +got:\n", d)
	}
	if err := errors.Join(lab.Close(), lab.Close()); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff(printed("lab is closed, x\n"), out); d != "" {
		t.Error("-want +got:\n", d)
	}
	if _, err := os.Stat("/run/netns/h1"); err == nil {
		t.Error("/run/netns/h1 exists")
	}
}

type printed string

func (p *printed) Write(b []byte) (int, error) {
	*p += printed(b)
	return len(b), nil
}
