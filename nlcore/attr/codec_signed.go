package attr

import (
	"fmt"
	"math"
	"strconv"

	"nlsh/nlcore/val"
)

// signed32 is a 32-bit number that may be negative.
type signed32 struct{ num }

func (c signed32) Decode(_ *Env, p *val.Opt[int32], b []byte) error {
	n, err := c.read(b)
	p.Set(int32(uint32(n)))
	return err
}

func (c signed32) Append(_ *Env, b []byte, p *val.Opt[int32]) ([]byte, error) {
	return ne.AppendUint32(b, uint32(p.Or(0))), nil
}

func (c signed32) Has(p *val.Opt[int32]) bool { return !p.IsZero() }

func (c signed32) Set(_ *Env, p *val.Opt[int32], v Value) error {
	var n int64
	switch v.kind {
	case KindInt, KindUint:
		n = v.Int()
	case KindString:
		var err error
		if n, err = strconv.ParseInt(v.str, 0, 64); err != nil {
			return wants("a number", v)
		}
	default:
		return wants("a number", v)
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return wants(fmt.Sprintf("a number from %d to %d", math.MinInt32, math.MaxInt32), v)
	}
	p.Set(int32(n))
	return nil
}

func (c signed32) Get(_ *Env, p *val.Opt[int32]) Value { return IntOf(int64(p.Or(0))) }
func (c signed32) Kind() string                        { return "s32" }

// Signed32 is a 32-bit number in host order that may be negative.
func Signed32(p *val.Opt[int32]) Field { return Bind(p, signed32{num{bytes: 4}}) }
