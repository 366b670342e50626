package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// A script that makes tables spends a third of its time collecting them where
// the heap may only double, as Go's default has it; with smallHeap that is an
// eighth. A heap that is large anyway goes back to the default, so that what
// lives costs twice its size at most.
const (
	smallHeap = 400
	largeHeap = 100
	large     = 16 << 20 // bytes that live: a heap of 80 MB at most
)

// collector is what is dropped at once, so that its finalizer runs after each
// collection. It does not begin before the first one, which short scripts never
// reach.
type collector struct {
	percent int
	_       *byte // else it would share its memory, and live as long as its neighbours
}

// relaxGC lets a small heap grow further than Go does by itself, unless GOGC
// says what is wanted.
func relaxGC() {
	if os.Getenv("GOGC") == "" {
		runtime.SetFinalizer(&collector{percent: largeHeap}, (*collector).adapt)
	}
}

func (c *collector) adapt() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if want := percentFor(m.HeapAlloc); want != c.percent {
		debug.SetGCPercent(want)
		c.percent = want
	}
	runtime.SetFinalizer(c, (*collector).adapt)
}

// percentFor is how much a heap may grow, by what lives in it.
func percentFor(live uint64) int {
	if live > large {
		return largeHeap
	}
	return smallHeap
}
