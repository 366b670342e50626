package bench

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

const (
	routeDev = "v0"
	routeVia = "192.168.0.2"
)

var (
	via      = netip.MustParseAddr(routeVia)
	routeOps = []string{"add", "replace", "delete"}
)

// dst is the i-th destination: 10.0.0.0/32 and up.
func dst(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
}

// routeLinks makes the veth that all routes go through, and returns its index.
func routeLinks(b *testing.B, h *nlcore.Handle) int {
	b.Helper()
	err := h.LinkAdd(ctx, &nlcore.Veth{
		LinkAttrs: nlcore.LinkAttrs{Name: routeDev, Up: val.On, Addrs: []nlcore.Addr{*nlcore.MustParseAddr("192.168.0.1/24")}},
		Peer:      &nlcore.LinkAttrs{Name: "v1", Up: val.On},
	})
	must(b, err)
	b.Cleanup(func() { must(b, h.LinkDel(ctx, val.LinkName(routeDev))) })
	l, err := h.LinkByName(ctx, routeDev)
	must(b, err)
	return int(l.Attrs().Index)
}

// changer is a contender in changing routes. do makes the change op for
// all routes; ready, if any, prepares before the clock runs, and done ends it.
type changer struct {
	name  string
	go_   bool
	ready func() error
	do    func(op string) error
	done  func()
}

func (c changer) String() string { return c.name }

func BenchmarkRouteChanges(b *testing.B) {
	h := handle(b)
	index := routeLinks(b, h)
	t := &table{key: "routes", title: counted(*routes, "routes"), per: *routes}
	all := []changer{floorChanger(b, index), goEach(h), goSlice(h)}
	all = append(all, luaChangers(b)...)
	all = append(all, ipChanger(b), vishvanandaChanger(b, index), rtnetlinkChanger(b, index))
	all = chosen(b, all)
	for _, c := range all {
		t.row(c.name).go_ = c.go_
	}
	for _, op := range routeOps {
		t.limit("Go, next function", op, 1.08)
		t.limit("Go, slice", op, 1.08)
		t.limit("Lua, list", op, map[string]float64{"add": 1.15, "replace": 1.5, "delete": 1.15}[op])
		t.limit("Lua, function", op, map[string]float64{"add": 1.15, "replace": 1.5, "delete": 1.15}[op])
	}
	round := 0
	for b.Loop() {
		for _, c := range rotated(all, round) {
			changeRoutes(b, t, c)
		}
		round++
	}
	t.finish(b)
}

// changeRoutes lets one contender add, replace and delete all routes.
func changeRoutes(b *testing.B, t *table, c changer) {
	b.Helper()
	if c.ready != nil {
		must(b, c.ready())
	}
	for _, op := range routeOps {
		t.measure(b, c.name, op, func() error { return c.do(op) })
	}
	if c.done != nil {
		c.done()
	}
}

func floorChanger(b *testing.B, index int) changer {
	f := newFloor(b)
	return changer{name: "floor", go_: true, do: func(op string) error {
		typ, flags := uint16(unix.RTM_NEWROUTE), uint16(unix.NLM_F_CREATE|unix.NLM_F_EXCL)
		switch op {
		case "replace":
			flags = unix.NLM_F_CREATE | unix.NLM_F_REPLACE
		case "delete":
			typ, flags = unix.RTM_DELROUTE, 0
		}
		return f.batch(*routes, func(i int) int { return f.route(typ, flags, i, index) })
	}}
}

// route writes the message of the i-th route.
func (f *floor) route(typ, flags uint16, i, index int) int {
	start := f.begin(typ, flags)
	f.out = append(f.out, unix.AF_INET, 32, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_BOOT,
		unix.RT_SCOPE_UNIVERSE, unix.RTN_UNICAST, 0, 0, 0, 0)
	f.be32(unix.RTA_DST, 10<<24+uint32(i))
	f.be32(unix.RTA_GATEWAY, 192<<24+168<<16+2)
	f.u32(unix.RTA_OIF, uint32(index))
	f.end(start)
	return start
}
