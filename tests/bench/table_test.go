package bench

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// table is the figures of one benchmark: contenders down, operations across.
type table struct {
	key   string // names its place in docs/performance.md
	title string
	per   int // operations a run, for the allocations of each
	rows  []*row
	cols  []string
}

// row is one contender.
type row struct {
	name   string
	go_    bool // runs in this process, so that allocations are its own
	times  map[string][]time.Duration
	limits map[string]float64 // the ratios that it should not exceed
	allocs map[string]float64 // an operation
	peak   uint64             // bytes above what was there before; 0: not measured
}

func (t *table) row(name string) *row {
	for _, r := range t.rows {
		if r.name == name {
			return r
		}
	}
	r := &row{name: name, times: map[string][]time.Duration{}, limits: map[string]float64{}, allocs: map[string]float64{}}
	t.rows = append(t.rows, r)
	return r
}

// limit notes which ratio to the floor a contender should not exceed.
func (t *table) limit(name, col string, ratio float64) { t.row(name).limits[col] = ratio }

// measure runs f and notes its time. The floor is the row that is named
// first, also by limit.
func (t *table) measure(b *testing.B, name, col string, f func() error) {
	b.Helper()
	r := t.row(name)
	if !slices.Contains(t.cols, col) {
		t.cols = append(t.cols, col)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := now()
	err := f()
	took := now() - start
	runtime.ReadMemStats(&after)
	if err != nil {
		b.Fatalf("%s, %s: %v", name, col, err)
	}
	r.times[col] = append(r.times[col], took)
	allocs := float64(after.Mallocs-before.Mallocs) / float64(t.per)
	if was, ok := r.allocs[col]; !ok || allocs < was {
		r.allocs[col] = allocs
	}
}

// now is the time that ratios are of.
func now() time.Duration {
	if !*cpu {
		return time.Since(began)
	}
	var sum time.Duration
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

var began = time.Now()

// measurePeak runs f and notes how far the process grew while it ran; what f
// returns is alive until then.
func (t *table) measurePeak(b *testing.B, name string, f func() (any, error)) {
	b.Helper()
	debug.FreeOSMemory()
	before := status(b, "VmRSS")
	must(b, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // VmHWM begins anew
	kept, err := f()
	must(b, err)
	t.row(name).peak = status(b, "VmHWM") - min(before, status(b, "VmHWM"))
	runtime.KeepAlive(kept)
}

// status is a size in /proc/self/status, in bytes.
func status(b *testing.B, field string) uint64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	must(b, err)
	for line := range strings.Lines(string(text)) {
		var kb uint64
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			_, err := fmt.Sscanf(rest, "%d kB", &kb)
			must(b, err)
			return kb << 10
		}
	}
	b.Fatalf("no %s in /proc/self/status", field)
	return 0
}

// ratio is the median of a contender's times to the floor's, round by round;
// 0 where it did not take part.
func (t *table) ratio(r *row, col string) float64 {
	floor, own := t.rows[0].times[col], r.times[col]
	if len(own) == 0 || len(own) != len(floor) {
		return 0
	}
	l := make([]float64, len(own))
	for i := range own {
		l[i] = float64(own[i]) / float64(floor[i])
	}
	return median(l)
}

func median[T int64 | float64 | time.Duration](l []T) T {
	l = slices.Sorted(slices.Values(l))
	return l[len(l)/2]
}

// finish prints the table and, with -write, puts it into the documentation.
func (t *table) finish(b *testing.B) {
	b.Helper()
	text := t.String()
	fmt.Printf("\n%s\n", text)
	if *write {
		must(b, document(t.key, text))
	}
}
