package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A specAttr is what a spec says of one attribute.
type specAttr struct {
	kind, order, of, min, max string
}

// readSpecs reads the specs of a folder: attributes by their constant, and
// enums as facts.
func readSpecs(dir string) (map[string]specAttr, []fact, error) {
	attrs, enums := map[string]specAttr{}, []fact(nil)
	for _, name := range specFiles {
		text, err := os.ReadFile(filepath.Join(dir, name+".yaml"))
		if err != nil {
			return nil, nil, err
		}
		doc, err := parseYAML(string(text))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		spec := spec{family: str(doc, "name"), doc: doc}
		spec.attributes(attrs)
		enums = append(enums, spec.enums()...)
		enums = append(enums, spec.numbered("AF")...)
	}
	return attrs, enums, nil
}

type spec struct {
	family string
	doc    any
}

func (s *spec) attributes(into map[string]specAttr) {
	sets := list(s.doc, "attribute-sets")
	for _, set := range sets {
		prefix := str(set, "name-prefix")
		if prefix == "" {
			prefix = s.family + "-a-"
		}
		if str(set, "subset-of") != "" {
			continue // the attributes stand in the other set
		}
		for _, a := range list(set, "attributes") {
			into[constant(prefix+str(a, "name"))] = s.attribute(sets, a)
		}
	}
}

func (s *spec) attribute(sets []any, a any) specAttr {
	x := specAttr{kind: str(a, "type"), order: str(a, "byte-order")}
	if t := str(a, "sub-type"); t != "" {
		x.kind += " of " + t
	}
	switch {
	case str(a, "nested-attributes") != "":
		x.of = "set " + s.setPrefix(sets, str(a, "nested-attributes"))
	case str(a, "struct") != "":
		x.of = "struct " + strings.ReplaceAll(str(a, "struct"), "-", "_")
	case str(a, "enum") != "":
		x.of = s.enumName(str(a, "enum"))
	}
	if c, ok := get(a, "checks"); ok {
		x.min, x.max = str(c, "min"), str(c, "max")
		if l := str(c, "max-len"); l != "" {
			x.max = "len " + l
		}
	}
	return x
}

// setPrefix names a set of attributes as the header does.
func (s *spec) setPrefix(sets []any, name string) string {
	for _, set := range sets {
		if str(set, "name") == name {
			return strings.TrimSuffix(constant(str(set, "name-prefix")), "_")
		}
	}
	return name
}

// numbered are the attributes of a set whose ids are in no header, because
// they are other numbers, here those of address families.
func (s *spec) numbered(set string) []fact {
	var l []fact
	sets := list(s.doc, "attribute-sets")
	for _, x := range sets {
		if s.setPrefix(sets, str(x, "name")) != set || str(x, "subset-of") != "" {
			continue
		}
		for _, a := range list(x, "attributes") {
			info := s.attribute(sets, a)
			l = append(l, fact{set: set, name: constant(str(a, "name")), id: str(a, "value"), spec: info.kind, of: info.of})
		}
	}
	return l
}

func (s *spec) enumName(name string) string { return "enum " + s.family + "/" + name }

// enums are the words of the spec's enums and flags. Specs number flags by
// bit; the facts have the bit's value.
func (s *spec) enums() []fact {
	var l []fact
	for _, d := range list(s.doc, "definitions") {
		if t := str(d, "type"); t != "enum" && t != "flags" {
			continue
		}
		next, _ := strconv.Atoi(str(d, "value-start"))
		for _, e := range list(d, "entries") {
			word, isWord := e.(string)
			if !isWord {
				word = str(e, "name")
				if v := str(e, "value"); v != "" {
					n, _ := strconv.ParseInt(v, 0, 64)
					next = int(n)
				}
			}
			number := next
			if str(d, "type") == "flags" {
				number = 1 << next
			}
			l = append(l, fact{set: s.enumName(str(d, "name")), name: word, id: strconv.Itoa(number)})
			next++
		}
	}
	return l
}

func constant(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "_")) }

func get(n any, key string) (any, bool) {
	m, _ := n.(map[string]any)
	v, ok := m[key]
	return v, ok
}

func str(n any, key string) string {
	v, _ := get(n, key)
	s, _ := v.(string)
	return s
}

func list(n any, key string) []any {
	v, _ := get(n, key)
	l, _ := v.([]any)
	return slices.Clip(l)
}
