package nl_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns/nstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"
)

// linkNamed is an ifinfomsg with a name.
func linkNamed(name string) nl.Encoder {
	return func(b []byte) ([]byte, error) {
		b, _ = ifinfo(b)
		return attrString(b, uapi.IFLA_IFNAME, name), nil
	}
}

func ifinfo(b []byte) ([]byte, error) {
	return append(b, make([]byte, unix.SizeofIfInfomsg)...), nil
}

func attrString(b []byte, typ uint16, s string) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(4+len(s)+1))
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = append(append(b, s...), 0)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// altName is an alternative name of lo, to add or delete.
func altName(name string) nl.Encoder {
	return func(b []byte) ([]byte, error) {
		b, _ = ifinfo(b)
		b[len(b)-12] = 1 // ifi_index
		start := len(b)
		b = append(b, 0, 0)
		b = binary.NativeEndian.AppendUint16(b, uapi.IFLA_PROP_LIST|uapi.NLA_F_NESTED)
		b = attrString(b, uapi.IFLA_ALT_IFNAME, name)
		binary.NativeEndian.PutUint16(b[start:], uint16(len(b)-start))
		return b, nil
	}
}

func linkIndex(m nl.Message) int32 { return int32(binary.NativeEndian.Uint32(m.Data[4:])) }

func TestKernelQuery(t *testing.T) {
	c := dial(t, nil)
	var got []int32
	err := c.Query(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("lo"), func(m nl.Message) error {
		got = append(got, linkIndex(m))
		return nil
	})
	if diff := cmp.Diff([]int32{1}, got); diff != "" || err != nil {
		t.Errorf("link lo: error %v, indices (-want +got):\n%s", err, diff)
	}
}

func TestKernelDump(t *testing.T) {
	c := dial(t, nil)
	for range 3 { // left early twice, then to the end
		n := 0
		for m, err := range c.Dump(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, ifinfo) {
			if err != nil || linkIndex(m) < 1 {
				t.Fatalf("index %d, error %v", linkIndex(m), err)
			}
			n++
			break
		}
		if n != 1 || !c.Unfinished() {
			t.Fatalf("%d links, unfinished %v", n, c.Unfinished())
		}
	}
	var got []int32
	for m, err := range c.Dump(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, ifinfo) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, linkIndex(m))
	}
	if len(got) == 0 || got[0] != 1 || c.Unfinished() {
		t.Errorf("got links %v, unfinished %v", got, c.Unfinished())
	}
}

// TestKernelRefusals compares the kernel's words and positions on three faults.
func TestKernelRefusals(t *testing.T) {
	tests := []struct {
		name string
		h    nl.Header
		body nl.Encoder
		want nl.Error
	}{
		{"no such link", nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("nothere"),
			nl.Error{Errno: unix.ENODEV, Offset: -1, MissType: -1, MissNest: -1}},
		{"name too long: policy", nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("a-name-of-more-than-15-characters"),
			nl.Error{Errno: unix.ERANGE, Message: "Attribute failed policy validation", Offset: 32, MissType: -1, MissNest: -1}},
		{"strict: filter in the header", nl.Header{Type: uapi.RTM_GETLINK, Flags: uapi.NLM_F_DUMP}, func(b []byte) ([]byte, error) {
			b, _ = ifinfo(b)
			b[len(b)-12] = 5 // ifi_index
			return b, nil
		}, nl.Error{Errno: unix.EINVAL, Message: "Filter by device index not supported for link dumps", Offset: -1, MissType: -1, MissNest: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := dial(t, nil).Do(t.Context(), tt.h, tt.body)
			var e *nl.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if diff := cmp.Diff(&tt.want, e, cmpopts.IgnoreFields(nl.Error{}, "Request")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !errors.Is(err, tt.want.Errno) {
				t.Errorf("%v is not %v", err, tt.want.Errno)
			}
		})
	}
}

// TestKernelNoStrict does the same without strict checking: no filter, no error.
func TestKernelNoStrict(t *testing.T) {
	c := dial(t, &nl.Options{NoStrict: true})
	n := 0
	for _, err := range c.Dump(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, func(b []byte) ([]byte, error) {
		b, _ = ifinfo(b)
		b[len(b)-12] = 5
		return b, nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n == 0 {
		t.Error("no links")
	}
}

// TestKernelLargeMessage gives lo so many alternative names that one message
// passes the receive buffer, and asks for it alone and in a dump.
func TestKernelLargeMessage(t *testing.T) {
	c := dial(t, nil)
	const names = 450
	header := nl.Header{Type: uapi.RTM_NEWLINKPROP, Flags: uapi.NLM_F_CREATE | uapi.NLM_F_EXCL}
	change := func(i int) nl.Encoder { return altName(fmt.Sprintf("%0120d", i)) }
	for i := range names {
		if err := c.Do(t.Context(), header, change(i)); err != nil {
			t.Fatalf("alternative name %d: %v", i, err)
		}
		defer func() {
			if err := c.Do(t.Context(), nl.Header{Type: uapi.RTM_DELLINKPROP}, change(i)); err != nil {
				t.Error(err)
			}
		}()
	}
	var sizes []int
	count := func(m nl.Message) error {
		sizes = append(sizes, len(m.Data))
		return nil
	}
	if err := c.Query(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("lo"), count); err != nil {
		t.Fatal(err)
	}
	// Without IFLA_EXT_MASK the kernel (rtnl_calcit) does not reckon with large
	// links and leaves them out of a dump without a word.
	mask := func(b []byte) ([]byte, error) {
		b, _ = ifinfo(b)
		b = binary.NativeEndian.AppendUint16(b, 8)
		b = binary.NativeEndian.AppendUint16(b, uapi.IFLA_EXT_MASK)
		return binary.NativeEndian.AppendUint32(b, uapi.RTEXT_FILTER_SKIP_STATS), nil
	}
	for m, err := range c.Dump(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, mask) {
		if err != nil {
			t.Fatal(err)
		}
		_ = count(m)
	}
	if len(sizes) < 2 || sizes[0] < names*124 || sizes[1] < names*124 {
		t.Errorf("got messages of %v bytes, want two of %d or more", sizes, names*124)
	}
}

// TestKernelOwnNamespace compares what the Conn sees with iproute2's word.
func TestKernelOwnNamespace(t *testing.T) {
	c := dial(t, nil)
	loUp(t, c)
	out, err := exec.CommandContext(t.Context(), "ip", "-o", "link", "show", "up").CombinedOutput()
	nstest.Need(t, !errors.Is(err, exec.ErrNotFound), "ip of iproute2")
	if err != nil || len(out) == 0 || out[0] != '1' {
		t.Errorf("ip says %q, %v; want lo up", out, err)
	}
}

// TestConcurrent lets eight goroutines use one Conn, each for its own kind of
// request, and holds each answer against its question.
func TestConcurrent(t *testing.T) {
	c := dial(t, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				switch i % 4 {
				case 0:
					n := 0
					err := c.Query(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("lo"), func(nl.Message) error { n++; return nil })
					if err != nil || n != 1 {
						t.Errorf("link: %d answers, %v", n, err)
					}
				case 1:
					if err := c.Do(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("nothere")); !errors.Is(err, unix.ENODEV) {
						t.Errorf("no link: %v", err)
					}
				case 2:
					for _, err := range c.Dump(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, ifinfo) {
						if err != nil {
							t.Errorf("dump: %v", err)
						}
						break
					}
				case 3:
					s := &rules{n: 300, bad: func(int) bool { return true }}
					if n, err := c.Batch(t.Context(), s); n != 300 || err != nil || len(s.failed) != 300 {
						t.Errorf("batch: %d sent, %d refused, %v", n, len(s.failed), err)
					}
				}
			}
		})
	}
	wg.Wait()
}

// TestPid checks that the port is the socket's own.
func TestPid(t *testing.T) {
	first, second := dial(t, nil), dial(t, nil)
	if first.Pid() == 0 || first.Pid() == second.Pid() {
		t.Errorf("ports %d and %d in process %d", first.Pid(), second.Pid(), os.Getpid())
	}
}
