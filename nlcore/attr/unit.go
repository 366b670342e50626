package attr

import (
	"math/big"
	"strings"

	"nlsh/nlcore/val"
)

// Unit is what one step of a number means, so that text with a unit can be
// given where a bare number is customary.
type Unit struct {
	Name    string // for help: "1/100 s"
	Example string // for errors: "10s"
	NanoSec uint64 // nanoseconds a step
}

// The units of the kernel's timers.
var (
	Centiseconds = &Unit{Name: "1/100 s", Example: `"10s"`, NanoSec: 1e7}
	Milliseconds = &Unit{Name: "ms", Example: `"200ms"`, NanoSec: 1e6}
	Seconds      = &Unit{Name: "s", Example: `"300s"`, NanoSec: 1e9}
)

var durations = map[string]uint64{
	"ns": 1, "nsec": 1, "nsecs": 1, "us": 1e3, "usec": 1e3, "usecs": 1e3,
	"ms": 1e6, "msec": 1e6, "msecs": 1e6, "s": 1e9, "sec": 1e9, "secs": 1e9,
	"m": 60e9, "min": 60e9, "h": 3600e9, "d": 86400e9,
}

// parse reads "1.5s" exactly; false where the text has no known unit or is
// no whole number of steps.
func (u *Unit) parse(s string) (uint64, bool) {
	i := strings.LastIndexAny(s, "0123456789.") + 1
	scale, ok := durations[s[i:]]
	if !ok || i == 0 || i > 40 || strings.ContainsAny(s[:i], "eE/_+-xX") {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(s[:i])
	if !ok {
		return 0, false
	}
	r.Mul(r, new(big.Rat).SetFrac(new(big.Int).SetUint64(scale), new(big.Int).SetUint64(u.NanoSec)))
	if !r.IsInt() || !r.Num().IsUint64() {
		return 0, false
	}
	return r.Num().Uint64(), true
}

// Unit says what one step of the number means.
func (f Field) Unit(u *Unit) Field {
	f.info.unit = u.Name
	return f.retype("Unit", func(n *num) { n.unit = u })
}

// OrBool lets true and false stand for 1 and 0 where iproute2 has a number.
func (f Field) OrBool() Field {
	return f.retype("OrBool", func(n *num) { n.truth = true })
}

func (f Field) retype(what string, change func(*num)) Field {
	w, ok := f.leaf.codec().(interface{ with(func(*num)) leaf })
	if !ok {
		panic("attr: " + what + " on a field that is no number")
	}
	f.leaf = w.with(change)
	return f
}

func (c optNum[T]) with(change func(*num)) leaf {
	change(&c.num)
	return bound[val.Opt[T], optNum[T]]{c}
}

func (c plainNum[T]) with(change func(*num)) leaf {
	change(&c.num)
	return bound[T, plainNum[T]]{c}
}
