package sandbox

import (
	"errors"
	"os"
	"time"
)

// errStuck says that this machine's rtnetlink answers nobody any more.
var errStuck = errors.New("this machine's rtnetlink is stuck: a task died in the kernel holding its lock " +
	"(dmesg has the oops), and whoever makes a network namespace now waits for ever. " +
	"It has to be booted again; until then nlsh's own tests run on another kernel: go run ./tests/vm ./PACKAGE")

// carrierOfLo exists in every network namespace.
const carrierOfLo = "/sys/class/net/lo/carrier"

// stuckAfter is how long the lock may be held by somebody who works.
const stuckAfter = 20 * time.Second

// Stuck says whether this machine's kernel can still make network namespaces;
// it returns after 20 s where it cannot. Run asks by itself.
func Stuck() error { return stuck(carrierOfLo, stuckAfter) }

// stuck looks whether the kernel's rtnetlink lock can be had at all: asking
// for a namespace would not return, and could not be killed. Reading whether
// lo has a carrier takes the lock too (net/core/net-sysfs.c, carrier_show),
// but a reader can be killed.
func stuck(carrier string, after time.Duration) error {
	done := make(chan struct{})
	go func() {
		_, _ = os.ReadFile(carrier) // EINVAL where lo is down
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-time.After(after):
		return errStuck
	}
}
