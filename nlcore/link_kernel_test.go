package nlcore_test

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// newHandle is a Handle in a fresh namespace.
func newHandle(t testing.TB) (*nlcore.Handle, *netns.NS) {
	t.Helper()
	ns := nstest.NewNS(t)
	return handleAt(t, ns), ns
}

func handleAt(t testing.TB, ns *netns.NS) *nlcore.Handle {
	t.Helper()
	h, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLinkAddErrors(t *testing.T) {
	h, _ := newHandle(t)
	ctx := context.Background()
	br := func(name string) *nlcore.Bridge {
		return &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: name}}
	}
	must(t, h.LinkAdd(ctx, br("br0")))
	wide := br("br9")
	wide.MTU = val.U32(1 << 31)
	tests := []struct {
		name, want string
		link       nlcore.Link
		errno      syscall.Errno
	}{
		{"twice", "link add br0: file exists (EEXIST)", br("br0"), syscall.EEXIST},
		{"name too long", `link add abcdefghijklmnop: name wants at most 15 characters, got "abcdefghijklmnop"`, br("abcdefghijklmnop"), 0},
		{"range", "link add br9: mtu wants a number from 0 to 2147483647, got 2147483648", wide, 0},
		{"no kind", "link add x: type is required", &nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "x"}}, 0},
		{
			"unknown kind", "link add x: Unknown device type (EOPNOTSUPP); this kernel has no nosuch links: modprobe nosuch",
			&nlcore.GenericLink{LinkAttrs: nlcore.LinkAttrs{Name: "x"}, KindName: "nosuch"}, syscall.EOPNOTSUPP,
		},
		{
			"missing namespace", "link add v0: peer.netns: network namespace /run/netns/gone (ENOENT)",
			&nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "v0"}, Peer: &nlcore.LinkAttrs{Name: "v1", Netns: val.NetnsName("gone")}}, syscall.ENOENT,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := h.LinkAdd(ctx, tt.link)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if tt.errno != 0 && !errors.Is(err, tt.errno) {
				t.Errorf("%v is not %v", err, tt.errno)
			}
		})
	}
	links, err := h.LinkList(ctx)
	must(t, err)
	if len(links) != 2 {
		t.Errorf("%d links are left, want lo and br0", len(links))
	}
}

func TestExtAckNamesTheAttribute(t *testing.T) {
	h, _ := newHandle(t)
	b := &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0"}, GroupAddress: net.HardwareAddr{1, 2, 3, 4, 5, 6, 7, 8}}
	err := h.LinkAdd(context.Background(), b)
	var e *nlcore.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	if e.Op != "link add" || e.Object != "br0" || e.ErrnoName() != "ERANGE" || e.Attr != "linkinfo.data.group_address" {
		t.Errorf("got %+v", e)
	}
}

func TestVethIntoNamespaces(t *testing.T) {
	h, ns := newHandle(t)
	there := nstest.NewNS(t)
	hThere := handleAt(t, there)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0", Up: val.On}}))
	must(t, h.LinkAdd(ctx, &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{Name: "v0", Up: val.On, Master: nlcore.LinkName("br0")},
		Peer: &nlcore.LinkAttrs{
			Name: "eth0", Up: val.On, Netns: val.NetnsFd(there.Fd(), "there"),
			Addrs: []nlcore.Addr{*nlcore.MustParseAddr("10.0.0.2/24")},
		},
	}))
	v, err := h.LinkByName(ctx, "v0")
	must(t, err)
	if a := v.Attrs(); a.Master.Name != "br0" || a.SlaveType != "bridge" || a.BridgeSlave == nil {
		t.Errorf("v0: master %v, slave type %q, port options %v", a.Master, a.SlaveType, a.BridgeSlave)
	}
	if got := nstest.IP(t, there, "-br", "addr", "show", "dev", "eth0"); !strings.Contains(got, "10.0.0.2/24") || !strings.Contains(got, "UP") {
		t.Errorf("the other end: %s", got)
	}
	if _, err := hThere.LinkByName(ctx, "eth0"); err != nil {
		t.Error(err)
	}
	if got := nstest.IP(t, ns, "-br", "link"); !strings.Contains(got, "v0") {
		t.Errorf("this end: %s", got)
	}
}

// TestCompositeLeavesNothing lets the last step of each composite call fail.
func TestCompositeLeavesNothing(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	bad := *nlcore.MustParseAddr("10.0.0.1/24")
	bad.Dev = nlcore.LinkName("other") // steps overwrite it
	twice := []nlcore.Addr{bad, bad}
	err := h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0", Up: val.On, Addrs: twice}})
	if !errors.Is(err, syscall.EEXIST) {
		t.Errorf("twice the same address: got %v, want EEXIST", err)
	}
	err = h.LinkAdd(ctx, &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{Name: "v0", Addrs: twice}, Peer: &nlcore.LinkAttrs{Name: "v1", Up: val.On},
	})
	if !errors.Is(err, syscall.EEXIST) {
		t.Errorf("veth: got %v, want EEXIST", err)
	}
	if got := strings.Count(nstest.IP(t, ns, "-br", "link"), "\n"); got != 1 {
		t.Errorf("%d links are left, want lo alone:\n%s", got, nstest.IP(t, ns, "link"))
	}
}

func TestLinkSetUndoesItself(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0", MTU: val.U32(1400)}}))
	// Having been up once gives it a qdisc, which no undo takes back.
	must(t, h.LinkSetUp(ctx, nlcore.LinkName("br0")))
	must(t, h.LinkSetDown(ctx, nlcore.LinkName("br0")))
	shown := func() string { // timers run on
		return regexp.MustCompile(`_timer +[0-9.]+`).ReplaceAllString(nstest.IP(t, ns, "-d", "link", "show", "br0"), "")
	}
	before := shown()
	dup := *nlcore.MustParseAddr("10.0.0.1/24")
	odd := *nlcore.MustParseAddr("ff02::1/64") // refused by the kernel: EADDRNOTAVAIL
	err := h.LinkSet(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{
		Of: nlcore.LinkName("br0"), Name: "wan", MTU: val.U32(1300), Up: val.On, Addrs: []nlcore.Addr{dup, odd},
	}, AgeingTime: val.U32(100)})
	if !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("a multicast address: %v, want EADDRNOTAVAIL", err)
	}
	if got := shown(); got != before {
		t.Errorf("after the undo\n%s\nbefore\n%s", got, before)
	}
	if got := nstest.IP(t, ns, "addr", "show", "br0"); strings.Contains(got, "10.0.0.1") {
		t.Errorf("an address is left: %s", got)
	}
}

func TestLinkNamesAndIndexes(t *testing.T) {
	h, _ := newHandle(t)
	ctx := context.Background()
	long := strings.Repeat("long-name-", 5)
	must(t, h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0", Index: 77, Altnames: []string{long, "short"}}}))
	for _, name := range []string{"br0", "short", long} {
		l, err := h.LinkByName(ctx, name)
		if err != nil {
			t.Errorf("by %s: %v", name, err)
			continue
		}
		if a := l.Attrs(); a.Index != 77 || a.Name != "br0" || len(a.Altnames) != 2 {
			t.Errorf("by %s: got %d %s %v", name, a.Index, a.Name, a.Altnames)
		}
	}
	must(t, h.LinkSetName(ctx, nlcore.LinkName(long), "wan"))
	must(t, h.LinkSetUp(ctx, nlcore.LinkName("short")))
	l, err := h.LinkByIndex(ctx, 77)
	must(t, err)
	if a := l.Attrs(); a.Name != "wan" || !a.Up.Or(false) {
		t.Errorf("got %s, up %v", a.Name, a.Up)
	}
	must(t, h.LinkDel(ctx, nlcore.LinkName(long)))
	if _, err := h.LinkByName(ctx, "wan"); !errors.Is(err, syscall.ENODEV) {
		t.Errorf("after deletion: %v, want ENODEV", err)
	}
}

func TestUnsetTxqueuelenIsTheKernels(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "v0"}, Peer: &nlcore.LinkAttrs{Name: "p0"}}))
	must(t, h.LinkAdd(ctx, &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "v1", TxQueueLen: val.U32(0)}, Peer: &nlcore.LinkAttrs{Name: "p1"}}))
	want := map[string]float64{"v0": 1000, "v1": 0, "p0": 1000, "p1": 1000}
	for name, qlen := range want {
		var l []map[string]any
		nstest.IPJSON(t, ns, &l, "link", "show", name)
		if got, _ := l[0]["txqlen"].(float64); got != qlen {
			t.Errorf("%s: txqlen %v, want %v", name, got, qlen)
		}
	}
}

func TestBatchNamesWhatFailed(t *testing.T) {
	h, ns := newHandle(t)
	var changes []nlcore.Change
	for _, name := range []string{"a", "b", "a", "c", strings.Repeat("x", 16)} {
		changes = append(changes, nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: name}}})
	}
	err := h.Apply(context.Background(), changes...)
	var b *nlcore.BatchError
	if !errors.As(err, &b) || b.Total != 5 || len(b.Errors) != 2 || b.Errors[0].Index != 2 || b.Errors[1].Index != 4 {
		t.Fatalf("got %v", err)
	}
	if got := strings.Count(nstest.IP(t, ns, "-br", "link"), "\n"); got != 4 {
		t.Errorf("%d links, want lo a b c", got)
	}
}

// TestBatchResolvesItsOwnLinks uses links by name that the batch creates.
func TestBatchResolvesItsOwnLinks(t *testing.T) {
	h, ns := newHandle(t)
	var changes []nlcore.Change
	for _, name := range []string{"br0", "br1"} {
		addr := nlcore.MustParseAddr("10.0.0.1/24")
		addr.Dev = nlcore.LinkName(name)
		changes = append(changes,
			nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: name}}},
			nlcore.Change{Verb: nlcore.Add, Object: addr})
	}
	must(t, h.Apply(context.Background(), changes...))
	if got := strings.Count(nstest.IP(t, ns, "-br", "addr"), "10.0.0.1/24"); got != 2 {
		t.Errorf("%d addresses, want 2", got)
	}
}
