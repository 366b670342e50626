package attr

import (
	"math"
	"strconv"

	"nlsh/nlcore/val"
)

// lifetime is seconds, of which the largest number is for ever.
type lifetime struct{ optNum[uint32] }

const forever = math.MaxUint32

// Set takes "forever", a number of seconds or text with a unit ("300s").
func (c lifetime) Set(_ *Env, p *val.Opt[uint32], v Value) error {
	if v.kind == KindString && v.str == "forever" {
		p.Set(forever)
		return nil
	}
	n, err := c.parse(v)
	if err == nil {
		p.Set(uint32(n))
	}
	return err
}

// Get reads as iproute2 prints it: "forever" or "300sec".
func (c lifetime) Get(_ *Env, p *val.Opt[uint32]) Value {
	n, _ := p.Get()
	if n == forever {
		return UnitOf(forever, "forever")
	}
	return UnitOf(uint64(n), strconv.FormatUint(uint64(n), 10)+"sec")
}

func (c lifetime) Kind() string { return "lifetime" }

var lifetimeUnit = &Unit{Name: "s", Example: `"300s" or "forever"`, NanoSec: 1e9}

// Lifetime is a u32 of seconds, 2^32-1 being for ever.
func Lifetime(p *val.Opt[uint32]) Field {
	f := Bind(p, lifetime{optNum[uint32]{num{bytes: 4, unit: lifetimeUnit}}})
	f.info.unit = lifetimeUnit.Name
	return f
}

// period is a number of steps that reads as text with a unit.
type period struct{ optNum[uint32] }

func (c period) Get(_ *Env, p *val.Opt[uint32]) Value {
	n, _ := p.Get()
	nanosec, text := float64(uint64(n)*c.unit.NanoSec), ""
	if nanosec >= 1e9 {
		text = strconv.FormatFloat(nanosec/1e9, 'f', -1, 64) + "s"
	} else {
		text = strconv.FormatFloat(nanosec/1e6, 'f', -1, 64) + "ms"
	}
	return UnitOf(uint64(n), text)
}

func (c period) Kind() string { return "time" }

// Period is a u32 in steps of u, at most a second each, that reads as text:
// "300ms", "1.5s". A bare number is steps.
func Period(p *val.Opt[uint32], u *Unit) Field {
	f := Bind(p, period{optNum[uint32]{num{bytes: 4, unit: u}}})
	f.info.unit = u.Name
	return f
}
