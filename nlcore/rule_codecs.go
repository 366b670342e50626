package nlcore

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// UIDRange is users by number, both ends included.
type UIDRange struct{ First, Last uint32 }

// String is "1-5".
func (r UIDRange) String() string { return fmt.Sprintf("%d-%d", r.First, r.Last) }

// RulePorts is ports, both ends included. Where First and Last are the same,
// Mask says which bits of the port count; 0 is all. Masks are since Linux 6.15.
type RulePorts struct{ First, Last, Mask uint16 }

// String is "80", "80-90" or "0x50/0xfff0".
func (r RulePorts) String() string {
	switch {
	case r.First != r.Last:
		return fmt.Sprintf("%d-%d", r.First, r.Last)
	case r.mask() != allPorts:
		return fmt.Sprintf("%#x/%#x", r.First, r.Mask)
	}
	return strconv.Itoa(int(r.First))
}

const allPorts = 1<<16 - 1

func (r RulePorts) mask() uint16 {
	if r.Mask == 0 {
		return allPorts
	}
	return r.Mask
}

// ruleAddr is a rule's source or destination; one of all packets reads "all".
type ruleAddr struct{ dstCodec }

func (c ruleAddr) Get(e *attr.Env, p *netip.Prefix) attr.Value {
	if p.Bits() <= 0 {
		return attr.StringOf("all")
	}
	return c.dstCodec.Get(e, p)
}

// linkNamed is an interface that the kernel knows by name only.
type linkNamed struct{}

func (linkNamed) Decode(_ *attr.Env, p *string, b []byte) error {
	*p = strings.TrimRight(string(b), "\x00")
	return nil
}

func (linkNamed) Append(_ *attr.Env, b []byte, p *string) ([]byte, error) {
	if len(*p) >= uapi.IFNAMSIZ || strings.ContainsRune(*p, 0) {
		return b, fmt.Errorf("wants an interface's name of at most %d characters, got %q", uapi.IFNAMSIZ-1, *p)
	}
	return append(append(b, *p...), 0), nil
}

func (linkNamed) Has(p *string) bool { return *p != "" }

func (linkNamed) Set(_ *attr.Env, p *string, v attr.Value) error {
	ref, err := attr.ToLink(v)
	switch {
	case err != nil:
		return err
	case ref.Name == "":
		return errors.New("wants an interface's name or object, for the rule keeps the name; got " + v.String())
	}
	*p = ref.Name
	return nil
}

func (linkNamed) Get(_ *attr.Env, p *string) attr.Value { return attr.LinkOf(val.LinkName(*p)) }
func (linkNamed) Width() int                            { return 0 }
func (linkNamed) Kind() string                          { return "link" }

// uidRange is FRA_UID_RANGE.
type uidRange struct{}

func (uidRange) Decode(_ *attr.Env, p *val.Opt[UIDRange], b []byte) error {
	if len(b) < uapi.SizeofFibRuleUIDs {
		return fmt.Errorf("has %d bytes, needs %d", len(b), uapi.SizeofFibRuleUIDs)
	}
	p.Set(UIDRange{ne.Uint32(b), ne.Uint32(b[4:])})
	return nil
}

func (uidRange) Append(_ *attr.Env, b []byte, p *val.Opt[UIDRange]) ([]byte, error) {
	r, _ := p.Get()
	if r.First > r.Last {
		return b, fmt.Errorf("wants a range whose end is not below its start, got %v", r)
	}
	return ne.AppendUint32(ne.AppendUint32(b, r.First), r.Last), nil
}

func (uidRange) Has(p *val.Opt[UIDRange]) bool { return !p.IsZero() }

func (uidRange) Set(_ *attr.Env, p *val.Opt[UIDRange], v attr.Value) error {
	first, last, err := bounds(v, 1<<32-1)
	if err != nil {
		return fmt.Errorf(`wants a user or a range like "1000-1999", each from 0 to %d, got %q`, uint32(1<<32-1), v.String())
	}
	p.Set(UIDRange{uint32(first), uint32(last)})
	return nil
}

// bounds reads a number or a range of numbers.
func bounds(v attr.Value, limit uint64) (first, last uint64, err error) {
	from, to, two := strings.Cut(v.Word(), "-")
	if v.Kind() != attr.KindString || !two {
		first, err = attr.ToUint(v, limit)
		return first, first, err
	}
	if first, err = attr.ToUint(attr.StringOf(from), limit); err == nil {
		last, err = attr.ToUint(attr.StringOf(to), limit)
	}
	if err == nil && first > last {
		err = errors.New("ends before it starts")
	}
	return first, last, err
}

func (uidRange) Get(_ *attr.Env, p *val.Opt[UIDRange]) attr.Value { return attr.StringOf(p.String()) }
func (uidRange) Width() int                                       { return 0 }
func (uidRange) Kind() string                                     { return "range" }

// portRange is FRA_SPORT_RANGE or FRA_DPORT_RANGE.
type portRange struct{}

func (portRange) Decode(_ *attr.Env, p *val.Opt[RulePorts], b []byte) error {
	if len(b) < uapi.SizeofFibRulePorts {
		return fmt.Errorf("has %d bytes, needs %d", len(b), uapi.SizeofFibRulePorts)
	}
	p.Set(RulePorts{First: ne.Uint16(b), Last: ne.Uint16(b[2:]), Mask: p.Or(RulePorts{}).Mask})
	return nil
}

func (portRange) Append(_ *attr.Env, b []byte, p *val.Opt[RulePorts]) ([]byte, error) {
	r, _ := p.Get()
	switch {
	case r.First == 0 || r.First > r.Last:
		return b, fmt.Errorf("wants ports from 1 to 65535 whose end is not below their start, got %v", r)
	case r.First != r.Last && r.mask() != allPorts:
		return b, fmt.Errorf("wants a mask with a single port only, got %v with mask %#x", r, r.Mask)
	}
	return ne.AppendUint16(ne.AppendUint16(b, r.First), r.Last), nil
}

func (portRange) Has(p *val.Opt[RulePorts]) bool { return !p.IsZero() }

func (portRange) Set(_ *attr.Env, p *val.Opt[RulePorts], v attr.Value) error {
	r, err := toPorts(v)
	if err != nil {
		return fmt.Errorf(`wants a port, a range like "80-90" or a port and its mask like "0x50/0xfff0", each from 1 to 65535, got %q`, v.String())
	}
	p.Set(r)
	return nil
}

func toPorts(v attr.Value) (r RulePorts, err error) {
	if port, mask, ok := strings.Cut(v.Word(), "/"); ok && v.Kind() == attr.KindString {
		m, err := attr.ToUint(attr.StringOf(mask), allPorts)
		if err == nil && m == 0 {
			err = errors.New("mask without a bit")
		}
		if err != nil {
			return r, err
		}
		if m != allPorts {
			r.Mask = uint16(m)
		}
		v = attr.StringOf(port)
		if strings.Contains(port, "-") {
			return r, errors.New("mask on a range")
		}
	}
	first, last, err := bounds(v, allPorts)
	if err == nil && first == 0 {
		err = errors.New("port 0")
	}
	r.First, r.Last = uint16(first), uint16(last)
	return r, err
}

// Get is a number where it is one port.
func (portRange) Get(_ *attr.Env, p *val.Opt[RulePorts]) attr.Value {
	if r, _ := p.Get(); r.First != r.Last || r.mask() != allPorts {
		return attr.StringOf(r.String())
	}
	return attr.UintOf(uint64(p.Or(RulePorts{}).First))
}
func (portRange) Width() int   { return 0 }
func (portRange) Kind() string { return "port range" }

// portMask is FRA_SPORT_MASK or FRA_DPORT_MASK, sent where not all bits count.
type portMask struct{ portRange }

func (portMask) Decode(_ *attr.Env, p *val.Opt[RulePorts], b []byte) error {
	if len(b) < 2 {
		return fmt.Errorf("has %d bytes, needs 2", len(b))
	}
	r, _ := p.Get()
	if r.Mask = ne.Uint16(b); r.Mask == allPorts {
		r.Mask = 0
	}
	p.Set(r)
	return nil
}

func (portMask) Append(_ *attr.Env, b []byte, p *val.Opt[RulePorts]) ([]byte, error) {
	return ne.AppendUint16(b, p.Or(RulePorts{}).Mask), nil
}

func (portMask) Has(p *val.Opt[RulePorts]) bool { return p.Or(RulePorts{}).mask() != allPorts }
func (portMask) Width() int                     { return 2 }
