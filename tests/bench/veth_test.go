package bench

import (
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

const (
	pairs       = 500
	benchBridge = "br0"
	firstIndex  = 1 << 20 // of the floor's links, so that addresses can be packed with them
)

func vethName(i int) string { return fmt.Sprintf("a%d", i) }
func peerName(i int) string { return fmt.Sprintf("b%d", i) }

// vethAddr is the i-th address, of /24.
func vethAddr(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}) }

// BenchmarkVeth makes pairs of veth links, one end of each with a master, up
// and with an address; they are deleted again off the clock.
func BenchmarkVeth(b *testing.B) {
	h := handle(b)
	must(b, h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: benchBridge}}))
	b.Cleanup(func() { must(b, h.LinkDel(ctx, val.LinkName(benchBridge))) })
	master, err := h.LinkByName(ctx, benchBridge)
	must(b, err)
	t := &table{key: "veth", title: counted(pairs, "veth pairs"), per: pairs}
	all := chosen(b, []changer{floorVeth(b, int(master.Attrs().Index)), goVeth(h), luaVeth(b), ipVeth(b), vishvanandaVeth(b, int(master.Attrs().Index))})
	for _, c := range all {
		t.row(c.name).go_ = c.go_
	}
	f, round := newFloor(b), 0
	for b.Loop() {
		for _, c := range rotated(all, round) {
			t.measure(b, c.name, "create", func() error { return c.do("create") })
			must(b, f.deleteGroup())
		}
		round++
	}
	t.finish(b)
}

func floorVeth(b *testing.B, master int) changer {
	f, index := newFloor(b), firstIndex
	return changer{name: "floor", go_: true, do: func(string) error {
		base := index
		index += pairs
		return f.batch(2*pairs, func(i int) int {
			if i%2 == 0 {
				return f.veth(i/2, base+i/2, master)
			}
			return f.address(i/2, base+i/2)
		})
	}}
}

// veth writes a pair of links, the first up and with a master.
func (f *floor) veth(i, index, master int) int {
	start := f.begin(unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL)
	f.out = append(f.out, make([]byte, unix.SizeofIfInfomsg)...)
	head := f.out[start+16:]
	order.PutUint32(head[4:], uint32(index))
	order.PutUint32(head[8:], unix.IFF_UP)
	order.PutUint32(head[12:], unix.IFF_UP)
	f.text(unix.IFLA_IFNAME, vethName(i))
	f.u32(unix.IFLA_GROUP, group)
	f.u32(unix.IFLA_MASTER, uint32(master))
	info := f.nest(unix.IFLA_LINKINFO | unix.NLA_F_NESTED)
	f.text(unix.IFLA_INFO_KIND, "veth")
	data := f.nest(unix.IFLA_INFO_DATA | unix.NLA_F_NESTED)
	peer := f.nest(1 | unix.NLA_F_NESTED) // VETH_INFO_PEER
	f.out = append(f.out, make([]byte, unix.SizeofIfInfomsg)...)
	f.text(unix.IFLA_IFNAME, peerName(i))
	f.endNest(peer)
	f.endNest(data)
	f.endNest(info)
	f.end(start)
	return start
}

// address writes the i-th address, on the link with that index.
func (f *floor) address(i, index int) int {
	start := f.begin(unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_EXCL)
	f.out = append(f.out, unix.AF_INET, 24, 0, unix.RT_SCOPE_UNIVERSE)
	f.out = order.AppendUint32(f.out, uint32(index))
	f.be32(unix.IFA_LOCAL, 10<<24+1<<16+uint32(i))
	f.be32(unix.IFA_ADDRESS, 10<<24+1<<16+uint32(i))
	f.end(start)
	return start
}

func goVeth(h *nlcore.Handle) changer {
	return changer{name: "Go, slice", go_: true, do: func(string) error {
		l := make([]nlcore.Change, pairs)
		for i := range l {
			l[i] = nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Veth{
				LinkAttrs: nlcore.LinkAttrs{
					Name: vethName(i), Group: val.U32(group), Master: val.LinkName(benchBridge), Up: val.On,
					Addrs: []nlcore.Addr{{Address: netip.PrefixFrom(vethAddr(i), 24)}},
				},
				Peer: &nlcore.LinkAttrs{Name: peerName(i)},
			}}
		}
		return h.Apply(ctx, l...)
	}}
}

func luaVeth(b *testing.B) changer {
	in := interp(b)
	return changer{name: "Lua, list", go_: true, do: func(string) error {
		return in.Run(ctx, "veth", fmt.Sprintf(`local l = {}
			for i = 0, %d - 1 do
				l[i + 1] = { "a" .. i, type="veth", link_group=%d, master=%q, up=true, peer={ "b" .. i },
					addrs={ ("10.1.%%d.%%d/24"):format(math.floor(i / 256), i %% 256) } }
			end
			link.add(l)`, pairs, group, benchBridge))
	}}
}

func ipVeth(b *testing.B) changer {
	file := filepath.Join(b.TempDir(), "veth")
	batchFile(b, file, pairs, func(i int) string {
		return fmt.Sprintf("link add %[1]s group %[2]d up master %[3]s type veth peer name %[4]s\naddr add %[5]v/24 dev %[1]s",
			vethName(i), group, benchBridge, peerName(i), vethAddr(i))
	})
	return changer{name: "ip -batch", do: func(string) error { return ip("-batch", file) }}
}

func vishvanandaVeth(b *testing.B, master int) changer {
	h := vishvanandaHandle(b)
	return changer{name: vishvananda, go_: true, do: func(string) error {
		for i := range pairs {
			l := &netlink.Veth{
				LinkAttrs: netlink.LinkAttrs{Name: vethName(i), Group: group, MasterIndex: master, Flags: net.FlagUp, TxQLen: -1},
				PeerName:  peerName(i),
			}
			if err := h.LinkAdd(l); err != nil {
				return err
			}
			a := &netlink.Addr{IPNet: &net.IPNet{IP: vethAddr(i).AsSlice(), Mask: net.CIDRMask(24, 32)}}
			if err := h.AddrAdd(l, a); err != nil {
				return err
			}
		}
		return nil
	}}
}
