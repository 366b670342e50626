package bench

import (
	"context"
	"flag"
	"regexp"
	"slices"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
)

var (
	routes = flag.Int("routes", 100_000, "how many routes are changed and listed")
	cpu    = flag.Bool("cpu", false, "measure processor time, not wall time: for a busy machine; what runs side by side counts twice")
	only   = flag.String("only", "", "the contenders to run beside the floor, a regular expression")
	write  = flag.Bool("write", false, "write the tables to docs/performance.md")
)

func TestMain(m *testing.M) { nstest.Main(m) }

var ctx = context.Background()

// must ends the benchmark on an error.
func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// handle is a Handle in the sandbox's namespace.
func handle(b *testing.B) *nlcore.Handle {
	b.Helper()
	nstest.Sandboxed(b)
	h, err := nlcore.NewHandle(nil)
	must(b, err)
	b.Cleanup(func() { must(b, h.Close()) })
	return h
}

// chosen are the contenders that -only lets run; the first is the floor.
func chosen[T interface{ String() string }](b *testing.B, l []T) []T {
	b.Helper()
	re, err := regexp.Compile(*only)
	must(b, err)
	return append(l[:1:1], slices.DeleteFunc(slices.Clone(l[1:]), func(x T) bool { return !re.MatchString(x.String()) })...)
}

// rotated is l beginning at another element each round.
func rotated[T any](l []T, round int) []T {
	k := round % len(l)
	return append(append([]T(nil), l[k:]...), l[:k]...)
}
