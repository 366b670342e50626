package decl

import "strings"

// keyword reports a word that Lua does not allow after a dot.
func keyword(s string) bool {
	switch s {
	case "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto",
		"if", "in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while":
		return true
	}
	return false
}

// fieldName is the field that a script's key means: `-` is `_`, and a keyword
// may end in `_`.
func fieldName(key string) string {
	if strings.IndexByte(key, '-') >= 0 {
		key = strings.ReplaceAll(key, "-", "_")
	}
	if n := len(key) - 1; n > 0 && key[n] == '_' && keyword(key[:n]) {
		return key[:n]
	}
	return key
}

// luaName is how a script writes a field: `local_` for "local".
func luaName(field string) string {
	if keyword(field) {
		return field + "_"
	}
	return field
}

// spaced is a module's path as errors say it: "bridge link".
func spaced(path string) string { return strings.ReplaceAll(path, ".", " ") }
