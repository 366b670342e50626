package nlcore_test

import (
	"context"
	"fmt"

	"nlsh/nlcore"
	"nlsh/nlcore/netns"
)

// inFreshNetns runs an example in a network namespace of its own.
func inFreshNetns(f func(ctx context.Context, h *nlcore.Handle) error) {
	ns, err := netns.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ns.Close()
	h, err := nlcore.NewHandleAt(ns, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer h.Close()
	if err := f(context.Background(), h); err != nil {
		fmt.Println(err)
	}
}

// A bridge foo takes eth1.
func ExampleHandle_LinkSetMaster() {
	inFreshNetns(func(ctx context.Context, h *nlcore.Handle) error {
		eth1 := &nlcore.Veth{LinkAttrs: nlcore.LinkAttrs{Name: "eth1"}, Peer: &nlcore.LinkAttrs{Name: "far"}}
		if err := h.LinkAdd(ctx, eth1); err != nil {
			return err
		}

		if err := h.LinkAdd(ctx, &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: "foo"}}); err != nil {
			return err
		}
		if err := h.LinkSetMaster(ctx, nlcore.LinkName("eth1"), nlcore.LinkName("foo")); err != nil {
			return err
		}

		l, err := h.LinkByName(ctx, "eth1")
		if err != nil {
			return err
		}
		fmt.Println(l.Attrs().Name, l.Kind(), "is a port of", l.Attrs().Master)
		return nil
	})
	// Output: eth1 veth is a port of foo
}

// An address on lo.
func ExampleHandle_AddrAdd() {
	inFreshNetns(func(ctx context.Context, h *nlcore.Handle) error {
		if err := h.AddrAdd(ctx, nlcore.LinkName("lo"), nlcore.MustParseAddr("169.254.169.254/32")); err != nil {
			return err
		}
		addrs, err := h.AddrList(ctx, &nlcore.Addr{Dev: nlcore.LinkName("lo")})
		if err != nil {
			return err
		}
		for _, a := range addrs {
			fmt.Println(a.String())
		}
		return nil
	})
	// Output: 169.254.169.254/32 dev lo
}
