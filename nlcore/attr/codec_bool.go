package attr

import (
	"fmt"

	"nlsh/nlcore/val"
)

// truth reads a boolean as scripts write it.
func truth(v Value) (bool, error) {
	switch v.kind {
	case KindBool:
		return v.Bool(), nil
	case KindInt, KindUint:
		if v.num <= 1 {
			return v.num == 1, nil
		}
	case KindString:
		switch v.str {
		case "on", "1", "true", "yes":
			return true, nil
		case "off", "0", "false", "no":
			return false, nil
		}
	}
	return false, wants(`true, false, "on" or "off"`, v)
}

// ToBool reads a boolean as scripts write it: true, 1, "on" and their like.
func ToBool(v Value) (bool, error) { return truth(v) }

// optBool is a flag kept in a number of some width: 1 or 0.
type optBool struct{ num }

func (c optBool) Decode(_ *Env, p *val.Opt[bool], b []byte) error {
	n, err := c.read(b)
	p.Set(n != 0)
	return err
}
func (c optBool) Append(_ *Env, b []byte, p *val.Opt[bool]) ([]byte, error) {
	if p.Or(false) {
		return c.write(b, 1), nil
	}
	return c.write(b, 0), nil
}
func (c optBool) Has(p *val.Opt[bool]) bool { return !p.IsZero() }
func (c optBool) Set(_ *Env, p *val.Opt[bool], v Value) error {
	on, err := truth(v)
	if err == nil {
		p.Set(on)
	}
	return err
}
func (c optBool) Get(_ *Env, p *val.Opt[bool]) Value { return BoolOf(p.Or(false)) }
func (optBool) Kind() string                         { return "boolean" }

// Bool is a u8 that is 0 or 1.
func Bool(p *val.Opt[bool]) Field { return Bind(p, optBool{num{bytes: 1}}) }

// Bool32 is a u32 that is 0 or 1.
func Bool32(p *val.Opt[bool]) Field { return Bind(p, optBool{num{bytes: 4}}) }

// flag is an attribute whose presence says true.
type flag struct{}

func (flag) Decode(_ *Env, p *bool, _ []byte) error           { *p = true; return nil }
func (flag) Append(_ *Env, b []byte, _ *bool) ([]byte, error) { return b, nil }
func (flag) Has(p *bool) bool                                 { return *p }
func (flag) Get(_ *Env, p *bool) Value                        { return BoolOf(*p) }
func (flag) Width() int                                       { return 0 }
func (flag) Kind() string                                     { return "boolean" }
func (flag) Set(_ *Env, p *bool, v Value) (err error)         { *p, err = truth(v); return err }

// Flag is an attribute without payload: there or not.
func Flag(p *bool) Field { return Bind(p, flag{}) }

// BitDef is one bit of a flag word.
type BitDef struct {
	name string
	mask uint64
	not  bool
	read bool
	p    *val.Opt[bool]

	since string
}

// Bit is a flag by its mask.
func Bit(mask uint64, name string, p *val.Opt[bool]) BitDef {
	return BitDef{name: name, mask: mask, p: p}
}

// NotBit is a flag that is on when the bit is off, as arp is with IFF_NOARP.
func NotBit(mask uint64, name string, p *val.Opt[bool]) BitDef {
	return BitDef{name: name, mask: mask, not: true, p: p}
}

// ReadOnly marks a bit that only the kernel sets: it is read, never sent.
func (d BitDef) ReadOnly() BitDef { d.read = true; return d }

// Since names the first kernel version that knows the flag, where that is later
// than the attribute's.
func (d BitDef) Since(version string) BitDef { d.since = version; return d }

func (d BitDef) String() string { return fmt.Sprintf("bit %#x %s", d.mask, d.name) }
