package nlcore_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// TestTunLikeIP makes links as `ip tuntap` makes them in another namespace.
func TestTunLikeIP(t *testing.T) {
	nstest.NeedTun(t)
	tests := []struct {
		words string
		link  nlcore.Tun
	}{
		{"mode tun", nlcore.Tun{Mode: val.Some[nlcore.TunMode](1)}},
		{"mode tap", nlcore.Tun{Mode: val.Some[nlcore.TunMode](2)}},
		{"mode tun pi user 0", nlcore.Tun{Mode: val.Some[nlcore.TunMode](1), PI: val.On, User: val.Some[nlcore.UserID](0)}},
		{
			"mode tap vnet_hdr multi_queue group 0",
			nlcore.Tun{Mode: val.Some[nlcore.TunMode](2), VNetHdr: val.On, MultiQueue: val.On, UserGroup: val.Some[nlcore.GroupID](0)},
		},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			h, ns := newHandle(t)
			newestIP(t, ns)
			h2, ns2 := newHandle(t)
			tt.link.Name = "x0"
			must(t, h.LinkAdd(context.Background(), &tt.link))
			ipAll(t, ns2, "tuntap add dev x0 "+tt.words)
			kindTrial{}.agree(t, h, ns, h2, ns2)
		})
	}
}

// TestTunWhole says beside its mode what other requests set.
func TestTunWhole(t *testing.T) {
	nstest.NeedTun(t)
	h, ns := newHandle(t)
	newestIP(t, ns)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0"}}))
	must(t, h.LinkAdd(ctx, &nlcore.Tun{Mode: val.Some[nlcore.TunMode](2), LinkAttrs: nlcore.LinkAttrs{
		Name: "tap0", Index: 101, MTU: val.U32(1400), Up: val.On, Master: nlcore.LinkName("br0"), Alias: val.Some("to a guest"),
		Altnames: []string{"guest"}, TxQueueLen: val.U32(77), Addrs: []nlcore.Addr{*nlcore.MustParseAddr("10.0.0.1/24")},
		BridgeSlave: &nlcore.BridgePort{Isolated: val.On},
	}}))
	shown := ipShow(t, ns)["tap0"]
	want := map[string]any{
		"ifindex": 101.0, "mtu": 1400.0, "master": "br0", "ifalias": "to a guest", "altnames": []any{"guest"}, "txqlen": 77.0,
		"flags": []any{"BROADCAST", "MULTICAST", "UP"},
	}
	if d := cmp.Diff(want, picked(shown, "ifindex", "mtu", "master", "ifalias", "altnames", "txqlen", "flags")); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if got := infoPart("info_slave_data")(shown)["isolated"]; got != true {
		t.Errorf("isolated: %v", got)
	}
	if got := nstest.IP(t, ns, "-br", "addr", "show", "tap0"); !strings.Contains(got, "10.0.0.1/24") {
		t.Errorf("no address: %s", got)
	}
	compareLinks(t, h, ns)
}

// TestTunAllOrNothing lets each step of a creation fail.
func TestTunAllOrNothing(t *testing.T) {
	nstest.NeedTun(t)
	h, ns := newHandle(t)
	ctx := context.Background()
	there := nstest.NewNS(t)
	ref := val.NetnsFd(there.Fd(), "there")
	bad := *nlcore.MustParseAddr("ff02::1/64")
	tests := []struct {
		name string
		a    nlcore.LinkAttrs
		want error
	}{
		{"the name is taken", nlcore.LinkAttrs{Name: "lo"}, syscall.EEXIST},
		{"a wrong MTU", nlcore.LinkAttrs{Name: "x0", MTU: val.U32(5)}, syscall.EINVAL},
		{"no such master", nlcore.LinkAttrs{Name: "x0", Master: nlcore.LinkName("none")}, syscall.ENODEV},
		{"an address", nlcore.LinkAttrs{Name: "x0", Addrs: []nlcore.Addr{bad}}, syscall.EADDRNOTAVAIL},
		{"an address there", nlcore.LinkAttrs{Name: "x0", Netns: ref, Addrs: []nlcore.Addr{bad}}, syscall.EADDRNOTAVAIL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := h.LinkAdd(ctx, &nlcore.Tun{Mode: val.Some[nlcore.TunMode](2), LinkAttrs: tt.a})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			left := nstest.IP(t, ns, "-br", "link") + nstest.IP(t, there, "-br", "link")
			if strings.Count(left, "\n") != 2 {
				t.Errorf("there is more than lo:\n%s", left)
			}
		})
	}
	must(t, h.LinkAdd(ctx, &nlcore.Tun{Mode: val.Some[nlcore.TunMode](1), LinkAttrs: nlcore.LinkAttrs{Name: "x0", Netns: ref, Up: val.On}}))
	if got := nstest.IP(t, there, "-br", "link", "show", "x0"); !strings.Contains(got, "UP") {
		t.Errorf("there: %s", got)
	}
}

// TestTunInBatch: a creation that is no message stands between messages that
// use the link and such that it uses.
func TestTunInBatch(t *testing.T) {
	nstest.NeedTun(t)
	h, ns := newHandle(t)
	tap := func(name string, master val.LinkRef) nlcore.Change {
		return nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Tun{
			LinkAttrs: nlcore.LinkAttrs{Name: name, Master: master}, Mode: val.Some[nlcore.TunMode](2),
		}}
	}
	addr := nlcore.MustParseAddr("10.0.0.1/24")
	addr.Dev = nlcore.LinkName("t0")
	err := h.Apply(context.Background(),
		nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "br0"}}},
		tap("t0", nlcore.LinkName("br0")),
		nlcore.Change{Verb: nlcore.Add, Object: addr},
		tap("t0", val.LinkRef{}),
		nlcore.Change{Verb: nlcore.Del, Object: &nlcore.Tun{LinkAttrs: nlcore.LinkAttrs{Name: "t0"}}},
		tap("t0", val.LinkRef{}))
	var b *nlcore.BatchError
	if !errors.As(err, &b) || b.Total != 6 || len(b.Errors) != 1 || b.Errors[0].Index != 3 || b.Errors[0].Errno != syscall.EEXIST {
		t.Errorf("got %v, want EEXIST of the fourth alone", err)
	}
	if got := strings.Count(nstest.IP(t, ns, "-br", "link"), "\n"); got != 3 {
		t.Errorf("%d links, want lo, br0 and t0", got)
	}
}

func TestTunReplace(t *testing.T) {
	nstest.NeedTun(t)
	h, ns := newHandle(t)
	ctx := context.Background()
	replace := func(mode nlcore.TunMode, mtu uint32) error {
		return h.LinkReplace(ctx, &nlcore.Tun{
			LinkAttrs: nlcore.LinkAttrs{Name: "x0", MTU: val.U32(mtu)}, Mode: val.Some(mode), PI: val.Off,
		})
	}
	must(t, replace(2, 1400))
	before, err := h.LinkByName(ctx, "x0")
	must(t, err)
	must(t, replace(2, 1300))
	after, err := h.LinkByName(ctx, "x0")
	must(t, err)
	if a := after.Attrs(); a.Index != before.Attrs().Index || a.MTU.Or(0) != 1300 {
		t.Errorf("index %d, was %d; mtu %v", a.Index, before.Attrs().Index, a.MTU)
	}
	var e *nlcore.Error
	if err := replace(1, 1200); !errors.As(err, &e) || e.Attr != "mode" {
		t.Errorf("another mode: %v", err)
	}
	nstest.IP(t, ns, "link", "del", "x0")
	nstest.IP(t, ns, "link", "add", "x0", "type", "bridge")
	if err := replace(2, 1200); !errors.As(err, &e) || e.Attr != "type" {
		t.Errorf("another kind: %v", err)
	}
}

// TestUnknownKindKeepsItsData: a kind without rows is created by name, listed,
// and its options are kept as they are.
func TestUnknownKindKeepsItsData(t *testing.T) {
	ipip := nstest.Feature{Name: "ipip links", Config: "CONFIG_NET_IPIP", Probe: nstest.ByIP("link add x0 type ipip local 10.0.0.1")}
	ipip.Need(t)
	h, ns := newHandle(t)
	ctx := context.Background()
	must(t, h.LinkAdd(ctx, nlcore.NewLink("ipip")))
	nstest.IP(t, ns, "link", "add", "x0", "type", "ipip", "local", "10.1.2.3")
	links, err := h.LinkList(ctx)
	must(t, err)
	made, kept := 0, false
	for _, l := range links {
		if g, ok := l.(*nlcore.GenericLink); ok && g.Kind() == "ipip" {
			made++
			local, _ := attr.Find(g.Data, 2) // IFLA_IPTUN_LOCAL
			kept = kept || g.Name == "x0" && cmp.Equal(local, []byte{10, 1, 2, 3})
		}
	}
	if made < 2 || !kept {
		t.Errorf("%d ipip links, data kept: %v", made, kept)
	}
}
