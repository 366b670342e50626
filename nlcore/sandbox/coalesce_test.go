package sandbox

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestCoalescer(t *testing.T) {
	start := time.Unix(1000, 0)
	var c coalescer
	var got, want []bool
	for _, s := range []struct {
		sig  os.Signal
		at   time.Duration
		want bool
	}{
		{unix.SIGINT, 0, true},
		{unix.SIGINT, 0, false},
		{unix.SIGINT, 199 * time.Millisecond, false},
		{unix.SIGTERM, 199 * time.Millisecond, true},
		{unix.SIGINT, 200 * time.Millisecond, true}, // counted from the last that counted
		{unix.SIGINT, 399 * time.Millisecond, false},
		{unix.SIGTERM, 399 * time.Millisecond, true},
		{unix.SIGINT, time.Hour, true},
	} {
		got = append(got, c.countsAt(s.sig, start.Add(s.at)))
		want = append(want, s.want)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}
