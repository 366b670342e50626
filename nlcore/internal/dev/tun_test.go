package dev_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/internal/dev"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// TestCreateTun makes links that the kernel and that we name, and some that
// are refused and leave nothing.
func TestCreateTun(t *testing.T) {
	nstest.NeedTun(t)
	bad := uint32(1<<32 - 1) // no user
	tests := []struct {
		name string
		tun  dev.Tun
		want string
		err  error
	}{
		{"a name of the kernel's", dev.Tun{Flags: uapi.IFF_TUN}, "tun0", nil},
		{"a name and an index", dev.Tun{Name: "t0", Flags: uapi.IFF_TAP, Index: 44}, "t0", nil},
		{"taken by another kind", dev.Tun{Name: "lo", Flags: uapi.IFF_TAP}, "", syscall.EEXIST},
		{"neither tun nor tap", dev.Tun{Name: "t1"}, "", syscall.EINVAL},
		{"no such user", dev.Tun{Name: "t2", Flags: uapi.IFF_TUN, Owner: &bad}, "", syscall.EINVAL},
		{"a long name", dev.Tun{Name: strings.Repeat("x", 16), Flags: uapi.IFF_TUN}, "", syscall.EINVAL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ns := nstest.NewNS(t)
			var got string
			err := ns.Do(func() (err error) { got, err = dev.CreateTun(&tt.tun); return err })
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, tt.want, tt.err)
			}
			var links []struct {
				Ifname  string
				Ifindex int32
			}
			nstest.IPJSON(t, ns, &links, "link")
			var names []string
			for _, l := range links[1:] {
				names = append(names, l.Ifname)
				if tt.tun.Index != 0 && l.Ifindex != tt.tun.Index {
					t.Errorf("index %d, want %d", l.Ifindex, tt.tun.Index)
				}
			}
			want := []string{tt.want}
			if tt.want == "" {
				want = nil
			}
			if d := cmp.Diff(want, names); d != "" {
				t.Errorf("links beside lo, -want +got:\n%s", d)
			}
		})
	}
}
