package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestRelaxGC holds that a small heap may grow to five times what lives, and a
// large one to twice that.
func TestRelaxGC(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(largeHeap)
		debug.SetGCPercent(now)
		return now
	}
	// Finalizers run one after another some time after a collection; collect
	// returns after one of its own, so that soon those before it have run.
	collect := func(until int) int {
		for range 100 {
			done := make(chan struct{})
			runtime.SetFinalizer(&collector{}, func(*collector) { close(done) })
			runtime.GC()
			<-done
			if percent() == until {
				break
			}
		}
		return percent()
	}
	defer debug.SetGCPercent(percent())
	t.Setenv("GOGC", "")
	relaxGC()
	if got := collect(smallHeap); got != smallHeap {
		t.Errorf("a small heap: %d, want %d", got, smallHeap)
	}
	kept := make([]byte, 2*large)
	if got := collect(largeHeap); got != largeHeap {
		t.Errorf("a large heap: %d, want %d", got, largeHeap)
	}
	runtime.KeepAlive(kept)
	if got := collect(smallHeap); got != smallHeap {
		t.Errorf("a heap that is small again: %d, want %d", got, smallHeap)
	}
}
