package nlcore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// neighManaged and neighValid: newer flags of neighbours.
var (
	neighManaged = neighFeature("managed neighbours", "5.16", nlcore.Neigh{Managed: val.On})
	neighValid   = neighFeature("validated neighbours", "6.18", nlcore.Neigh{ExternValid: val.On, LLAddr: someMAC, State: val.Some(nlcore.NeighStale)})
	someMAC      = []byte{2, 0, 0, 0, 0, 9}
)

// neighFeature is there where the kernel keeps what the neighbour says; older
// ones ignore flags that they do not know.
func neighFeature(name, since string, n nlcore.Neigh) *nstest.Feature {
	return &nstest.Feature{Name: name, Since: since, Probe: func(t testing.TB, ns *netns.NS) error {
		h, err := nlcore.NewHandleAt(ns, nil)
		must(t, err)
		defer h.Close()
		nstest.IP(t, ns, "link", "add", "v0", "type", "veth", "peer", "name", "v1")
		nstest.IP(t, ns, "link", "set", "v0", "up")
		n.Dst, n.Dev = netip.MustParseAddr("10.0.0.2"), val.LinkName("v0")
		if err := h.NeighAdd(context.Background(), &n); err != nil {
			return err
		}
		got, err := h.NeighGet(context.Background(), &n)
		if err == nil && got.Managed.Or(false) == n.Managed.Or(false) && got.ExternValid.Or(false) == n.ExternValid.Or(false) {
			return nil
		}
		return errors.Join(err, errors.New("the flag was not kept"))
	}}
}

type neighCase struct {
	name  string
	ip    string
	ours  nlcore.Neigh
	needs *nstest.Feature
}

// neighCases are neighbours as ip makes them and as we do, on v0.
var neighCases = func() []neighCase {
	a, v0 := netip.MustParseAddr("10.0.0.9"), val.LinkName("v0")
	six := netip.MustParseAddr("fd00::9")
	nud := func(s nlcore.NeighState) val.Opt[nlcore.NeighState] { return val.Some(s) }
	return []neighCase{
		{"plain", "10.0.0.9 lladdr 02:00:00:00:00:09", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC}, nil},
		{"reachable", "10.0.0.9 lladdr 02:00:00:00:00:09 nud reachable", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC, State: nud(nlcore.NeighReachable)}, nil},
		{"stale", "10.0.0.9 lladdr 02:00:00:00:00:09 nud stale", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC, State: nud(nlcore.NeighStale)}, nil},
		{"noarp", "10.0.0.9 lladdr 02:00:00:00:00:09 nud noarp", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC, State: nud(nlcore.NeighNoARP)}, nil},
		{"none", "10.0.0.9 nud none", nlcore.Neigh{Dst: a, Dev: v0, State: nud(nlcore.NeighNone)}, nil},
		{"failed", "10.0.0.9 nud failed", nlcore.Neigh{Dst: a, Dev: v0, State: nud(nlcore.NeighFailed)}, nil},
		{"protocol", "10.0.0.9 lladdr 02:00:00:00:00:09 protocol static", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC, Protocol: val.U8(4)}, nil},
		{"learnt", "10.0.0.9 lladdr 02:00:00:00:00:09 extern_learn nud stale", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC, ExternLearn: val.On, State: nud(nlcore.NeighStale)}, nil},
		{"valid", "10.0.0.9 lladdr 02:00:00:00:00:09 extern_valid nud stale", nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC, ExternValid: val.On, State: nud(nlcore.NeighStale)}, neighValid},
		{"managed", "10.0.0.9 managed", nlcore.Neigh{Dst: a, Dev: v0, Managed: val.On}, neighManaged},
		{"use", "10.0.0.9 use", nlcore.Neigh{Dst: a, Dev: v0, Use: val.On}, nil},
		{"router", "fd00::9 lladdr 02:00:00:00:00:09 router", nlcore.Neigh{Dst: six, Dev: v0, LLAddr: someMAC, Router: val.On}, nil},
		{"proxy", "proxy 10.0.0.9", nlcore.Neigh{Dst: a, Dev: v0, Proxy: val.On}, nil},
		{"IPv6 proxy", "proxy fd00::9 protocol static", nlcore.Neigh{Dst: six, Dev: v0, Proxy: val.On, Protocol: val.U8(4)}, nil},
	}
}()

// Every row that can be said is said by a case that is compared with ip.
func TestNeighCasesSayEveryRow(t *testing.T) {
	said := map[string]bool{"family": true, "master": true} // these only restrict lists: TestNeighFilters
	for _, c := range neighCases {
		for _, m := range c.ours.Views()[0].Schema().Members(nil) {
			said[m.Key] = said[m.Key] || c.ours.Views()[0].Has(m.Key)
		}
	}
	for _, m := range new(nlcore.Neigh).Views()[0].Schema().Members(nil) {
		if !said[m.Key] && (m.Modes != 0 || m.Local) {
			t.Errorf("no case says %s", m.Key)
		}
	}
}

// asIPNeigh is ours as `ip -d -j neigh` has it.
func asIPNeigh(n *nlcore.Neigh) map[string]any {
	f := fields{n.Views()[0]}
	x := map[string]any{"dst": n.Dst.String(), "dev": n.Dev.Name}
	for ours, theirs := range map[string]string{"lladdr": "lladdr", "proto": "protocol"} {
		if f.Has(ours) {
			x[theirs] = f.word(ours)
		}
	}
	for key, o := range map[string]val.Opt[bool]{
		"proxy": n.Proxy, "router": n.Router, "extern_learn": n.ExternLearn, "extern_valid": n.ExternValid,
		"managed": n.Managed, "offload": n.Offloaded,
	} {
		if o.Or(false) {
			x[key] = nil
		}
	}
	if s, ok := n.State.Get(); ok && s != 0 {
		x["state"] = []any{strings.ToUpper(s.String())}
	}
	return x
}

// ipNeighs are ip's entries of the address that the cases are about.
func ipNeighs(t *testing.T, ns *netns.NS, dst string, proxy bool) []map[string]any {
	t.Helper()
	args := []string{"neigh", "show", "to", dst, "dev", "v0", "nud", "all"}
	if proxy {
		args = []string{"neigh", "show", "proxy", "to", dst, "dev", "v0"}
	}
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, args...)
	for _, x := range l {
		x["dev"] = "v0" // ip leaves out what it was asked for
	}
	return l
}

func ourNeighs(t *testing.T, h *nlcore.Handle, c *nlcore.Neigh) ([]nlcore.Neigh, []map[string]any) {
	t.Helper()
	l, err := h.NeighList(context.Background(), &nlcore.Neigh{Dst: c.Dst, Dev: c.Dev, Proxy: c.Proxy})
	must(t, err)
	var words []map[string]any
	for i := range l {
		words = append(words, asIPNeigh(&l[i]))
	}
	return l, words
}

// Each entry is made by ip in one namespace and by us in another; ip must see
// the same in both, and we must read what ip reads, in the list and alone.
func TestNeighAgainstIP(t *testing.T) {
	ctx := context.Background()
	theirs, theirNS := pair(t)
	ours, ourNS := pair(t)
	newestIP(t, theirNS)
	must(t, stayNeighs(theirNS))
	must(t, stayNeighs(ourNS))
	for _, c := range neighCases {
		t.Run(c.name, func(t *testing.T) {
			if c.needs != nil {
				c.needs.Need(t)
			}
			dst, proxy := c.ours.Dst.String(), c.ours.Proxy.Or(false)
			nstest.IP(t, theirNS, append([]string{"neigh", "add", "dev", "v0"}, strings.Fields(c.ip)...)...)
			must(t, ours.NeighAdd(ctx, &c.ours))
			want := ipNeighs(t, theirNS, dst, proxy)
			if len(want) != 1 {
				t.Fatalf("ip made %v", want)
			}
			if d := diff(want, ipNeighs(t, ourNS, dst, proxy)); d != "" {
				t.Error("ip sees, -made by ip +made by us:\n", d)
			}
			listed, got := ourNeighs(t, theirs, &c.ours)
			if d := diff(want, got); d != "" {
				t.Error("made by ip, -read by ip +read by us:\n", d)
			}
			one, err := theirs.NeighGet(ctx, &c.ours)
			must(t, err)
			if d := diff(want[0], asIPNeigh(&one)); d != "" {
				t.Error("made by ip, -read by ip +got by us:\n", d)
			}
			must(t, theirs.NeighDel(ctx, &listed[0]))
			must(t, ours.NeighDel(ctx, &c.ours))
			for _, ns := range []*netns.NS{theirNS, ourNS} {
				if left := ipNeighs(t, ns, dst, proxy); len(left) != 0 {
					t.Errorf("after the deletion: %v", left)
				}
			}
		})
	}
}

// stayNeighs keeps neighbours of v0 from changing their state by themselves
// while a test looks at them.
func stayNeighs(ns *netns.NS) error {
	return ns.Do(func() error {
		for _, name := range []string{"retrans_time_ms", "base_reachable_time_ms"} {
			if err := os.WriteFile("/proc/sys/net/ipv4/neigh/v0/"+name, []byte("1000000"), 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// What list returns goes to del, add, replace and change as it is: random
// neighbours and proxies, in states that do not change by themselves.
func TestNeighListed(t *testing.T) {
	ctx := context.Background()
	h, _ := pair(t)
	g := rand.New(rand.NewPCG(3, 4))
	list := func() (l []nlcore.Neigh) {
		for _, proxy := range []val.Opt[bool]{{}, val.On} {
			some, err := h.NeighList(ctx, &nlcore.Neigh{Dev: val.LinkName("v0"), Proxy: proxy})
			must(t, err)
			l = append(l, some...)
		}
		l = slices.DeleteFunc(l, func(n nlcore.Neigh) bool { return n.Dst.IsMulticast() })
		slices.SortFunc(l, func(a, b nlcore.Neigh) int { return strings.Compare(a.Ident(), b.Ident()) })
		for i := range l { // clocks
			l[i].Confirmed, l[i].Used, l[i].Updated, l[i].Refs, l[i].Probes = 0, 0, 0, 0, 0
		}
		return l
	}
	for i := range 200 {
		n := nlcore.Neigh{Dev: val.LinkName("v0"), Dst: netip.AddrFrom4([4]byte{10, 9, 0, byte(i)})}
		if g.IntN(2) == 0 {
			n.Dst = netip.AddrFrom16([16]byte{0: 0xfd, 1: 9, 15: byte(i)})
			n.Router = []val.Opt[bool]{{}, val.On, val.Off}[g.IntN(3)]
		}
		if g.IntN(3) == 0 {
			n.Protocol.Set(uint8(1 + g.IntN(255)))
		}
		if g.IntN(4) == 0 {
			n.Proxy, n.Router = val.On, val.Opt[bool]{}
		} else {
			n.LLAddr = []byte{2, 0, 0, 0, byte(g.IntN(256)), byte(i)}
			n.State = val.Some([]nlcore.NeighState{nlcore.NeighPermanent, nlcore.NeighStale, nlcore.NeighNoARP}[g.IntN(3)])
			n.ExternLearn = []val.Opt[bool]{{}, val.On}[g.IntN(2)]
		}
		must(t, h.NeighAdd(ctx, &n))
	}
	before := list()
	if len(before) != 200 {
		t.Fatalf("made 200, listed %d", len(before))
	}
	for i := range before {
		must(t, h.NeighDel(ctx, &before[i]))
	}
	if left := list(); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for i := range before {
		must(t, h.NeighAdd(ctx, &before[i]))
		must(t, h.NeighSet(ctx, &before[i]))
		must(t, h.NeighChange(ctx, &before[i]))
	}
	if d := deep(before, list()); d != "" {
		t.Error("after del, add, replace and change, -before +after:\n", d)
	}
}

func TestNeighErrors(t *testing.T) {
	ctx := context.Background()
	h, _ := pair(t)
	a, v0 := netip.MustParseAddr("10.0.0.9"), val.LinkName("v0")
	one := &nlcore.Neigh{Dst: a, Dev: v0, LLAddr: someMAC}
	must(t, h.NeighAdd(ctx, one))
	_, absent := h.NeighGet(ctx, &nlcore.Neigh{Dst: netip.MustParseAddr("10.0.0.7"), Dev: v0})
	for _, c := range []struct {
		name  string
		err   error
		errno syscall.Errno
		text  string
	}{
		{"twice", h.NeighAdd(ctx, one), syscall.EEXIST, "neigh add 10.0.0.9 dev v0: "},
		{"change what is absent", h.NeighChange(ctx, &nlcore.Neigh{Dst: a.Next(), Dev: v0, LLAddr: someMAC}), syscall.ENOENT, "neigh change 10.0.0.10 dev v0: "},
		{"no link-layer address", h.NeighAdd(ctx, &nlcore.Neigh{Dst: netip.MustParseAddr("10.0.0.8"), Dev: v0}), syscall.EINVAL, "neigh add 10.0.0.8 dev v0: No link layer address given (EINVAL)"},
		{"absent", h.NeighDel(ctx, &nlcore.Neigh{Dst: netip.MustParseAddr("10.0.0.11"), Dev: v0}), syscall.ENOENT, "neigh del 10.0.0.11 dev v0: "},
		{"absent proxy", h.NeighProxyDel(ctx, &nlcore.Neigh{Dst: a, Dev: v0}), syscall.ENOENT, "neigh del proxy 10.0.0.9 dev v0: "},
		{"get", absent, syscall.ENOENT, "neigh get 10.0.0.7 dev v0: "},
		{"no such link", h.NeighAdd(ctx, &nlcore.Neigh{Dst: a, Dev: val.LinkName("gone")}), syscall.ENODEV, "neigh add 10.0.0.9 dev gone: dev: there is no link gone (ENODEV)"},
	} {
		if c.err == nil || !strings.HasPrefix(c.err.Error(), c.text) || !errors.Is(c.err, c.errno) {
			t.Errorf("%s: got %v, want %v, %q", c.name, c.err, c.errno, c.text)
		}
	}
}

// A list agrees with all that like says.
func TestNeighFilters(t *testing.T) {
	ctx := context.Background()
	h, ns := pair(t)
	for _, line := range []string{
		"link add br0 type bridge", "link set v1 master br0",
		"neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0", "neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev v0 nud noarp",
		"neigh add 10.0.0.4 lladdr 02:00:00:00:00:02 dev v1 protocol static", "neigh add fd00::2 lladdr 02:00:00:00:00:02 dev v0 router",
		"neigh add proxy 10.0.0.5 dev v0", "neigh add proxy fd00::5 dev v0",
	} {
		nstest.IP(t, ns, strings.Fields(line)...)
	}
	a := netip.MustParseAddr
	for _, c := range []struct {
		name string
		like *nlcore.Neigh
		want string
	}{
		{"all", nil, "10.0.0.2 10.0.0.3 10.0.0.4 fd00::2"},
		{"family", &nlcore.Neigh{Family: val.Some(nlcore.Inet6)}, "fd00::2"},
		{"dev", &nlcore.Neigh{Dev: val.LinkName("v1")}, "10.0.0.4"},
		{"master", &nlcore.Neigh{Master: val.LinkName("br0")}, "10.0.0.4"},
		{"dst", &nlcore.Neigh{Dst: a("10.0.0.3")}, "10.0.0.3"},
		{"lladdr", &nlcore.Neigh{LLAddr: []byte{2, 0, 0, 0, 0, 2}}, "10.0.0.2 10.0.0.4 fd00::2"},
		{"state", &nlcore.Neigh{State: val.Some(nlcore.NeighNoARP)}, "10.0.0.3"},
		{"flag", &nlcore.Neigh{Router: val.On}, "fd00::2"},
		{"no flag", &nlcore.Neigh{Router: val.Off, Dev: val.LinkName("v0")}, "10.0.0.2 10.0.0.3"},
		{"protocol", &nlcore.Neigh{Protocol: val.U8(4)}, "10.0.0.4"},
		{"proxies", &nlcore.Neigh{Proxy: val.On}, "10.0.0.5 fd00::5"},
		{"proxies of a family", &nlcore.Neigh{Proxy: val.On, Family: val.Some(nlcore.Inet)}, "10.0.0.5"},
		{"no proxies", &nlcore.Neigh{Proxy: val.On, Dev: val.LinkName("v1")}, ""},
	} {
		l, err := h.NeighList(ctx, c.like)
		must(t, err)
		var got []string
		for _, n := range l {
			if !n.Dst.IsMulticast() {
				got = append(got, n.Dst.String())
			}
		}
		slices.Sort(got)
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: got %s, want %s", c.name, g, c.want)
		}
	}
}
