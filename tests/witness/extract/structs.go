package main

import (
	"regexp"
	"strconv"
	"strings"
)

// A field is one member of a C struct, as a compiler for 64-bit machines
// places it.
type field struct {
	name string
	kind string // "u32", "be16", "16 bytes", "struct xfrm_id"
	off  int
	size int
}

// placed is a struct with its members.
type placed struct {
	fields      []field
	size, align int
}

var (
	declared = regexp.MustCompile(`(?s)^(?:const\s+)?(struct\s+\w+|enum\s+\w+|unsigned\s+(?:int|short|char|long)|\w+)\s+(.+)$`)
	named    = regexp.MustCompile(`^(\w+)\s*((?:\[[^\]]*\])*)$`)
)

// scalars are the kernel's types, by how they read on the wire.
var scalars = map[string]field{
	"__u8": {kind: "u8", size: 1}, "unsigned char": {kind: "u8", size: 1}, "char": {kind: "s8", size: 1}, "__s8": {kind: "s8", size: 1},
	"__u16": {kind: "u16", size: 2}, "unsigned short": {kind: "u16", size: 2}, "__be16": {kind: "be16", size: 2}, "__s16": {kind: "s16", size: 2},
	"__u32": {kind: "u32", size: 4}, "unsigned int": {kind: "u32", size: 4}, "unsigned": {kind: "u32", size: 4},
	"int": {kind: "s32", size: 4}, "__s32": {kind: "s32", size: 4}, "__be32": {kind: "be32", size: 4}, "__kernel_uid32_t": {kind: "u32", size: 4},
	"__u64": {kind: "u64", size: 8}, "__be64": {kind: "be64", size: 8}, "__s64": {kind: "s64", size: 8},
	"xfrm_address_t": {kind: "16 bytes", size: 16}, "__kernel_sa_family_t": {kind: "u16", size: 2},
}

// layout places the members of a struct; ok is false where it has one that is
// not understood.
func (h *headers) layout(tag string) (p placed, ok bool) {
	body, ok := h.bodies[tag]
	if !ok {
		return p, false
	}
	p.align = 1
	body = cppLine.ReplaceAllString(body, "")
	for _, decl := range strings.Split(body, ";") {
		if decl = strings.Join(strings.Fields(decl), " "); decl == "" {
			continue
		}
		m := declared.FindStringSubmatch(decl)
		if m == nil {
			return p, false
		}
		for _, name := range splitTop(m[2]) {
			if !h.place(&p, m[1], strings.TrimSpace(name)) {
				return p, false
			}
		}
	}
	p.size = (p.size + p.align - 1) / p.align * p.align
	return p, true
}

func (h *headers) place(p *placed, typ, decl string) bool {
	m := named.FindStringSubmatch(decl)
	if m == nil {
		return false
	}
	f, inner, align := scalars[typ], placed{}, 0
	switch tag, isStruct := strings.CutPrefix(typ, "struct "); {
	case isStruct:
		var ok bool
		if inner, ok = h.layout(tag); !ok {
			return false
		}
		f.kind, f.size, align = typ, inner.size, inner.align
	case f.size == 0:
		return false
	case typ == "xfrm_address_t":
		align = 4
	default:
		align = f.size
	}
	count, isArray := h.elements(m[2])
	f.name, f.off = m[1], (p.size+align-1)/align*align
	if isArray {
		f.size *= count
		f.kind = strconv.Itoa(f.size) + " bytes"
	}
	p.align = max(p.align, align)
	p.size = f.off + f.size
	p.fields = append(p.fields, f)
	if !isArray {
		for _, in := range inner.fields {
			in.name, in.off = f.name+"."+in.name, in.off+f.off
			p.fields = append(p.fields, in)
		}
	}
	return true
}

// elements counts those of an array; one of unknown length has none.
func (h *headers) elements(dims string) (int, bool) {
	if dims == "" {
		return 1, false
	}
	v, _ := h.eval(strings.Trim(dims, "[]"))
	return int(v), true
}
