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

// duration is how many nanoseconds a unit of time has; 0 for an unknown one.
func duration(unit string) uint64 {
	switch unit {
	case "ns", "nsec", "nsecs":
		return 1
	case "us", "usec", "usecs":
		return 1e3
	case "ms", "msec", "msecs":
		return 1e6
	case "s", "sec", "secs":
		return 1e9
	case "m", "min":
		return 60e9
	case "h":
		return 3600e9
	case "d":
		return 86400e9
	}
	return 0
}

// parse reads "1.5s" exactly; false where the text has no known unit or is
// no whole number of steps.
func (u *Unit) parse(s string) (uint64, bool) {
	i := strings.LastIndexAny(s, "0123456789.") + 1
	scale := duration(s[i:])
	if scale == 0 || i == 0 || i > 40 || strings.ContainsAny(s[:i], "eE/_+-xX") {
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
