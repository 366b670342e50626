package bench

import (
	"fmt"
	"net"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

const (
	manyLinks = 1000
	skipStats = 1 << 3 // RTEXT_FILTER_SKIP_STATS
)

// linkName is the i-th of the links that are listed.
func linkName(i int) string {
	if i%2 == 0 {
		return vethName(i / 2)
	}
	return peerName(i / 2)
}

// listedLinks makes many links (veth pairs, the one kind that every kernel
// has), in a group that is deleted at once.
func listedLinks(b *testing.B, h *nlcore.Handle) {
	b.Helper()
	l := make([]nlcore.Change, manyLinks/2)
	for i := range l {
		l[i] = nlcore.Change{Verb: nlcore.Add, Object: &nlcore.Veth{
			LinkAttrs: nlcore.LinkAttrs{Name: vethName(i), Group: val.U32(group)},
			Peer:      &nlcore.LinkAttrs{Name: peerName(i)},
		}}
	}
	must(b, h.Apply(ctx, l...))
	f := newFloor(b)
	b.Cleanup(func() { must(b, f.deleteGroup()) })
}

// group is the number of the group that all links made for a measurement are
// in.
const group = 7

// deleteGroup deletes the links of the group.
func (f *floor) deleteGroup() error {
	start := f.begin(unix.RTM_DELLINK, 0)
	f.out = append(f.out, make([]byte, unix.SizeofIfInfomsg)...)
	f.u32(unix.IFLA_GROUP, group)
	f.end(start)
	return f.flush(start)
}

func BenchmarkLinkList(b *testing.B) {
	h := handle(b)
	listedLinks(b, h)
	t := &table{key: "links", title: counted(manyLinks, "links"), per: manyLinks}
	t.row("floor")
	t.limit("Go, list", "list", 1.3)
	f, in, v, c := newFloor(b), interp(b), vishvanandaHandle(b), rtnetlinkConn(b)
	t.listing(b, manyLinks, []reader{{
		name: "floor", go_: true, read: func() (int, any, error) {
			start := f.begin(unix.RTM_GETLINK, unix.NLM_F_DUMP)
			f.out = append(f.out, make([]byte, unix.SizeofIfInfomsg)...)
			f.u32(unix.IFLA_EXT_MASK, skipStats)
			f.end(start)
			n, err := f.dump()
			return n, nil, err
		},
	}, {
		name: "Go, list", go_: true, read: func() (int, any, error) {
			l, err := h.LinkList(ctx)
			return len(l), nil, err
		},
	}, {
		name: "Lua, list", go_: true, read: func() (int, any, error) {
			n, err := luaNumber(in, "#link.list()")
			return n, nil, err
		},
	}, {
		name: "ip link", read: func() (int, any, error) {
			out := &lines{}
			cmd := exec.Command("ip", "-o", "link")
			cmd.Stdout = out
			err := cmd.Run()
			return out.n, nil, err
		},
	}, {
		name: "net.Interfaces", go_: true, read: func() (int, any, error) {
			l, err := net.Interfaces()
			return len(l), nil, err
		},
	}, {
		name: vishvananda, go_: true, read: func() (int, any, error) {
			l, err := v.LinkList()
			return len(l), nil, err
		},
	}, {
		name: rtnetlinkName, go_: true, read: func() (int, any, error) {
			l, err := c.Link.List()
			return len(l), nil, err
		},
	}})
	t.finish(b)
}

// lines counts lines.
type lines struct{ n int }

func (l *lines) Write(b []byte) (int, error) {
	for _, c := range b {
		if c == '\n' {
			l.n++
		}
	}
	return len(b), nil
}

func BenchmarkLinkByName(b *testing.B) {
	h := handle(b)
	listedLinks(b, h)
	t := &table{key: "lookups", title: counted(manyLinks, "lookups"), per: manyLinks}
	t.row("floor")
	t.limit("Go, by name", "list", 1.3)
	f, in, v := newFloor(b), interp(b), vishvanandaHandle(b)
	all := func(one func(name string) error) func() (int, any, error) {
		return func() (int, any, error) {
			for i := range manyLinks {
				if err := one(linkName(i * 617 % manyLinks)); err != nil {
					return i, nil, err
				}
			}
			return manyLinks, nil, nil
		}
	}
	t.listing(b, manyLinks, []reader{
		{name: "floor", go_: true, read: all(f.lookUp)},
		{name: "Go, by name", go_: true, read: all(func(name string) error { _, err := h.LinkByName(ctx, name); return err })},
		{name: "Lua, get", go_: true, read: func() (int, any, error) {
			n, err := luaNumber(in, `local get, n = link.get, 0 for i = 0, 999 do local k = i * 617 % 1000 get((k % 2 == 0 and "a" or "b") .. math.floor(k / 2)) n = n + 1 end return n`)
			return n, nil, err
		}},
		{name: vishvananda, go_: true, read: all(func(name string) error { _, err := v.LinkByName(name); return err })},
	})
	t.finish(b)
}

// lookUp asks for a link and reads the answer, which goes before the
// acknowledgement.
func (f *floor) lookUp(name string) error {
	start := f.begin(unix.RTM_GETLINK, 0)
	f.out = append(f.out, make([]byte, unix.SizeofIfInfomsg)...)
	f.u32(unix.IFLA_EXT_MASK, skipStats)
	f.text(unix.IFLA_IFNAME, name)
	f.end(start)
	if err := unix.Sendto(f.fd, f.out, 0, &f.to); err != nil {
		return err
	}
	f.out = f.out[:0]
	n, err := unix.Read(f.fd, f.in)
	if err == nil && (n < 20 || order.Uint16(f.in[4:]) != unix.RTM_NEWLINK) {
		err = fmt.Errorf("no link %s in %d bytes", name, n)
	}
	return err
}
