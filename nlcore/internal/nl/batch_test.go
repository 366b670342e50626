package nl_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/nl/nltest"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns/nstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// rules is a Source of n rules for IPv4 with priorities from 1000 on. The
// kernel refuses those of which bad says so. After the last one comes end.
type rules struct {
	n, i   int
	del    bool
	bad    func(i int) bool
	end    error
	failed []int
	errs   []*nl.Error
}

func (r *rules) Next(b []byte) ([]byte, nl.Header, error) {
	if r.i == r.n {
		if r.end == nil {
			return nil, nl.Header{}, io.EOF
		}
		return nil, nl.Header{}, r.end
	}
	action := byte(uapi.FR_ACT_BLACKHOLE)
	family := byte(unix.AF_INET)
	if r.bad != nil && r.bad(r.i) {
		family = 250
	}
	b = append(b, family, 0, 0, 0, 0, 0, 0, action, 0, 0, 0, 0)
	b = binary.NativeEndian.AppendUint16(b, 8)
	b = binary.NativeEndian.AppendUint16(b, uapi.FRA_PRIORITY)
	b = binary.NativeEndian.AppendUint32(b, uint32(1000+r.i))
	r.i++
	if r.del {
		return b, nl.Header{Type: uapi.RTM_DELRULE}, nil
	}
	return b, nl.Header{Type: uapi.RTM_NEWRULE, Flags: uapi.NLM_F_CREATE | uapi.NLM_F_EXCL}, nil
}

func (r *rules) Failed(i int, e *nl.Error) {
	r.failed = append(r.failed, i)
	r.errs = append(r.errs, e)
}

// priorities lists the rules that the kernel has, but for its own.
func priorities(t *testing.T, c *nl.Conn) []int {
	t.Helper()
	var l []int
	rtmsg := func(b []byte) ([]byte, error) { return append(b, unix.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), nil }
	for m, err := range c.Dump(t.Context(), nl.Header{Type: uapi.RTM_GETRULE}, rtmsg) {
		if err != nil {
			t.Fatal(err)
		}
		for b := m.Data[12:]; len(b) >= 8; b = b[(binary.NativeEndian.Uint16(b)+3)&^3:] {
			if p := int(binary.NativeEndian.Uint32(b[4:])); binary.NativeEndian.Uint16(b[2:]) == uapi.FRA_PRIORITY && p >= 1000 && p < 30000 {
				l = append(l, p)
			}
		}
	}
	return l
}

func TestBatch(t *testing.T) {
	third := func(i int) bool { return i%3 == 0 }
	own := errors.New("own error")
	for _, tt := range []struct {
		n   int
		bad func(int) bool
		end error
	}{
		{0, nil, nil}, {1, nil, nil}, {1, third, nil}, {255, nil, nil}, {256, nil, nil}, {257, third, nil},
		{2000, nil, nil}, {2000, third, nil}, {100, third, own}, {700, third, own}, {0, nil, own},
	} {
		t.Run(fmt.Sprintf("%d rules, faults %v, end %v", tt.n, tt.bad != nil, tt.end), func(t *testing.T) {
			c := dial(t, nil)
			s := &rules{n: tt.n, bad: tt.bad, end: tt.end}
			sent, err := c.Batch(t.Context(), s)
			if sent != tt.n || err != tt.end {
				t.Errorf("got %d sent, error %v, want %d, %v", sent, err, tt.n, tt.end)
			}
			var want, failed []int
			for i := range tt.n {
				if tt.bad != nil && tt.bad(i) {
					failed = append(failed, i)
				} else {
					want = append(want, 1000+i)
				}
			}
			if diff := cmp.Diff(failed, s.failed); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want, priorities(t, c)); diff != "" {
				t.Errorf("rules in the kernel (-want +got):\n%s", diff)
			}
			s = &rules{n: tt.n, del: true}
			if _, err := c.Batch(t.Context(), s); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(failed, s.failed); diff != "" {
				t.Errorf("not deleted (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBatchAllRefused ties 10,000 refusals to their requests, with the full
// buffer and with the smallest that an ordinary user can come to.
func TestBatchAllRefused(t *testing.T) {
	for _, buffer := range []int{0, 4096, 16384} {
		t.Run(fmt.Sprintf("buffer %d", buffer), func(t *testing.T) {
			c := dial(t, &nl.Options{Buffer: buffer})
			s := &rules{n: 10_000, bad: func(int) bool { return true }}
			sent, err := c.Batch(t.Context(), s)
			if sent != s.n || err != nil || len(s.failed) != s.n {
				t.Fatalf("got %d sent, %d refused, error %v, packs of %d", sent, len(s.failed), err, nl.PackSize(c))
			}
			for i, e := range s.errs {
				// priority is the last attribute of the request
				p := int(binary.NativeEndian.Uint32(e.Request[len(e.Request)-4:]))
				if s.failed[i] != i || p != 1000+i || e.Errno != unix.EAFNOSUPPORT && e.Errno != unix.EOPNOTSUPP {
					t.Fatalf("refusal %d: index %d, priority %d, %v", i, s.failed[i], p, e)
				}
			}
		})
	}
}

// TestBatchOverrun makes packs that the buffer cannot answer: the loss is said,
// and the Conn works afterwards.
func TestBatchOverrun(t *testing.T) {
	c := dial(t, &nl.Options{Buffer: 4096})
	nl.SetPackSize(c, 256)
	s := &rules{n: 1000, bad: func(int) bool { return true }}
	sent, err := c.Batch(t.Context(), s)
	if !errors.Is(err, nl.ErrOverrun) || !errors.Is(err, unix.ENOBUFS) || sent != 256 {
		t.Errorf("got %d sent, error %v, want 256, %v", sent, err, nl.ErrOverrun)
	}
	if err := c.Do(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("lo")); err != nil {
		t.Errorf("next request: %v", err)
	}
}

// TestBatchCancel cancels from within the source: what the kernel was given is
// counted, nothing else is sent.
func TestBatchCancel(t *testing.T) {
	c := dial(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	s := &rules{n: 5000, bad: func(i int) bool {
		if i == 600 {
			cancel()
		}
		return false
	}}
	sent, err := c.Batch(ctx, s)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	got := priorities(t, c)
	if len(got) != sent || sent > 700 {
		t.Errorf("%d sent, %d in the kernel", sent, len(got))
	}
	if _, err := c.Batch(t.Context(), &rules{n: sent, del: true}); err != nil {
		t.Error(err)
	}
}

// asker is a Source whose Next asks over the same Conn.
type asker struct {
	rules
	ask func() error
}

func (a *asker) Next(b []byte) ([]byte, nl.Header, error) {
	if err := a.ask(); err != nil {
		return nil, nl.Header{}, err
	}
	return a.rules.Next(b)
}

func TestBatchAsksMeanwhile(t *testing.T) {
	c := dial(t, nil)
	s := &asker{rules{n: 600, bad: func(int) bool { return true }}, func() error {
		return c.Do(t.Context(), nl.Header{Type: uapi.RTM_GETLINK}, linkNamed("lo"))
	}}
	if sent, err := c.Batch(t.Context(), s); sent != 600 || err != nil || len(s.failed) != 600 {
		t.Errorf("got %d sent, %d refused, %v", sent, len(s.failed), err)
	}
}

// TestBatchOnTheWire checks packs as the kernel sees them, with bodies of all
// remainders of four, one larger than a pack, and an encoder that misbehaves.
func TestBatchOnTheWire(t *testing.T) {
	nstest.Sandboxed(t)
	sizes := []int{0, 1, 2, 3, 4, 5, 40_000, 6, 100, 7, -1}
	flags := make(chan []uint16, 1)
	c := nltest.Dial(t, nil, func(k *nltest.Kernel) {
		var got []uint16
		for range len(sizes) - 1 {
			r := k.Next()
			got = append(got, r.Flags)
			if r.Flags&uapi.NLM_F_ACK != 0 {
				k.Send(r.Ack(nil))
			} else if len(r.Raw) == 16+3 {
				k.Send(r.Refuse(unix.ERANGE, nil))
			}
		}
		flags <- got
	})
	s := &bodies{sizes: sizes}
	sent, err := c.Batch(t.Context(), s)
	if want := "netlink request 3: the encoder returned 0 bytes of 180"; sent != 10 || err == nil || err.Error() != want {
		t.Errorf("got %d sent, error %v, want 10, %s", sent, err, want)
	}
	if !slices.Equal(s.failed, []int{3}) {
		t.Errorf("refused: %v, want [3]", s.failed)
	}
	if diff := cmp.Diff([]uint16{1, 1, 1, 1, 1, 1, 5, 1, 1, 5}, <-flags); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
}

// bodies is a Source of bodies of given sizes; a negative one is a fault.
type bodies struct {
	sizes  []int
	failed []int
}

func (s *bodies) Next(b []byte) ([]byte, nl.Header, error) {
	size := s.sizes[0]
	s.sizes = s.sizes[1:]
	if size < 0 {
		return nil, nl.Header{}, nil
	}
	return append(b, make([]byte, size)...), nl.Header{Type: 20}, nil
}

func (s *bodies) Failed(i int, e *nl.Error) { s.failed = append(s.failed, i) }
