package nlcore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns"
)

// awaitRoutes runs do and returns when the kernel has told of a new IPv6 route
// to each of dsts as often as it stands there. The kernel makes those of
// addresses and carriers from a work queue, after the request was answered.
func awaitRoutes(t testing.TB, ns *netns.NS, dsts []string, do func()) {
	t.Helper()
	var c *nl.Conn
	must(t, ns.Do(func() (err error) { c, err = nl.Dial(nil); return err }))
	defer c.Close()
	must(t, c.Join(uapi.RTNLGRP_IPV6_ROUTE))
	do()
	left := map[string]int{}
	for _, d := range dsts {
		left[d]++
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	seen := errors.New("all seen")
	err := c.Receive(ctx, func(m nl.Message) error {
		r := &nlcore.Route{}
		if m.Type != uapi.RTM_NEWROUTE {
			return nil
		}
		if err := r.Views()[0].Decode(&attr.Env{}, m.Data); err != nil {
			return err
		}
		dst, _ := nlcore.Field(nil, r, "dst")
		if left[dst.String()]--; left[dst.String()] <= 0 {
			delete(left, dst.String())
		}
		if len(left) == 0 {
			return seen
		}
		return nil
	})
	if !errors.Is(err, seen) {
		t.Fatalf("waiting for routes %v: %v", left, err)
	}
}
