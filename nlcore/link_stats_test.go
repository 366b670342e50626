package nlcore_test

import (
	"context"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns/nstest"
)

// TestLinkStats sends packets over lo, so that the counters differ, and
// compares them with /sys, which has each under the kernel's name.
func TestLinkStats(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	must(t, h.LinkSetUp(ctx, nlcore.LinkName("lo")))
	must(t, ns.Do(func() error {
		c, err := net.Dial("udp", "127.0.0.1:9")
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.Write(make([]byte, 1000))
		return err
	}))
	got, err := h.LinkByName(ctx, "lo")
	must(t, err)
	if s := got.Attrs().Stats; s == nil || s.RxPackets == 0 || s.RxBytes <= s.RxPackets {
		t.Fatalf("nothing was counted: %+v", s)
	}
	listed, err := h.LinkList(ctx)
	must(t, err)
	for _, l := range append(listed, got) {
		v, ok := nlcore.Field(h.Env(), l, "stats")
		if !ok {
			t.Fatalf("%v has no stats", l)
		}
		ours := map[string]string{}
		for _, p := range v.Table() {
			ours["statistics/"+p.Key] = p.Val.String()
		}
		keys := make([]string, 0, len(ours))
		for k := range ours {
			if k != "statistics/rx_otherhost_dropped" { // not in /sys
				keys = append(keys, k)
			}
		}
		want := sysfs(t, ns, "lo", keys...)
		want["statistics/rx_otherhost_dropped"] = "0"
		if d := cmp.Diff(want, ours); d != "" {
			t.Errorf("%v: -/sys +ours:\n%s", l, d)
		}
	}
	var shown []struct {
		Stats64 struct{ Rx, Tx map[string]uint64 }
	}
	nstest.IPJSON(t, ns, &shown, "-s", "link", "show", "lo")
	s := got.Attrs().Stats
	want := []uint64{shown[0].Stats64.Rx["bytes"], shown[0].Stats64.Rx["packets"], shown[0].Stats64.Tx["bytes"], shown[0].Stats64.Tx["packets"]}
	if d := cmp.Diff(want, []uint64{s.RxBytes, s.RxPackets, s.TxBytes, s.TxPackets}); d != "" {
		t.Errorf("-ip +ours:\n%s", d)
	}
}

// TestLinkStatsLength: older kernels send fewer counters, newer ones more.
func TestLinkStatsLength(t *testing.T) {
	for _, n := range []int{0, 7, 8, 184, 200, 208} {
		body := make([]byte, 16)
		b, start := attr.Open(body, 23) // IFLA_STATS64
		for i := range n {
			b = append(b, byte(i%8/7)*byte(i/8+1)) // the number of each counter, big-endian
		}
		b, err := attr.Close(b, start)
		must(t, err)
		l := &nlcore.GenericLink{}
		must(t, l.Views()[0].Decode(&attr.Env{}, b))
		v, _ := nlcore.Field(nil, l, "stats")
		if len(v.Table()) != 25 {
			t.Fatalf("%d bytes: %d counters", n, len(v.Table()))
		}
		for i, p := range v.Table() {
			want := uint64(0)
			if i < n/8 {
				want = uint64(i+1) << 56
			}
			if p.Val.Uint() != want {
				t.Errorf("%d bytes: %s is %#x, want %#x", n, p.Key, p.Val.Uint(), want)
			}
		}
	}
}
