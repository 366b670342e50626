package nlcore_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// pair is a namespace with v0 and v1, a veth pair that is up, of fixed
// addresses; v0 has 10.0.0.1/24 and fd00::1/64.
func pair(t testing.TB) (*nlcore.Handle, *netns.NS) {
	h, ns := newHandle(t)
	awaitRoutes(t, ns, []string{"fd00::1", "fd00::/64", "ff00::/8", "ff00::/8"}, func() { makePair(t, ns) })
	return h, ns
}

func makePair(t testing.TB, ns *netns.NS) {
	for _, line := range []string{
		"link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02",
		"link set v0 addrgenmode none", "link set v1 addrgenmode none",
		"link set v0 up", "link set v1 up",
		"addr add 10.0.0.1/24 dev v0", "addr add fd00::1/64 dev v0 nodad",
	} {
		nstest.IP(t, ns, strings.Fields(line)...)
	}
}

// ipAddr is an address as `ip -d -j addr` has it: the reviewed table of its
// keys. Lifetimes are rounded up to hundreds, so that time may pass.
type ipAddr struct {
	Family    string
	Local     string
	Address   string `json:",omitempty"` // the peer
	Prefixlen int
	Broadcast string
	Scope     string
	Label     string
	Metric    uint32
	Protocol  string

	Valid     uint32 `json:"valid_life_time"`
	Preferred uint32 `json:"preferred_life_time"`

	Dynamic, Nodad, Home, Mngtmpaddr, Noprefixroute, Autojoin, Optimistic bool
	Tentative, Dadfailed, Deprecated, Temporary, Secondary                bool
}

// asIP is our address in ip's words.
func asIP(a *nlcore.Addr) ipAddr {
	word := func(key string) string {
		v, ok := nlcore.Field(nil, a, key)
		if !ok {
			return ""
		}
		return v.String()
	}
	on := func(o val.Opt[bool]) bool { return o.Or(false) }
	proto := word("proto")
	if n, err := strconv.Atoi(proto); err == nil {
		proto = fmt.Sprintf("0x%x", n) // ip has no names for these numbers
	}
	x := ipAddr{
		Family: word("family"), Local: word("ip"), Prefixlen: a.Address.Bits(),
		Broadcast: word("broadcast"), Scope: word("scope"), Label: word("label"), Metric: a.Metric, Protocol: proto,
		Valid: a.ValidLft.Or(0), Preferred: a.PreferredLft.Or(0),
		Dynamic: on(a.Dynamic), Nodad: on(a.NoDAD), Home: on(a.Home), Mngtmpaddr: on(a.MngTmpAddr),
		Noprefixroute: on(a.NoPrefixRoute), Autojoin: on(a.Autojoin), Optimistic: on(a.Optimistic),
		Tentative: on(a.Tentative), Dadfailed: on(a.DADFailed), Deprecated: on(a.Deprecated),
		Temporary: on(a.Temporary), Secondary: on(a.Secondary),
	}
	if a.Peer.IsValid() {
		x.Address, x.Prefixlen = a.Peer.Addr().String(), a.Peer.Bits()
	}
	return x.rounded()
}

func (x ipAddr) rounded() ipAddr {
	for _, p := range []*uint32{&x.Valid, &x.Preferred} {
		if *p != 1<<32-1 {
			*p = (*p + 99) / 100 * 100
		}
	}
	return x
}

// ipAddrs are ip's addresses of v0 but those of pair.
func ipAddrs(t *testing.T, ns *netns.NS) []ipAddr {
	t.Helper()
	var links []struct {
		Addrs []ipAddr `json:"addr_info"`
	}
	nstest.IPJSON(t, ns, &links, "addr", "show", "dev", "v0")
	var l []ipAddr
	for _, x := range links[0].Addrs {
		if x.Local != "10.0.0.1" && x.Local != "fd00::1" {
			l = append(l, x.rounded())
		}
	}
	return l
}

func ourAddrs(t *testing.T, h *nlcore.Handle) ([]nlcore.Addr, []ipAddr) {
	t.Helper()
	l, err := h.AddrList(context.Background(), &nlcore.Addr{Dev: val.LinkName("v0")})
	must(t, err)
	l = slices.DeleteFunc(l, func(a nlcore.Addr) bool {
		ip := a.Address.Addr().String()
		return ip == "10.0.0.1" || ip == "fd00::1"
	})
	var words []ipAddr
	for i := range l {
		words = append(words, asIP(&l[i]))
	}
	return l, words
}

// addrCases are addresses as ip makes them and as we do.
var addrCases = func() []addrCase {
	pfx, ip := netip.MustParsePrefix, netip.MustParseAddr
	return []addrCase{
		{"plain", "10.1.0.1/24", nlcore.Addr{Address: pfx("10.1.0.1/24")}},
		{"host", "169.254.169.254/32", *nlcore.MustParseAddr("169.254.169.254")},
		{"peer", "10.1.0.1 peer 10.2.0.1/24", nlcore.Addr{Address: pfx("10.1.0.1/32"), Peer: pfx("10.2.0.1/24")}},
		{"broadcast +", "10.1.0.1/20 brd +", nlcore.Addr{Address: pfx("10.1.0.1/20"), Broadcast: nlcore.BroadcastHigh}},
		{"broadcast -", "10.1.0.1/20 brd -", nlcore.Addr{Address: pfx("10.1.0.1/20"), Broadcast: nlcore.BroadcastLow}},
		{"broadcast + of two addresses", "10.1.0.1/31 brd +", nlcore.Addr{Address: pfx("10.1.0.1/31"), Broadcast: nlcore.BroadcastHigh}},
		{"broadcast + with a peer", "10.1.0.1 peer 10.2.3.4/16 brd +", nlcore.Addr{Address: pfx("10.1.0.1/32"), Peer: pfx("10.2.3.4/16"), Broadcast: nlcore.BroadcastHigh}},
		{"broadcast", "10.1.0.1/24 brd 10.1.0.255", nlcore.Addr{Address: pfx("10.1.0.1/24"), Broadcast: ip("10.1.0.255")}},
		{"label", "10.1.0.1/24 label v0:x", nlcore.Addr{Address: pfx("10.1.0.1/24"), Label: "v0:x"}},
		{"scope", "10.1.0.1/24 scope link", nlcore.Addr{Address: pfx("10.1.0.1/24"), Scope: val.U8(253)}},
		{"loopback's scope", "127.0.1.1/8", nlcore.Addr{Address: pfx("127.0.1.1/8")}},
		{"scope zero said", "127.0.1.1/8 scope global", nlcore.Addr{Address: pfx("127.0.1.1/8"), Scope: val.U8(0)}},
		{"metric", "10.1.0.1/24 metric 77", nlcore.Addr{Address: pfx("10.1.0.1/24"), Metric: 77}},
		{"lifetime", "10.1.0.1/24 valid_lft 900 preferred_lft 300", nlcore.Addr{Address: pfx("10.1.0.1/24"), ValidLft: val.U32(900), PreferredLft: val.U32(300)}},
		{"deprecated", "fd01::1/64 valid_lft 900 preferred_lft 0 nodad", nlcore.Addr{Address: pfx("fd01::1/64"), ValidLft: val.U32(900), PreferredLft: val.U32(0), NoDAD: val.On}},
		{"noprefixroute", "10.1.0.1/24 noprefixroute", nlcore.Addr{Address: pfx("10.1.0.1/24"), NoPrefixRoute: val.On}},
		{"secondary", "10.0.0.2/24", nlcore.Addr{Address: pfx("10.0.0.2/24")}},
		{"IPv6", "fd01::1/64 nodad", nlcore.Addr{Address: pfx("fd01::1/64"), NoDAD: val.On}},
		{"IPv6 peer", "fd01::1 peer fd02::1/64 nodad", nlcore.Addr{Address: pfx("fd01::1/128"), Peer: pfx("fd02::1/64"), NoDAD: val.On}},
		{"home", "fd01::1/64 home nodad", nlcore.Addr{Address: pfx("fd01::1/64"), Home: val.On, NoDAD: val.On}},
		{"mngtmpaddr", "fd01::1/64 mngtmpaddr nodad", nlcore.Addr{Address: pfx("fd01::1/64"), MngTmpAddr: val.On, NoDAD: val.On}},
		{"autojoin", "ff05::77/128 autojoin nodad", nlcore.Addr{Address: pfx("ff05::77/128"), Autojoin: val.On, NoDAD: val.On}},
		{"optimistic", "fd01::1/64 optimistic nodad", nlcore.Addr{Address: pfx("fd01::1/64"), Optimistic: val.On, NoDAD: val.On}},
		{"proto", "10.1.0.1/24 proto 9", nlcore.Addr{Address: pfx("10.1.0.1/24"), Proto: val.U8(9)}},
		{"IPv6 metric", "fd01::1/64 metric 5 nodad", nlcore.Addr{Address: pfx("fd01::1/64"), Metric: 5, NoDAD: val.On}},
	}
}()

type addrCase struct {
	name string
	ip   string
	ours nlcore.Addr
}

// Every writable row is said by a case that is compared with ip; the family
// follows from the address.
func TestAddrCasesSayEveryRow(t *testing.T) {
	said := map[string]bool{"dev": true, "family": true}
	for _, c := range addrCases {
		for _, m := range c.ours.Views()[0].Schema().Members(nil) {
			said[m.Key] = said[m.Key] || c.ours.Views()[0].Has(m.Key)
		}
	}
	for _, m := range new(nlcore.Addr).Views()[0].Schema().Members(nil) {
		if !said[m.Key] && (m.Modes&attr.All != 0 || m.Local) {
			t.Errorf("no case says %s", m.Key)
		}
	}
}

// Each address is made by ip in one namespace and by us in another; ip must
// see the same in both, and we must read what ip reads.
func TestAddrAgainstIP(t *testing.T) {
	ctx := context.Background()
	theirs, theirNS := pair(t)
	ours, ourNS := pair(t)
	for _, c := range addrCases {
		t.Run(c.name, func(t *testing.T) {
			if c.name != "proto" || ipKnowsProto(t, theirNS) {
				nstest.IP(t, theirNS, append([]string{"addr", "add", "dev", "v0"}, strings.Fields(c.ip)...)...)
			} else {
				must(t, theirs.AddrAdd(ctx, val.LinkName("v0"), &c.ours))
			}
			must(t, ours.AddrAdd(ctx, val.LinkName("v0"), &c.ours))
			want := ipAddrs(t, theirNS)
			if d := diff(want, ipAddrs(t, ourNS)); d != "" {
				t.Error("ip sees, -made by ip +made by us:\n", d)
			}
			listed, got := ourAddrs(t, theirs)
			if c.name == "proto" && !ipKnowsProto(t, theirNS) {
				want[0].Protocol = "0x9"
			}
			if d := diff(want, got); d != "" {
				t.Error("made by ip, -read by ip +read by us:\n", d)
			}
			must(t, theirs.AddrDel(ctx, val.LinkRef{}, &listed[0]))
			must(t, ours.AddrDel(ctx, val.LinkName("v0"), &c.ours))
			for _, ns := range []*netns.NS{theirNS, ourNS} {
				if left := ipAddrs(t, ns); len(left) != 0 {
					t.Errorf("after the deletion: %v", left)
				}
			}
		})
	}
}

// ipKnowsProto: ip prints an address's protocol since 6.3.
func ipKnowsProto(t *testing.T, ns *netns.NS) bool {
	var major, minor int
	_, err := fmt.Sscanf(nstest.IP(t, ns, "-V"), "ip utility, iproute2-%d.%d", &major, &minor)
	must(t, err)
	return major > 6 || major == 6 && minor >= 3
}

// What list returns can be deleted, added, replaced and changed as it is.
func TestAddrListed(t *testing.T) {
	ctx := context.Background()
	h, ns := pair(t)
	for _, line := range []string{
		"10.1.0.1/24 brd + label v0:x valid_lft 900 preferred_lft 300 metric 7", "10.0.0.2/24", "10.1.0.1 peer 10.2.0.1/24",
		"fd01::1/64 nodad valid_lft 900 preferred_lft 300", "fd03::1 peer fd02::1/128 nodad home",
	} {
		nstest.IP(t, ns, append([]string{"addr", "add", "dev", "v0"}, strings.Fields(line)...)...)
	}
	before, want := ourAddrs(t, h)
	for i := len(before) - 1; i >= 0; i-- {
		must(t, h.AddrDel(ctx, val.LinkRef{}, &before[i]))
	}
	if left, _ := ourAddrs(t, h); len(left) != 0 {
		t.Fatalf("left after the deletion: %v", left)
	}
	for i := range before {
		must(t, h.AddrAdd(ctx, val.LinkRef{}, &before[i]))
		must(t, h.AddrReplace(ctx, val.LinkRef{}, &before[i]))
		must(t, h.Apply(ctx, nlcore.Change{Verb: nlcore.Update, Object: &before[i]}))
	}
	_, got := ourAddrs(t, h)
	byIP := func(a, b ipAddr) int { return strings.Compare(a.Local+a.Address, b.Local+b.Address) }
	slices.SortFunc(want, byIP)
	slices.SortFunc(got, byIP)
	if d := diff(want, got); d != "" {
		t.Error("after del and add, -before +after:\n", d)
	}
}

func TestAddrErrors(t *testing.T) {
	ctx := context.Background()
	h, _ := pair(t)
	v0 := val.LinkName("v0")
	for _, c := range []struct {
		name string
		err  error
		errs syscall.Errno
		text string
	}{
		{"twice", h.AddrAdd(ctx, v0, nlcore.MustParseAddr("10.0.0.1/24")), syscall.EEXIST, "addr add 10.0.0.1/24 dev v0: "},
		{"absent", h.AddrDel(ctx, v0, nlcore.MustParseAddr("10.9.0.1/24")), syscall.EADDRNOTAVAIL, "addr del 10.9.0.1/24 dev v0: "},
		{"no such link", h.AddrAdd(ctx, val.LinkName("gone"), nlcore.MustParseAddr("10.9.0.1/24")), syscall.ENODEV, "addr add 10.9.0.1/24 dev gone: dev: there is no link gone (ENODEV)"},
		{"no link said", h.AddrAdd(ctx, val.LinkRef{}, nlcore.MustParseAddr("10.9.0.1/24")), 0, "addr add 10.9.0.1/24: dev is required"},
	} {
		if c.err == nil || !strings.HasPrefix(c.err.Error(), c.text) || c.errs != 0 && !errors.Is(c.err, c.errs) {
			t.Errorf("%s: got %v, want %v, %q", c.name, c.err, c.errs, c.text)
		}
	}
	var e *nlcore.Error
	if err := h.AddrAdd(ctx, v0, nlcore.MustParseAddr("10.0.0.1/24")); !errors.As(err, &e) || e.ErrnoName() != "EEXIST" {
		t.Errorf("got %#v", err)
	}
}

// A list agrees with all that like says.
func TestAddrFilters(t *testing.T) {
	h, ns := pair(t)
	nstest.IP(t, ns, "addr", "add", "10.1.0.1/24", "dev", "v1", "label", "v1:x")
	for _, c := range []struct {
		name string
		like *nlcore.Addr
		want string
	}{
		{"all", nil, "10.0.0.1/24 10.1.0.1/24 127.0.0.1/8 ::1/128 fd00::1/64"},
		{"family", &nlcore.Addr{Family: val.Some(nlcore.Inet6)}, "::1/128 fd00::1/64"},
		{"dev", &nlcore.Addr{Dev: val.LinkName("v0")}, "10.0.0.1/24 fd00::1/64"},
		{"address", nlcore.MustParseAddr("10.0.0.1/24"), "10.0.0.1/24"},
		{"label", &nlcore.Addr{Label: "v1:x"}, "10.1.0.1/24"},
		{"scope", &nlcore.Addr{Scope: val.U8(254)}, "127.0.0.1/8 ::1/128"},
		{"flag", &nlcore.Addr{NoDAD: val.On}, "fd00::1/64"},
		{"nothing", &nlcore.Addr{Label: "none"}, ""},
	} {
		l, err := h.AddrList(context.Background(), c.like)
		must(t, err)
		var got []string
		for _, a := range l {
			got = append(got, a.Address.String())
		}
		slices.Sort(got)
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: got %s, want %s", c.name, g, c.want)
		}
	}
}
