package bench

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

// reader is a contender in listing. read returns how many there were, and what
// holds them, if anything does.
type reader struct {
	name string
	go_  bool
	keep bool // whether the memory of a whole list is of interest
	read func() (n int, kept any, err error)
}

func (r reader) String() string { return r.name }

// listing runs contenders in listing what is at least want things.
func (t *table) listing(b *testing.B, want int, all []reader) {
	b.Helper()
	all = chosen(b, all)
	for _, r := range all {
		t.row(r.name).go_ = r.go_
	}
	once := func(r reader) (any, error) {
		n, kept, err := r.read()
		if err == nil && n < want {
			err = fmt.Errorf("%s: %d, want %d or more", r.name, n, want)
		}
		return kept, err
	}
	for _, r := range all { // first, while the heap is small
		if r.keep {
			t.measurePeak(b, r.name, func() (any, error) { return once(r) })
		}
	}
	round := 0
	for b.Loop() {
		for _, r := range rotated(all, round) {
			t.measure(b, r.name, "list", func() error { _, err := once(r); return err })
		}
		round++
	}
}

func BenchmarkRouteDump(b *testing.B) {
	h := handle(b)
	index := routeLinks(b, h)
	must(b, floorChanger(b, index).do("add"))
	b.Cleanup(func() { must(b, floorChanger(b, index).do("delete")) })
	t := &table{key: "dump", title: counted(*routes, "routes"), per: *routes}
	t.row("floor")
	t.limit("Go, iterator", "list", 1.10)
	t.limit("Go, list", "list", 1.20)
	t.listing(b, *routes, append([]reader{floorReader(b), goIterator(h), goList(h)}, otherRouteReaders(b)...))
	t.finish(b)
}

func floorReader(b *testing.B) reader {
	f := newFloor(b)
	return reader{name: "floor", go_: true, read: func() (int, any, error) {
		start := f.begin(unix.RTM_GETROUTE, unix.NLM_F_DUMP)
		f.out = append(f.out, unix.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		f.end(start)
		n, err := f.dump()
		return n, nil, err
	}}
}

// ipv4 is what all contenders list: every table of IPv4.
var ipv4 = &nlcore.Route{Family: val.Some(nlcore.Inet)}

func goIterator(h *nlcore.Handle) reader {
	return reader{name: "Go, iterator", go_: true, keep: true, read: func() (n int, _ any, _ error) {
		for r, err := range h.RouteIter(ctx, ipv4) {
			if err != nil {
				return n, nil, err
			}
			n += r.Dst.Bits() / 32
		}
		return n, nil, nil
	}}
}

func goList(h *nlcore.Handle) reader {
	return reader{name: "Go, list", go_: true, keep: true, read: func() (int, any, error) {
		l, err := h.RouteList(ctx, ipv4)
		return len(l), l, err
	}}
}

func otherRouteReaders(b *testing.B) []reader {
	in, c, h := interp(b), rtnetlinkConn(b), vishvanandaHandle(b)
	return []reader{{
		name: "Lua, each", go_: true, keep: true, read: func() (int, any, error) {
			n, err := luaNumber(in, `local n = 0 for r in route.each{ family="inet", table="all" } do n = n + 1 end return n`)
			return n, nil, err
		},
	}, {
		name: "Lua, list", go_: true, keep: true, read: func() (int, any, error) {
			out, err := in.Eval(ctx, `#route.list{ family="inet", table="all" }`)
			if err != nil {
				return 0, nil, err
			}
			n := 0
			_, err = fmt.Sscan(out[0].String(), &n)
			return n, out, err
		},
	}, {
		name: "ip route", read: func() (int, any, error) {
			out := &lines{}
			cmd := exec.Command("ip", strings.Fields("-4 route list table all")...)
			cmd.Stdout = out
			return *routes, nil, cmd.Run()
		},
	}, {
		name: vishvananda + ", iterator", go_: true, keep: true, read: func() (n int, _ any, err error) {
			err = h.RouteListFilteredIter(unix.AF_INET, &netlink.Route{}, netlink.RT_FILTER_TABLE, func(netlink.Route) bool {
				n++
				return true
			})
			return n, nil, err
		},
	}, {
		name: vishvananda + ", list", go_: true, keep: true, read: func() (int, any, error) {
			l, err := h.RouteListFiltered(unix.AF_INET, &netlink.Route{}, netlink.RT_FILTER_TABLE)
			return len(l), l, err
		},
	}, {
		name: rtnetlinkName + ", list", go_: true, keep: true, read: func() (int, any, error) {
			l, err := c.Route.List()
			return len(l), l, err
		},
	}}
}
