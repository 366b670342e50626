package nlcore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"

	"github.com/google/go-cmp/cmp"
)

// ended is a context that has ended: Next then returns what is there.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// drain gives all events that are there to take.
func drain(t *testing.T, s *nlcore.Subscription, take func(nlcore.Event)) {
	t.Helper()
	for {
		e, err := s.Next(ended())
		if errors.Is(err, context.Canceled) {
			return
		}
		must(t, err)
		take(e)
	}
}

func subscribe(t *testing.T, h *nlcore.Handle, o *nlcore.SubscribeOptions) *nlcore.Subscription {
	t.Helper()
	s, err := h.Subscribe(t.Context(), o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// view is what somebody knows who only hears events: the fields of objects that
// do not change by themselves.
type view map[string]string

// byThemselves are keys of fields that differ from one reading to the next.
var byThemselves = []string{
	"stats", "used", "confirmed", "updated", "refs", "probes", "age", "users", "valid_lft", "preferred_lft",
	"expires", "vfs", "num_vf",
}

func (v view) take(t *testing.T, e nlcore.Event) {
	t.Helper()
	switch id := e.Object.Ident(); e.Op {
	case nlcore.EventNew:
		v[id] = fieldsText(e.Object)
	case nlcore.EventDel:
		if _, ok := v[id]; !ok {
			t.Errorf("%v, which was not there", e)
		}
		delete(v, id)
	}
}

func fieldsText(o nlcore.Object) string {
	var b strings.Builder
	for _, w := range o.Views() {
		for _, f := range w.Fields(nil) {
			if !slices.Contains(byThemselves, f.Key) {
				fmt.Fprintf(&b, "%s=%v ", f.Key, f.Val)
			}
		}
	}
	return b.String()
}

// present is the view of the kernel's lists.
func present(t *testing.T, h *nlcore.Handle, kinds ...string) view {
	t.Helper()
	v := view{}
	for _, kind := range kinds {
		for o, err := range nlcore.ClassByName(kind).Each(t.Context(), h, nil) {
			must(t, err)
			v[o.Ident()] = fieldsText(o)
		}
	}
	return v
}

// sameViews compares and shows the first differences.
func sameViews(t *testing.T, want, got view) {
	t.Helper()
	if maps.Equal(want, got) {
		return
	}
	n := 0
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if want[id] != got[id] && n < 5 {
			t.Errorf("%s\nkernel %s\nevents %s", id, want[id], got[id])
			n++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[id]; !ok && n < 10 {
			t.Errorf("%s is not there, events say %s", id, got[id])
			n++
		}
	}
	t.Errorf("kernel has %d objects, events lead to %d", len(want), len(got))
}

// eventText is an event as tests write it: * marks what a list told.
func eventText(e nlcore.Event) string {
	s := fmt.Sprintf("%v %v", e.Op, e.Object)
	if l, ok := e.Object.(nlcore.Link); ok {
		s += fmt.Sprintf(" mtu %v", l.Attrs().MTU)
	}
	if r, ok := e.Object.(*nlcore.Route); ok && r.More != nil && len(r.More.Hops) > 0 {
		for _, h := range r.More.Hops {
			s += " hop " + h.Via.String()
		}
	}
	if n, ok := e.Object.(*nlcore.Neigh); ok {
		s += " " + n.State.String()
	}
	if e.Resync {
		s += " *"
	}
	return s
}

// monitored is a namespace with a veth pair that is up and has an address, and
// no IPv6 but what tests make.
func monitored(t *testing.T) (*nlcore.Handle, *netns.NS) {
	t.Helper()
	h, ns := newHandle(t)
	for _, line := range []string{
		"link add v0 type veth peer v1", "link set v0 addrgenmode none", "link set v1 addrgenmode none",
		"link set v1 up", "link set v0 up", "addr add 10.0.0.1/24 dev v0", "addr add 10.0.0.9/24 dev v0",
	} {
		nstest.IP(t, ns, strings.Fields(line)...)
	}
	return h, ns
}

func TestSubscription(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		do         []string // by ip
		want       []string // nil: it differs by kernel what is told, but not where it leads
	}{
		{"link", "link", []string{"link add br7 type bridge", "link set br7 mtu 1400", "link set br7 mtu 1400", "link set br7 name brx", "link del brx"},
			[]string{"new br7 mtu 1500", "new br7 mtu 1400", "new brx mtu 1400", "del brx mtu 1400"}},
		{"port that leaves", "link", []string{"link add br7 type bridge", "link set v1 master br7", "link set v1 nomaster"}, nil},
		{"addr", "addr", []string{"addr add 10.2.0.1/24 dev lo", "addr add 2001:db8::1/64 dev lo nodad", "addr del 10.2.0.1/24 dev lo", "addr del 2001:db8::1/64 dev lo"},
			[]string{"new 10.2.0.1/24 dev lo", "new 2001:db8::1/64 dev lo", "del 10.2.0.1/24 dev lo", "del 2001:db8::1/64 dev lo"}},
		{"addr gets a lifetime", "addr", []string{"addr change 10.0.0.9/24 dev v0 valid_lft 500 preferred_lft 400", "addr change 10.0.0.9/24 dev v0 valid_lft 700 preferred_lft 400"},
			[]string{"new 10.0.0.9/24 dev v0", "new 10.0.0.9/24 dev v0"}},
		{"rule", "rule", []string{"rule add from 10.2.0.0/16 table 100 priority 500", "-6 rule add fwmark 5 table 101 priority 600", "rule del priority 500"},
			[]string{"new 500 from 10.2.0.0/16 table 100", "new 600 fwmark 0x5 table 101", "del 500 from 10.2.0.0/16 table 100"}},
		{"neigh", "neigh", []string{"neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev v0", "neigh change 10.0.0.2 lladdr 02:00:00:00:00:03 dev v0 nud stale", "neigh del 10.0.0.2 dev v0"},
			[]string{"new 10.0.0.2 dev v0 permanent", "new 10.0.0.2 dev v0 stale", "new 10.0.0.2 dev v0 failed", "del 10.0.0.2 dev v0 failed"}},
		{"route", "route", []string{"route add 10.9.0.0/16 via 10.0.0.2", "route del 10.9.0.0/16"},
			[]string{"new 10.9.0.0/16 via 10.0.0.2 dev v0", "del 10.9.0.0/16 via 10.0.0.2 dev v0"}},
		{"route replaced", "route", []string{"route add 10.9.0.0/16 via 10.0.0.2", "route replace 10.9.0.0/16 via 10.0.0.3", "route replace 10.9.0.0/16 via 10.0.0.3 mtu 1300"},
			[]string{"new 10.9.0.0/16 via 10.0.0.2 dev v0", "del 10.9.0.0/16 via 10.0.0.2 dev v0", "new 10.9.0.0/16 via 10.0.0.3 dev v0", "new 10.9.0.0/16 via 10.0.0.3 dev v0"}},
		{"route appended, the first replaced", "route", []string{"route add 10.9.0.0/16 via 10.0.0.2", "route append 10.9.0.0/16 via 10.0.0.3", "route replace 10.9.0.0/16 via 10.0.0.4"},
			[]string{"new 10.9.0.0/16 via 10.0.0.2 dev v0", "new 10.9.0.0/16 via 10.0.0.3 dev v0", "new 10.9.0.0/16 via 10.0.0.4 dev v0", "del 10.9.0.0/16 via 10.0.0.2 dev v0 *"}},
		{"IPv6 ways", "route", []string{"-6 addr add 2001:db8::1/64 dev v0 nodad", "-6 route add 2001:db8:9::/48 via 2001:db8::2", "-6 route append 2001:db8:9::/48 via 2001:db8::3", "-6 route append 2001:db8:9::/48 via 2001:db8::4", "-6 route del 2001:db8:9::/48 via 2001:db8::2"}, nil},
		{"IPv6 replaced", "route", []string{"-6 addr add 2001:db8::1/64 dev v0 nodad", "-6 route add 2001:db8:9::/48 via 2001:db8::2", "-6 route replace 2001:db8:9::/48 nexthop via 2001:db8::3 nexthop via 2001:db8::4", "-6 route replace 2001:db8:9::/48 via 2001:db8::3"}, nil},
		{"routes of a link that goes down", "route", []string{"route add 10.9.0.0/16 via 10.0.0.2", "route add 10.8.0.0/16 dev v1 table 7", "link set v0 down"}, nil},
		{"routes of an address", "route", []string{"route add 10.8.0.0/16 dev v1 src 10.0.0.9", "addr del 10.0.0.9/24 dev v0"}, nil},
		{"routes by nexthop", "route", []string{"nexthop add id 5 via 10.0.0.2 dev v0", "route add 10.8.0.0/16 nhid 5", "nexthop del id 5"}, nil},
		{"carrier", "route", []string{"route add 10.9.0.0/16 via 10.0.0.2", "link set v1 down"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, ns := monitored(t)
			s := subscribe(t, h, &nlcore.SubscribeOptions{Kinds: []string{c.kind}})
			known := present(t, h, c.kind)
			var got []string
			for _, line := range c.do {
				nstest.IP(t, ns, strings.Fields(line)...)
				drain(t, s, func(e nlcore.Event) {
					got = append(got, eventText(e))
					known.take(t, e)
				})
			}
			if c.want != nil {
				if d := cmp.Diff(c.want, got); d != "" {
					t.Error("-want +got:\n", d)
				}
			}
			if len(got) == 0 {
				t.Error("no event")
			}
			sameViews(t, present(t, h, c.kind), known)
			if n := s.Resyncs(); n != 0 {
				t.Errorf("%d resyncs", n)
			}
		})
	}
}

// addRoutes applies a verb to n routes of lo.
func applyRoutes(h *nlcore.Handle, verb val.Verb, n int, r nlcore.Route) error {
	i := 0
	_, err := h.ApplyEach(context.Background(), func() (nlcore.Change, error) {
		if i == n {
			return nlcore.Change{}, io.EOF
		}
		i++
		c := r
		c.Dst = netip.PrefixFrom(netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
		return nlcore.Change{Verb: verb, Object: &c}, nil
	})
	return err
}

// A subscriber that does not read while more happens than its buffer holds ends
// with the true state, and says that there was a loss.
func TestSubscriptionLoss(t *testing.T) {
	lo := nlcore.Route{Dev: val.LinkIndex(1)}
	for _, c := range []struct {
		name          string
		before, while func(h *nlcore.Handle) error
		news, dels    int // events of routes
	}{
		{"100,000 routes added", nil, func(h *nlcore.Handle) error { return applyRoutes(h, nlcore.Add, 100_000, lo) }, 100_000, 0},
		{"routes deleted", func(h *nlcore.Handle) error { return applyRoutes(h, nlcore.Add, 20_000, lo) },
			func(h *nlcore.Handle) error { return applyRoutes(h, nlcore.Del, 19_000, lo) }, 0, 19_000},
		{"routes changed", func(h *nlcore.Handle) error { return applyRoutes(h, nlcore.Add, 5_000, lo) },
			func(h *nlcore.Handle) error {
				r := lo
				r.Type.Set(nlcore.RouteType(7)) // unreachable
				r.Dev = val.LinkRef{}
				if err := applyRoutes(h, nlcore.Replace, 3_000, r); err != nil {
					return err
				}
				r = lo
				r.Src = netip.MustParseAddr("127.0.0.1")
				return applyRoutes(h, nlcore.Replace, 1_000, r)
			}, 3_000, 2_000},
		{"added and deleted again", nil, func(h *nlcore.Handle) error {
			if err := applyRoutes(h, nlcore.Add, 5_000, lo); err != nil {
				return err
			}
			return applyRoutes(h, nlcore.Del, 5_000, lo)
		}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := newHandle(t)
			if c.before != nil {
				must(t, c.before(h))
			}
			s := subscribe(t, h, &nlcore.SubscribeOptions{Buffer: 4096})
			known := present(t, h, nlcore.SubscribeKinds()...)
			must(t, c.while(h))
			count := map[nlcore.EventOp]int{}
			drain(t, s, func(e nlcore.Event) {
				known.take(t, e)
				count[e.Op]++
				if !e.Resync {
					t.Errorf("%v is told as if nothing had been lost", e)
				}
			})
			sameViews(t, present(t, h, nlcore.SubscribeKinds()...), known)
			if s.Resyncs() != 1 || count[nlcore.EventNew] != c.news || count[nlcore.EventDel] != c.dels {
				t.Errorf("%d resyncs, events %v, want 1, %d new and %d del", s.Resyncs(), count, c.news, c.dels)
			}
		})
	}
}
