package sandbox

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// relayed are the signals that travel from the parent to the program.
var relayed = []os.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT}

// together is how far apart the copies of one signal may arrive: at a
// terminal the program gets it from there and, a little later, from init.
const together = 200 * time.Millisecond

// Notify is signal.Notify for a program that may run in a sandbox: of equal
// signals within 200 ms only the first is passed on. It never blocks: with c
// full a signal is dropped. stop ends it.
func Notify(c chan<- os.Signal, sigs ...os.Signal) (stop func()) {
	return NotifyFunc(func(sig os.Signal) {
		select {
		case c <- sig:
		default:
		}
	}, sigs...)
}

// NotifyFunc is Notify that calls f, from one goroutine.
func NotifyFunc(f func(os.Signal), sigs ...os.Signal) (stop func()) {
	raw := make(chan os.Signal, 8)
	done := make(chan struct{})
	signal.Notify(raw, sigs...)
	go func() {
		var once coalescer
		for {
			select {
			case sig := <-raw:
				if once.counts(sig) {
					f(sig)
				}
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(raw)
		close(done)
	}
}

// coalescer counts several signals that arrive together as one. The zero
// value is ready; one goroutine may use it.
type coalescer struct {
	last map[os.Signal]time.Time // when one last counted
}

// counts says whether sig is more than a copy of the last one.
func (c *coalescer) counts(sig os.Signal) bool { return c.countsAt(sig, time.Now()) }

func (c *coalescer) countsAt(sig os.Signal, now time.Time) bool {
	if last, ok := c.last[sig]; ok && now.Sub(last) < together {
		return false
	}
	if c.last == nil {
		c.last = map[os.Signal]time.Time{}
	}
	c.last[sig] = now
	return true
}
