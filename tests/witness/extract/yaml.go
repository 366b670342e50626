package main

import (
	"fmt"
	"strings"
)

// The specs use a small part of YAML: maps, lists, plain and quoted scalars,
// block scalars, flow lists of words. A node is a map[string]any, a []any or
// a string.

type yamlLine struct {
	indent int
	text   string
}

type yamlParser struct {
	lines []yamlLine
	at    int
}

// parseYAML reads one document.
func parseYAML(text string) (any, error) {
	p := &yamlParser{}
	for _, l := range strings.Split(text, "\n") {
		body := strings.TrimLeft(l, " ")
		p.lines = append(p.lines, yamlLine{len(l) - len(body), strings.TrimRight(body, " ")})
	}
	p.skip()
	n := p.node(0)
	if p.skip(); p.at < len(p.lines) {
		return nil, fmt.Errorf("line %d: %q stands where nothing is expected", p.at+1, p.lines[p.at].text)
	}
	return n, nil
}

// skip passes empty lines, comments and the document's mark.
func (p *yamlParser) skip() {
	for p.at < len(p.lines) {
		t := p.lines[p.at].text
		if t != "" && t[0] != '#' && t != "---" {
			return
		}
		p.at++
	}
}

// node reads what stands at least so deep.
func (p *yamlParser) node(least int) any {
	p.skip()
	if p.at >= len(p.lines) || p.lines[p.at].indent < least {
		return ""
	}
	indent := p.lines[p.at].indent
	if t := p.lines[p.at].text; t == "-" || strings.HasPrefix(t, "- ") {
		return p.list(indent)
	}
	return p.mapping(indent)
}

func (p *yamlParser) list(indent int) any {
	var l []any
	for {
		p.skip()
		if p.at >= len(p.lines) || p.lines[p.at].indent != indent {
			return l
		}
		t := p.lines[p.at].text
		if t != "-" && !strings.HasPrefix(t, "- ") {
			return l
		}
		rest := strings.TrimLeft(t[1:], " ")
		switch key, _, isMap := cutKey(rest); {
		case rest == "":
			p.at++
			l = append(l, p.node(indent+1))
		case isMap && key != "":
			// The map's first key stands beside the dash.
			p.lines[p.at] = yamlLine{indent + len(t) - len(rest), rest}
			l = append(l, p.mapping(p.lines[p.at].indent))
		default:
			p.at++
			l = append(l, scalar(rest))
		}
	}
}

func (p *yamlParser) mapping(indent int) any {
	m := map[string]any{}
	for {
		p.skip()
		if p.at >= len(p.lines) || p.lines[p.at].indent != indent {
			return m
		}
		key, value, ok := cutKey(p.lines[p.at].text)
		if !ok {
			return m
		}
		p.at++
		if strings.HasPrefix(value, "&") { // an anchor names the node
			_, value, _ = strings.Cut(value, " ")
		}
		switch {
		case value == "":
			m[key] = p.below(indent)
		case value[0] == '>' || value[0] == '|':
			for p.at < len(p.lines) && (p.lines[p.at].text == "" || p.lines[p.at].indent > indent) {
				p.at++
			}
			m[key] = ""
		default:
			m[key] = scalar(value)
			p.folded(indent)
		}
	}
}

// below reads the value of a key that has none on its line: a list may stand
// as deep as the key.
func (p *yamlParser) below(indent int) any {
	p.skip()
	if p.at < len(p.lines) && p.lines[p.at].indent == indent && strings.HasPrefix(p.lines[p.at].text, "-") {
		return p.list(indent)
	}
	return p.node(indent + 1)
}

// folded passes the further lines of a plain scalar.
func (p *yamlParser) folded(indent int) {
	for p.at < len(p.lines) && p.lines[p.at].text != "" && p.lines[p.at].indent > indent {
		p.at++
	}
}

// cutKey cuts "key: value".
func cutKey(s string) (key, value string, ok bool) {
	if strings.HasSuffix(s, ":") {
		return s[:len(s)-1], "", true
	}
	key, value, ok = strings.Cut(s, ": ")
	return key, strings.TrimLeft(value, " "), ok
}

func scalar(s string) any {
	if strings.HasPrefix(s, "[") {
		var l []any
		for _, w := range strings.Split(strings.Trim(s, "[]"), ",") {
			if w = strings.TrimSpace(w); w != "" {
				l = append(l, w)
			}
		}
		return l
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = strings.TrimRight(s[:i], " ")
	}
	return strings.Trim(s, `"'`)
}
