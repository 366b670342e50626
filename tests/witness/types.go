package witness

import (
	"fmt"
	"strconv"
	"strings"

	"nlsh/nlcore/attr"
)

// isNumber says that a type is a number of fixed width: "u32", "be16", "s32".
func isNumber(t string) bool { return numberWidth(t) > 0 }

func numberWidth(t string) int {
	for _, prefix := range []string{"u", "s", "be"} {
		if n, err := strconv.Atoi(strings.TrimPrefix(t, prefix)); err == nil && strings.HasPrefix(t, prefix) && n >= 8 {
			return n / 8
		}
	}
	return 0
}

// kernelWidth is the width of a member's C type: "be16", "16 bytes".
func kernelWidth(t string) int {
	if n, ok := strings.CutSuffix(t, " bytes"); ok {
		w, _ := strconv.Atoi(n)
		return w
	}
	return numberWidth(t)
}

// types compares the wire type with the spec's and with every policy's.
func (c *comparison) types(r *Row, f *Fact) {
	if f.Spec != "" && !fits(r, f.Spec, "", "") {
		c.differ(r.Path(), "type", ourType(r), "spec "+f.Spec)
	}
	for _, p := range f.Policies {
		if !fits(r, p.Type, p.Least, p.Utmost) {
			c.differ(r.Path(), "type", ourType(r), strings.TrimRight("policy "+p.Type+" "+p.Least+".."+p.Utmost, " ."))
		}
	}
	for _, code := range f.Code {
		if !fits(r, code, "", "") {
			c.differ(r.Path(), "type", ourType(r), "code "+code)
		}
	}
	if set, ok := strings.CutPrefix(f.Of, "set "); ok && r.Rows != nil && Sets[r.Place+"."+r.Name] != set {
		c.differ(r.Path(), "nest", Sets[r.Place+"."+r.Name], set)
	}
}

func ourType(r *Row) string {
	t := r.Type
	if t == "" {
		t = r.Kind
	}
	return fmt.Sprintf("%s/%d", t, r.Width)
}

// fits says whether a row can be of a kernel's type; where that has bytes of
// some length, whether the row's length is allowed.
func fits(r *Row, kernel, least, utmost string) bool {
	kernel, _, _ = strings.Cut(kernel, " of ")
	switch kernel {
	case "reject", "unused":
		return r.Modes == 0
	case "flag":
		return r.Type == "flag" || r.Type == "" && r.Width == 0
	case "string", "nul_string":
		return r.Type == "string" || r.Type == "" && r.Width == 0
	case "nest", "nested", "nested_array", "indexed-array", "sub-message":
		return r.Type == "nest" || r.Type == "" && r.Nested || r.Sub != nil && r.Type != "struct"
	case "uint", "sint":
		return r.Type == kernel
	case "binary", "bytes":
		return fitsBytes(r, kernel, least, utmost)
	case "bitfield32":
		return r.Width == 8
	case "in_addr":
		return isAddress(r) && r.Width != 16
	case "in6_addr":
		return isAddress(r) && r.Width != 4
	}
	switch {
	case !isNumber(kernel):
		return false
	case isNumber(r.Type):
		// A byte order is compared by itself, since u16 says none.
		return numberWidth(r.Type) == numberWidth(kernel) && sameSign(r, kernel)
	case r.Width == 0: // an IPv4 address is a u32 to the kernel
		return isAddress(r) && numberWidth(kernel) == 4
	}
	return r.Width == numberWidth(kernel) && r.Type != "string"
}

func isAddress(r *Row) bool {
	return r.Type == "address" || r.Type == "" && (r.Kind == "address" || r.Kind == "prefix" || r.Kind == "link-layer address")
}

// sameSign lets a number without sign stand for one with, where ours is small
// enough to mean the same, as an index is.
func sameSign(r *Row, kernel string) bool {
	signed := kernel[0] == 's'
	small := r.Kind == "link" || r.Bounded && r.Hi < 1<<(8*numberWidth(r.Type)-1)
	return (r.Type[0] == 's') == signed || signed && small
}

func fitsBytes(r *Row, kernel, least, utmost string) bool {
	lo, _ := strconv.Atoi(least)
	hi, err := strconv.Atoi(utmost)
	bounded := err == nil && utmost != ""
	switch {
	case r.Type == "nest" || r.Type == "flag":
		return false
	case r.Width == 0:
		return true
	case kernel == "bytes" && r.Type != "struct" || isNumber(r.Type):
		return r.Width >= lo
	}
	return r.Width >= lo && (!bounded || r.Width <= hi)
}

// order compares the byte order with the spec's, the policies' and the
// code's; where none has one, a test against iproute2 has to have looked.
func (c *comparison) order(r *Row, f *Fact) {
	sources := orders(f)
	for who, big := range sources {
		if isNumber(r.Type) && numberWidth(r.Type) > 1 && strings.HasPrefix(r.Type, "be") != big {
			c.differ(r.Path(), "order", r.Type, who)
		}
		c.observed(r, big, who)
	}
	if len(sources) > 0 {
		return
	}
	wide := r.Type == "" || isNumber(r.Type) && numberWidth(r.Type) > 1 || Sets[r.Place+"."+r.Name] == wordOnly
	decided := f.Spec != "" || len(f.Policies) > 0 || len(f.Code) > 0
	if (wide || !decided) && r.Type != "nest" && !c.mentions.Has(r, f) {
		c.differ(r.Path(), "witness", "", "")
	}
}

// orders says who knows the byte order of a number, and whether it is the
// network's. Policies know only that of be16 and be32: u16 stands for either.
func orders(f *Fact) map[string]bool {
	l := map[string]bool{}
	if f == nil {
		return l
	}
	for _, p := range f.Policies {
		if strings.HasPrefix(p.Type, "be") {
			l["policy "+p.Type] = true
		}
	}
	for _, code := range f.Code {
		if numberWidth(code) > 1 || code == "uint" {
			l["code "+code] = strings.HasPrefix(code, "be")
		}
	}
	switch {
	case f.Order == "big-endian":
		l["spec big-endian"] = true
	case isNumber(f.Spec) || f.Spec == "uint" || f.Spec == "sint":
		l["spec host order"] = false
	}
	return l
}

// observed decodes a number and looks in which order its bytes were taken.
func (c *comparison) observed(r *Row, big bool, who string) {
	if r.Observe == nil || r.Width != 2 && r.Width != 4 && r.Width != 8 || r.Kind == "link" {
		return
	}
	payload := []byte{1, 2, 3, 4, 5, 6, 7, 8}[:r.Width]
	v, ok := r.Observe(payload)
	if !ok {
		return
	}
	var host, network uint64
	for i, b := range payload {
		host |= uint64(b) << (8 * i)
		network = network<<8 | uint64(b)
	}
	switch n := v.Uint(); {
	case v.Kind() != attr.KindUint && v.Kind() != attr.KindEnum:
	case n == host && big:
		c.differ(r.Path(), "order", "read in host order", who)
	case n == network && !big:
		c.differ(r.Path(), "order", "read in network order", who)
	}
}

// ranges holds our bounds against the kernel's: ours may be tighter. Numbers
// only, and only what we send.
func (c *comparison) ranges(r *Row, f *Fact) {
	if r.Modes == 0 || !isNumber(r.Type) || r.Kind == "boolean" || r.Kind == "link" {
		return
	}
	for _, p := range append([]Policy{{f.Spec, f.least(), f.utmost()}}, f.Policies...) {
		if !isNumber(p.Type) {
			continue
		}
		full := uint64(1)<<(8*numberWidth(r.Type)-1)*2 - 1
		lo, hi := uint64(0), full
		if n, err := strconv.ParseUint(p.Least, 0, 64); err == nil {
			lo = n
		}
		if n, err := strconv.ParseUint(strings.TrimPrefix(p.Utmost, "mask "), 0, 64); err == nil {
			hi = n
		}
		ourLo, ourHi := uint64(0), full
		if r.Bounded {
			ourLo, ourHi = r.Lo, r.Hi
		}
		if ourLo < lo || ourHi > hi {
			c.differ(r.Path(), "range", fmt.Sprintf("%d..%d", ourLo, ourHi), fmt.Sprintf("%d..%d", lo, hi))
		}
	}
}

// least and utmost of a spec stand in the columns of policies where there is
// no policy.
func (f *Fact) least() string {
	if len(f.Policies) == 0 {
		return f.SpecLeast
	}
	return ""
}

func (f *Fact) utmost() string {
	if len(f.Policies) == 0 {
		return f.SpecUtmost
	}
	return ""
}
