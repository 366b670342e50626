package main

import (
	"regexp"
	"strings"
)

// A group is one enum, or a run of macros between enums, in source order.
type group struct {
	enum  string // the enum's tag, "" for an anonymous one or for macros
	macro bool
	names []name
}

// A name is one candidate constant.
type name struct {
	ident string
	hex   bool // the header writes the value in base 16
}

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	// token finds, in order of appearance, macros without parameters and enums.
	token = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*define[ \t]+([A-Z]\w*)[ \t]+(\S[^\n]*)$` +
		`|\benum(?:[ \t\n]+(\w+))?[ \t\n]*\{([^}]*)\}`)
	member  = regexp.MustCompile(`^\s*([A-Z]\w*)\s*(?:=(.*))?$`)
	cppLine = regexp.MustCompile(`(?m)^[ \t]*#.*$`)
)

// parse lists the candidate constants of one header's text. It need not be
// exact: what is no integer constant does not survive the compiler, and the
// exported spelling (a capital first) excludes include guards and sentinels.
func parse(text string) []group {
	text = comment.ReplaceAllString(text, " ")
	text = strings.ReplaceAll(text, "\\\n", " ")
	var groups []group
	for _, m := range token.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			n := name{m[1], strings.Contains(m[2], "0x")}
			if len(groups) == 0 || !groups[len(groups)-1].macro {
				groups = append(groups, group{macro: true})
			}
			last := &groups[len(groups)-1]
			last.names = append(last.names, n)
			continue
		}
		g := group{enum: m[3]}
		for _, part := range splitTop(cppLine.ReplaceAllString(m[4], "")) {
			if f := member.FindStringSubmatch(part); f != nil {
				g.names = append(g.names, name{f[1], strings.Contains(f[2], "0x")})
			}
		}
		// Macros inside an enum's braces repeat a member (#define X X) or
		// name a value of it; those that do not repeat are kept after it.
		for _, d := range token.FindAllStringSubmatch(m[4], -1) {
			if d[1] != "" && d[1] != strings.TrimSpace(d[2]) {
				g.names = append(g.names, name{d[1], strings.Contains(d[2], "0x")})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// splitTop splits at the commas outside parentheses.
func splitTop(s string) []string {
	var parts []string
	depth, from := 0, 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, strings.ReplaceAll(s[from:i], "\n", " "))
				from = i + 1
			}
		}
	}
	return append(parts, strings.ReplaceAll(s[from:], "\n", " "))
}
