package nlcore_test

import (
	"context"
	"io"
	"net/netip"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/val"
)

// A batch allocates for itself, not for each change.
func TestBatchAllocations(t *testing.T) {
	const n, most = 5000, 100
	h, _ := newHandle(t)
	ctx := context.Background()
	change := nlcore.Change{Verb: nlcore.Replace, Object: &nlcore.Route{
		Dst: netip.MustParsePrefix("10.0.0.0/24"), Dev: val.LinkName("lo"),
	}}
	run := func() {
		i := 0
		tried, err := h.ApplyEach(ctx, func() (nlcore.Change, error) {
			if i == n {
				return nlcore.Change{}, io.EOF
			}
			i++
			return change, nil
		})
		must(t, err)
		if tried != n {
			t.Fatalf("%d changes tried, want %d", tried, n)
		}
	}
	run()
	if got := testing.AllocsPerRun(3, run); got > most {
		t.Errorf("%v allocations for %d changes, want at most %d", got, n, most)
	}
}
