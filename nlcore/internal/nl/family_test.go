package nl_test

import (
	"errors"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestFamily asks for the one family whose numbers are fixed in the kernel
// (net/netlink/genetlink.c), and for one that no kernel has.
func TestFamily(t *testing.T) {
	c := dial(t, &nl.Options{Protocol: unix.NETLINK_GENERIC})
	got, err := c.Family(t.Context(), "nlctrl")
	want := nl.Family{ID: uapi.GENL_ID_CTRL, Version: 2, Groups: map[string]uint32{"notify": 16}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, family (-want +got):\n%s", err, diff)
	}
	_, err = c.Family(t.Context(), "nosuchthing")
	if !errors.Is(err, unix.ENOENT) {
		t.Errorf("got %v, want %v", err, unix.ENOENT)
	}
	ear := dial(t, &nl.Options{Protocol: unix.NETLINK_GENERIC})
	if err := ear.Join(got.Groups["notify"]); err != nil {
		t.Error(err)
	}
}
