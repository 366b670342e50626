package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	peer "github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

const (
	namespaces = 100
	netnsDir   = "/run/netns"
)

func netnsName(i int) string { return fmt.Sprintf("bench%d", i) }

// BenchmarkNetns makes named namespaces and deletes them.
func BenchmarkNetns(b *testing.B) {
	nstest.Sandboxed(b)
	ns, err := netns.NewNamed("first") // sets the folder up
	must(b, err)
	must(b, ns.Close())
	must(b, netns.DeleteNamed("first"))
	t := &table{key: "netns", title: counted(namespaces, "namespaces"), per: namespaces}
	all := chosen(b, []changer{floorNetns(), goNetns(), luaNetns(b), ipNetns(), vishvanandaNetns()})
	for _, c := range all {
		t.row(c.name).go_ = c.go_
	}
	round := 0
	for b.Loop() {
		for _, c := range rotated(all, round) {
			for _, op := range []string{"create", "delete"} {
				t.measure(b, c.name, op, func() error { return c.do(op) })
			}
		}
		round++
	}
	t.finish(b)
}

// everyNetns does one of two things for each namespace.
func everyNetns(create, del func(name string) error) func(op string) error {
	return func(op string) error {
		do := create
		if op == "delete" {
			do = del
		}
		for i := range namespaces {
			if err := do(netnsName(i)); err != nil {
				return fmt.Errorf("%s %s: %w", op, netnsName(i), err)
			}
		}
		return nil
	}
}

// floorNetns makes all namespaces on one thread, which goes back afterwards.
func floorNetns() changer {
	create := func(name string) error {
		path := filepath.Join(netnsDir, name)
		fd, err := unix.Open(path, unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		unix.Close(fd)
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return err
		}
		return unix.Mount("/proc/thread-self/ns/net", path, "none", unix.MS_BIND, "")
	}
	del := func(name string) error {
		path := filepath.Join(netnsDir, name)
		if err := unix.Unmount(path, unix.MNT_DETACH); err != nil {
			return err
		}
		return unix.Unlink(path)
	}
	return changer{name: "floor", go_: true, do: func(op string) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		home, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			return err
		}
		defer home.Close()
		if err := everyNetns(create, del)(op); err != nil {
			return err
		}
		return unix.Setns(int(home.Fd()), unix.CLONE_NEWNET)
	}}
}

func goNetns() changer {
	return changer{name: "Go", go_: true, do: everyNetns(func(name string) error {
		ns, err := netns.NewNamed(name)
		if err != nil {
			return err
		}
		return ns.Close()
	}, netns.DeleteNamed)}
}

// luaNetns brings lo up too, as netns.add does.
func luaNetns(b *testing.B) changer {
	in := interp(b)
	return changer{name: "Lua, lo up", go_: true, do: func(op string) error {
		if op == "create" {
			return in.Run(ctx, op, fmt.Sprintf(`for i = 0, %d - 1 do netns.add("bench" .. i) end`, namespaces))
		}
		return in.Run(ctx, op, fmt.Sprintf(`for i = 0, %d - 1 do netns.get("bench" .. i):del() end`, namespaces))
	}}
}

func ipNetns() changer {
	return changer{name: "ip netns", do: everyNetns(
		func(name string) error { return ip("netns", "add", name) },
		func(name string) error { return ip("netns", "del", name) })}
}

// vishvanandaNetns is on a thread that goes back each time, since NewNamed
// leaves it in the new namespace.
func vishvanandaNetns() changer {
	create := func(name string) error {
		home, err := peer.Get()
		if err != nil {
			return err
		}
		defer home.Close()
		ns, err := peer.NewNamed(name)
		if err != nil {
			return err
		}
		defer ns.Close()
		return peer.Set(home)
	}
	return changer{name: "vishvananda/netns", go_: true, do: func(op string) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return everyNetns(create, peer.DeleteNamed)(op)
	}}
}
