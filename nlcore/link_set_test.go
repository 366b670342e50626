package nlcore_test

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
)

// Each of the setters that Go users know changes what ip prints of a link.
func TestLinkSetters(t *testing.T) {
	h, ns := newHandle(t)
	ctx := context.Background()
	nstest.IP(t, ns, "link", "add", "v0", "type", "veth", "peer", "name", "v1")
	v0 := nlcore.LinkName("v0")
	for _, tt := range []struct {
		name string
		err  error
	}{
		{"address", h.LinkSetHardwareAddr(ctx, v0, net.HardwareAddr{2, 0, 0, 0, 0, 0xaa})},
		{"queue", h.LinkSetTxQLen(ctx, v0, 0)},
		{"alias", h.LinkSetAlias(ctx, v0, "to the lab")},
		{"group", h.LinkSetGroup(ctx, v0, 4242)},
		{"altnames", h.LinkAddAltName(ctx, v0, "left", "left-hand-end-of-the-cable", "other")},
		{"one less, by another", h.LinkDelAltName(ctx, nlcore.LinkName("left"), "other")},
	} {
		if tt.err != nil {
			t.Errorf("%s: %v", tt.name, tt.err)
		}
	}
	for what, err := range map[string]error{
		"EEXIST": h.LinkAddAltName(ctx, v0, "left"), "ENOENT": h.LinkDelAltName(ctx, v0, "gone"),
	} {
		var e *nlcore.Error
		if !errors.As(err, &e) || e.ErrnoName() != what {
			t.Errorf("got %v, want %s", err, what)
		}
	}
	var l []map[string]any
	nstest.IPJSON(t, ns, &l, "link", "show", "v0")
	want := map[string]any{
		"address": "02:00:00:00:00:aa", "ifalias": "to the lab", "group": "4242",
		"altnames": []any{"left", "left-hand-end-of-the-cable"},
		"txqlen":   0.0,
	}
	if d := cmp.Diff(want, picked(l[0], "address", "txqlen", "ifalias", "group", "altnames")); d != "" {
		t.Errorf("ip prints, -want +got:\n%s", d)
	}
	there := nstest.NewNS(t)
	must(t, h.LinkSetNsFd(ctx, v0, there.Fd()))
	nstest.IP(t, there, "link", "show", "v0")
	// Of this process, in whose namespace the test does not work.
	err := h.LinkSetNsPid(ctx, nlcore.LinkName("v1"), -1)
	if !errors.Is(err, syscall.ESRCH) && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("to a process that is not there: %v", err)
	}
}
