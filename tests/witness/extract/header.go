package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// headers is what the uapi headers say: constants, enums of attributes, the
// text of structs.
type headers struct {
	values map[string]int64
	order  []string // constants as they stand
	sets   []attrSet
	bodies map[string]string // struct tag to its members
}

// attrSet is an enum that ends in __NAME_MAX.
type attrSet struct {
	name    string // "IFLA_VXLAN"
	members []string
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	defined  = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(\S.*)$`)
	enumBody = regexp.MustCompile(`(?s)\benum\s*\w*\s*\{(.*?)\}`)
	cppLine  = regexp.MustCompile(`(?m)^[ \t]*#.*$`)
	member   = regexp.MustCompile(`(?s)^(\w+)\s*(?:=\s*(.+))?$`)
	maxName  = regexp.MustCompile(`^_*([A-Z][A-Z0-9_]*?)_(?:MAX|CNT)$`)
	structAt = regexp.MustCompile(`(?m)^struct\s+(\w+)\s*\{`)
)

func readHeaders(include string) (*headers, error) {
	h := &headers{values: map[string]int64{}, bodies: map[string]string{}}
	for _, list := range [][]string{valueHeaders, headerFiles} {
		for _, name := range list {
			text, err := os.ReadFile(filepath.Join(include, "linux", name))
			if os.IsNotExist(err) {
				continue // headers come and go
			}
			if err != nil {
				return nil, err
			}
			h.read(strings.ReplaceAll(comments.ReplaceAllString(string(text), " "), "\\\n", " "))
		}
	}
	return h, nil
}

func (h *headers) read(text string) {
	for _, m := range enumBody.FindAllStringSubmatch(text, -1) {
		h.enum(cppLine.ReplaceAllString(m[1], ""))
	}
	for _, m := range defined.FindAllStringSubmatch(text, -1) {
		if v, ok := h.eval(m[2]); ok {
			h.put(m[1], v)
		}
	}
	for _, m := range structAt.FindAllStringSubmatchIndex(text, -1) {
		h.bodies[text[m[2]:m[3]]] = block(text[m[1]-1:])
	}
}

func (h *headers) put(name string, v int64) {
	if _, ok := h.values[name]; !ok {
		h.order = append(h.order, name)
		h.values[name] = v
	}
}

// enum counts an enum's members and notes it if it is one of attributes.
func (h *headers) enum(body string) {
	var names []string
	next := int64(0)
	for _, part := range splitTop(body) {
		m := member.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			continue
		}
		if m[2] != "" {
			v, ok := h.eval(m[2])
			if !ok {
				return
			}
			next = v
		}
		h.put(m[1], next)
		names = append(names, m[1])
		next++
	}
	if s := setOf(names); s.name != "" {
		h.sets = append(h.sets, s)
	}
}

// setOf finds the sentinel that names a set, __IFLA_MAX.
func setOf(names []string) attrSet {
	for i, n := range names {
		if m := maxName.FindStringSubmatch(n); m != nil && strings.HasPrefix(n, "__") {
			s := attrSet{name: m[1]}
			for _, x := range names[:i] {
				if strings.HasPrefix(x, s.name+"_") && !strings.HasSuffix(x, "_UNSPEC") {
					s.members = append(s.members, x)
				}
			}
			return s
		}
	}
	return attrSet{}
}

// block returns what stands between the first brace and its partner.
func block(text string) string {
	depth := 0
	for i, c := range text {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[1:i]
			}
		}
	}
	return ""
}

// splitTop splits at commas outside parentheses and braces.
func splitTop(s string) []string {
	var parts []string
	depth, from := 0, 0
	for i, c := range s {
		switch c {
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, s[from:i])
				from = i + 1
			}
		}
	}
	return append(parts, s[from:])
}

var suffix = regexp.MustCompile(`\b(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]+\b`)

// eval reads a constant expression of numbers, names, shifts and sums.
func (h *headers) eval(expr string) (int64, bool) {
	expr = strings.TrimSpace(suffix.ReplaceAllString(expr, "$1"))
	if v, err := strconv.ParseInt(expr, 0, 64); err == nil {
		return v, true
	}
	return evalGo(strings.ReplaceAll(expr, "~", "^"), h.values)
}
