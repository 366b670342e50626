package nlcore_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
)

const many = 1000

// manyLinks makes a namespace with lo and a thousand bridges.
func manyLinks(t testing.TB) *nlcore.Handle {
	t.Helper()
	h := handleAt(t, nstest.NewNS(t))
	names := manyNames()
	_, err := h.ApplyEach(context.Background(), func() (nlcore.Change, error) {
		if len(names) == 0 {
			return nlcore.Change{}, io.EOF
		}
		b := &nlcore.Bridge{LinkAttrs: nlcore.LinkAttrs{Name: names[0]}}
		names = names[1:]
		return nlcore.Change{Verb: nlcore.Add, Object: b}, nil
	})
	must(t, err)
	return h
}

// manyNames are the bridges' names.
func manyNames() []string {
	l := make([]string, many)
	for i := range l {
		l[i] = fmt.Sprintf("br%d", i)
	}
	return l
}

// TestManyLinks lists a thousand links, which takes more than one datagram,
// looks each up by name, and holds the allocations.
func TestManyLinks(t *testing.T) {
	h := manyLinks(t)
	ctx := context.Background()
	links, err := h.LinkList(ctx)
	must(t, err)
	byName := map[string]int32{}
	for _, l := range links {
		byName[l.Attrs().Name] = l.Attrs().Index
	}
	if len(links) != many+1 || len(byName) != many+1 {
		t.Fatalf("%d links with %d names, want %d", len(links), len(byName), many+1)
	}
	for _, name := range manyNames() {
		l, err := h.LinkByName(ctx, name)
		must(t, err)
		if l.Attrs().Name != name || l.Attrs().Index != byName[name] {
			t.Fatalf("by name %s: got %s, index %d, the list has %d", name, l.Attrs().Name, l.Attrs().Index, byName[name])
		}
	}
	list := mallocs(func() {
		if _, err := h.LinkList(ctx); err != nil {
			t.Fatal(err)
		}
	}) / (many + 1)
	lookup := testing.AllocsPerRun(200, func() {
		if _, err := h.LinkByName(ctx, "br500"); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d allocations a link listed, %.0f a lookup", list, lookup)
	if list > mostListed || lookup > mostLookedUp {
		t.Errorf("%d allocations a link listed (at most %d), %.0f a lookup (at most %d)", list, mostListed, lookup, mostLookedUp)
	}
}

// The measured counts, with two to spare.
const (
	mostListed   = 9
	mostLookedUp = 15
)

func mallocs(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

func BenchmarkLinkList1000(b *testing.B) {
	h := manyLinks(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.LinkList(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLinkByName1000(b *testing.B) {
	h := manyLinks(b)
	ctx, names := context.Background(), manyNames()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := h.LinkByName(ctx, names[i%many]); err != nil {
			b.Fatal(err)
		}
	}
}
