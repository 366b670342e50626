package nlcore

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShelf does at random what a subscription does and compares with a map.
// Keys are the first letters of bodies; hashes are made to collide.
func TestShelf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s, model := newShelf(), map[shelfID]string{}
	hash := func(body string) uint64 { return uint64(body[0] % 4) }
	for range 50_000 {
		body := fmt.Sprintf("%c%0*d", 'a'+r.IntN(20), r.IntN(100), r.IntN(1000))
		var id shelfID // any
		for id = range model {
			break
		}
		switch op := r.IntN(5); {
		case op < 2 || id == 0:
			id = s.add(hash(body), []byte(body), 0)
			if _, twice := model[id]; twice {
				t.Fatalf("id %d is given twice", id)
			}
			model[id] = body
		case op == 2:
			body = model[id][:1] + body
			s.set(id, []byte(body))
			model[id] = body
		default:
			s.unchain(hash(model[id]), id)
			if got := string(s.body(id)); got != model[id] {
				t.Fatalf("an entry that waits: got %q, want %q", got, model[id])
			}
			s.dropUnused(id)
			delete(model, id)
		}
	}
	got := map[shelfID]string{}
	for _, first := range s.heads {
		for id := first; id != 0; id = s.entries[id].next {
			got[id] = string(s.body(id))
		}
	}
	if d := cmp.Diff(model, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	size := 0
	for _, p := range s.pieces {
		size += cap(p)
	}
	if size > 3*s.used+4*shelfPiece {
		t.Errorf("%d bytes are kept for bodies of %d", size, s.used)
	}
}
