package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A policyAttr is what one nla_policy entry says.
type policyAttr struct {
	kind, min, max string
}

var (
	tableAt = regexp.MustCompile(`\bstruct\s+nla_policy\s+(\w+)\s*\[([^\]]*)\]\s*=\s*\{`)
	entryAt = regexp.MustCompile(`(?s)^\[\s*(\w+)\s*\]\s*=\s*(.+)$`)
	typeOf  = regexp.MustCompile(`\.\s*type\s*=\s*NLA_(\w+)`)
	lenOf   = regexp.MustCompile(`(?s)\.len\s*=\s*(.+?)\s*(?:,\s*\.|\}|$)`)
	macro   = regexp.MustCompile(`(?s)^NLA_POLICY_(\w+)(?:\s*\((.*)\))?$`)
	sizeOf  = regexp.MustCompile(`sizeof\s*\(\s*(?:struct\s+)?(\w+)\s*\)`)
)

// source is what the kernel's C files say of attributes, by their constant:
// each different entry of a policy table, and each way in which code reads or
// writes them.
type source struct {
	policies map[string][]policyAttr
	code     map[string][]string
}

// readSource reads the C files of the network stack, but those of foreign
// families.
func readSource(dir string, h *headers) (*source, error) {
	all := &source{map[string][]policyAttr{}, map[string][]string{}}
	for _, top := range []string{"net", "drivers/net"} {
		err := filepath.WalkDir(filepath.Join(dir, top), func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && slices.ContainsFunc(foreign, func(f string) bool { return strings.HasSuffix(p, f) }) {
				return filepath.SkipDir
			}
			if err != nil || d.IsDir() || filepath.Ext(p) != ".c" {
				return err
			}
			raw, err := os.ReadFile(p)
			if err != nil || !bytes.Contains(raw, []byte("nla_")) {
				return err
			}
			text := comments.ReplaceAllString(string(raw), " ")
			h.policies(text, all.policies)
			readCode(text, all.code)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (h *headers) policies(text string, all map[string][]policyAttr) {
	for _, m := range tableAt.FindAllStringIndex(text, -1) {
		for _, part := range splitTop(cppLine.ReplaceAllString(block(text[m[1]-1:]), "")) {
			e := entryAt.FindStringSubmatch(strings.TrimSpace(part))
			if e == nil {
				continue
			}
			if p, ok := h.entry(strings.TrimSpace(e[2])); ok && !slices.Contains(all[e[1]], p) {
				all[e[1]] = append(all[e[1]], p)
			}
		}
	}
}

// entry reads one initializer. One that only says where strictness begins
// says nothing.
func (h *headers) entry(s string) (p policyAttr, ok bool) {
	if m := macro.FindStringSubmatch(s); m != nil {
		return h.macro(m[1], splitTop(m[2]))
	}
	if m := typeOf.FindStringSubmatch(s); m != nil {
		p.kind = strings.ToLower(m[1])
	}
	if m := lenOf.FindStringSubmatch(s); m != nil {
		p.max = h.number(m[1])
		if p.kind == "" { // no type: at least so long
			p.kind, p.min, p.max = "bytes", p.max, ""
		}
	}
	return p, p.kind != ""
}

func (h *headers) macro(name string, args []string) (p policyAttr, ok bool) {
	arg := func(i int) string {
		if i < len(args) {
			return h.number(args[i])
		}
		return ""
	}
	if len(args) > 0 {
		p.kind = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(args[0]), "NLA_"))
	}
	switch name {
	case "RANGE":
		p.min, p.max = arg(1), arg(2)
	case "MIN":
		p.min = arg(1)
	case "MAX":
		p.max = arg(1)
	case "MASK":
		p.max = "mask " + arg(1)
	case "FULL_RANGE", "FULL_RANGE_SIGNED", "VALIDATE_FN":
	case "NESTED", "NESTED_ARRAY":
		p = policyAttr{kind: "nested"}
	case "EXACT_LEN", "EXACT_LEN_WARN":
		p = policyAttr{kind: "binary", min: arg(0), max: arg(0)}
	case "ETH_ADDR", "ETH_ADDR_COMPAT":
		p = policyAttr{kind: "binary", min: "6", max: "6"}
	case "MIN_LEN":
		p = policyAttr{kind: "binary", min: arg(0)}
	case "MAX_LEN":
		p = policyAttr{kind: "binary", max: arg(0)}
	case "BITFIELD32":
		p = policyAttr{kind: "bitfield32", max: "mask " + arg(0)}
	default:
		return p, false
	}
	return p, true
}

// number evaluates a length or a bound; "?" where only the kernel's inner
// headers know it.
func (h *headers) number(expr string) string {
	expr = strings.TrimSpace(expr)
	expr = sizeOf.ReplaceAllStringFunc(expr, func(s string) string {
		tag := sizeOf.FindStringSubmatch(s)[1]
		if n := map[string]int{"in_addr": 4, "in6_addr": 16, "u8": 1, "u16": 2, "u32": 4, "u64": 8, "__be32": 4, "xfrm_address_t": 16}[tag]; n != 0 {
			return strconv.Itoa(n)
		}
		if p, ok := h.layout(tag); ok {
			return strconv.Itoa(p.size)
		}
		return s
	})
	if m := regexp.MustCompile(`^sizeof_field\(struct (?:iphdr|ipv6hdr), (\w+)\)`).FindStringSubmatch(expr); m != nil {
		return map[bool]string{true: "4", false: "16"}[strings.Contains(expr, "iphdr,") && !strings.Contains(expr, "ipv6hdr")]
	}
	if v, ok := h.eval(expr); ok {
		return strconv.FormatInt(v, 10)
	}
	return "?"
}
