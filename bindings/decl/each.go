package decl

import (
	"iter"
	"runtime"
	"slices"
	"sync"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
)

// maxIterators is how many iterators of one interpreter may be open; the next
// one closes the oldest.
const maxIterators = 16

// iterators are the open dumps of an interpreter.
type iterators struct{ open []*iterator }

// iterator is one open dump. Whoever finishes it first, the loop, the end of
// the chunk, or the garbage collector, closes it once.
type iterator struct {
	op   string // "route each"
	mu   sync.Mutex
	next func() (nlcore.Object, error, bool)
	stop func()
	why  string // closed before its end, and by what
	done bool
}

func (it *iterator) close(why string) {
	it.mu.Lock()
	defer it.mu.Unlock()
	if !it.done {
		it.done, it.why = true, why
		it.stop()
	}
}

// pull is the next object; nil at the end. After a close by others it says
// why.
func (it *iterator) pull() (nlcore.Object, error) {
	it.mu.Lock()
	defer it.mu.Unlock()
	if it.done {
		if it.why == "" {
			return nil, nil
		}
		return nil, &Error{Op: it.op, Msg: "this iterator was closed: " + it.why}
	}
	o, err, ok := it.next()
	if !ok || err != nil {
		it.done = true
		it.stop()
	}
	return o, err
}

// add registers an iterator. The registry holds only its inner part, so that
// the collector can find that the script dropped it.
func (l *iterators) add(it *iterator) {
	l.open = slices.DeleteFunc(l.open, func(x *iterator) bool {
		x.mu.Lock()
		defer x.mu.Unlock()
		return x.done
	})
	if len(l.open) == maxIterators {
		l.open[0].close("it was the oldest of 17 open ones")
		l.open = l.open[1:]
	}
	l.open = append(l.open, it)
}

// OpenIterators marks the present state of open iterators, for
// CloseIterators.
func OpenIterators(L *glua.LState) []any {
	s := stateOf(L)
	if s == nil {
		return nil
	}
	l := make([]any, len(s.iters.open))
	for i, it := range s.iters.open {
		l[i] = it
	}
	return l
}

// CloseIterators closes the iterators that a chunk opened and left: all but
// those in keep, which OpenIterators gave when the chunk began.
func CloseIterators(L *glua.LState, keep []any) {
	s := stateOf(L)
	if s == nil {
		return
	}
	s.iters.open = slices.DeleteFunc(s.iters.open, func(it *iterator) bool {
		if slices.Contains(keep, any(it)) {
			return false
		}
		it.close("the chunk that opened it has ended")
		return true
	})
}

// held is what the script's function holds; when it is collected, so is the
// dump.
type held struct{ it *iterator }

// runEach returns an iterator over what matches.
func runEach(c *Call) error {
	f, p, err := c.newFilter()
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(f.all(c.Context(), p))
	it := &iterator{op: c.Op(), next: next, stop: stop}
	h := &held{it}
	runtime.AddCleanup(h, func(it *iterator) { it.close("it was collected") }, it)
	st := ensureState(c.L, c.Host)
	st.iters.add(it)
	host, cl := c.Host, f.cl
	c.Return(c.L.NewFunction(func(L *glua.LState) int {
		o, err := h.it.pull()
		switch {
		case err != nil:
			host.Raise(L, err)
		case o == nil:
			L.Push(glua.LNil)
		default:
			L.Push((&Object{obj: o, place: p, cl: cl}).userdata(L))
		}
		return 1
	}))
	return nil
}
