package bench

import (
	"net"
	"testing"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	vishvananda   = "vishvananda/netlink"
	rtnetlinkName = "jsimonetti/rtnetlink"
)

func vishvanandaHandle(b *testing.B) *netlink.Handle {
	b.Helper()
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	must(b, err)
	b.Cleanup(h.Close)
	return h
}

func rtnetlinkConn(b *testing.B) *rtnetlink.Conn {
	b.Helper()
	c, err := rtnetlink.Dial(nil)
	must(b, err)
	b.Cleanup(func() { must(b, c.Close()) })
	return c
}

// vishvanandaChanger uses a Handle, whose socket stays open.
func vishvanandaChanger(b *testing.B, index int) changer {
	h := vishvanandaHandle(b)
	do := map[string]func(*netlink.Route) error{"add": h.RouteAdd, "replace": h.RouteReplace, "delete": h.RouteDel}
	gw := net.IP(via.AsSlice())
	return changer{name: vishvananda, go_: true, do: func(op string) error {
		for i := range *routes {
			to := &net.IPNet{IP: dst(i).AsSlice(), Mask: net.CIDRMask(32, 32)}
			if err := do[op](&netlink.Route{LinkIndex: index, Dst: to, Gw: gw}); err != nil {
				return err
			}
		}
		return nil
	}}
}

func rtnetlinkChanger(b *testing.B, index int) changer {
	c := rtnetlinkConn(b)
	do := map[string]func(*rtnetlink.RouteMessage) error{"add": c.Route.Add, "replace": c.Route.Replace, "delete": c.Route.Delete}
	gw := net.IP(via.AsSlice())
	return changer{name: rtnetlinkName, go_: true, do: func(op string) error {
		for i := range *routes {
			err := do[op](&rtnetlink.RouteMessage{
				Family: unix.AF_INET, DstLength: 32, Table: unix.RT_TABLE_MAIN, Protocol: unix.RTPROT_BOOT,
				Scope: unix.RT_SCOPE_UNIVERSE, Type: unix.RTN_UNICAST,
				Attributes: rtnetlink.RouteAttributes{Dst: dst(i).AsSlice(), Gateway: gw, OutIface: uint32(index)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	}}
}
