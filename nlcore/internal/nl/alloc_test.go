package nl_test

import (
	"context"
	"io"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// noops is a Source of requests that the kernel answers without doing a thing.
type noops struct{ n int }

func (s *noops) Next(b []byte) ([]byte, nl.Header, error) {
	if s.n == 0 {
		return nil, nl.Header{}, io.EOF
	}
	s.n--
	return append(b, 1, 2, 3, 4), nl.Header{Type: uapi.NLMSG_NOOP}, nil
}

func (s *noops) Failed(int, *nl.Error) {}

// TestAllocations holds what a request may allocate: nothing. A batch of any
// length pays once, for its goroutine and channels.
func TestAllocations(t *testing.T) {
	c := dial(t, nil)
	ctx := context.Background()
	body := func(b []byte) ([]byte, error) { return append(b, 1, 2, 3, 4), nil }
	s := &noops{}
	tests := []struct {
		name string
		most float64
		run  func() error
	}{
		{"do", 0, func() error { return c.Do(ctx, nl.Header{Type: uapi.NLMSG_NOOP}, body) }},
		{"query", 0, func() error {
			n := 0
			return c.Query(ctx, nl.Header{Type: uapi.RTM_GETLINK}, loByIndex, func(nl.Message) error { n++; return nil })
		}},
		{"batch of one pack", 0, func() error { s.n = 100; _, err := c.Batch(ctx, s); return err }},
		{"batch of 10,000", 10, func() error { s.n = 10_000; _, err := c.Batch(ctx, s); return err }},
		{"dump", 2, func() error {
			for _, err := range c.Dump(ctx, nl.Header{Type: uapi.RTM_GETLINK}, ifinfo) {
				if err != nil {
					return err
				}
			}
			return nil
		}},
	}
	for _, tt := range tests {
		var err error
		got := testing.AllocsPerRun(20, func() {
			if e := tt.run(); e != nil {
				err = e
			}
		})
		if err != nil || got > tt.most {
			t.Errorf("%s: %v allocations, error %v, want at most %v", tt.name, got, err, tt.most)
		}
	}
}

func loByIndex(b []byte) ([]byte, error) {
	return append(b, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), nil
}
