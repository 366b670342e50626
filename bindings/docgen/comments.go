package docgen

import (
	_ "embed" // for fieldComments
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nlsh/bindings/decl"
)

// fieldComments holds a line for each Go type and field that rows name,
// "Bridge.AgeingTime<TAB>comment", sorted.
//
//go:embed fields.gen.txt
var fieldComments string

// comment is what the source says of a Go field, "Bridge.AgeingTime", or type,
// "Bridge"; "" where it says nothing.
func comment(goName string) string {
	if goName == "" {
		return ""
	}
	i := strings.Index(fieldComments, "\n"+goName+"\t")
	if i < 0 {
		return ""
	}
	line := fieldComments[i+1+len(goName)+1:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return line
}

// FieldDoc is what a field means, in words that scripts use: the comment of
// its Go field with the names of that and of its siblings, those of list,
// replaced. It is "" where the source says nothing.
func (c *Catalog) FieldDoc(x *decl.FieldInfo, list []decl.FieldInfo) string {
	doc := comment(x.Field)
	if doc == "" {
		return ""
	}
	typ, _, _ := strings.Cut(x.Field, ".")
	names := map[string]string{}
	for i := range list {
		if t, name, ok := strings.Cut(list[i].Field, "."); ok && t == typ {
			names[name] = list[i].Name
		}
	}
	if _, name, ok := strings.Cut(x.Field, "."); ok {
		names[name] = x.Name
	}
	return withoutSubject(renamed(doc, names), x.Name)
}

// withoutSubject drops the name that a comment begins with, or the names of
// several fields that share it, and "is" or "are": a reader sees them beside.
// Another verb stays: "makes the bridge heed VLANs".
func withoutSubject(doc, name string) string {
	subject, rest, ok := strings.Cut(doc, " ")
	for ok && (strings.HasSuffix(subject, ",") || strings.HasSuffix(subject, " and") || strings.HasPrefix(rest, "and ")) {
		var word string
		word, rest, ok = strings.Cut(rest, " ")
		subject += " " + word
	}
	names := strings.FieldsFunc(subject, func(r rune) bool { return r == ',' || r == ' ' })
	if !ok || !slices.Contains(names, name) {
		return doc
	}
	for _, verb := range []string{"is ", "are "} {
		if s, had := strings.CutPrefix(rest, verb); had {
			return s
		}
	}
	if verb, _, _ := strings.Cut(rest, " "); len(names) > 1 || !strings.HasSuffix(verb, "s") {
		return doc // "a and b bound c", "a may be": nothing without its subject
	}
	return rest
}

// renamed replaces whole words.
func renamed(text string, names map[string]string) string {
	var b strings.Builder
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
		if n < 0 {
			n = len(text)
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(text)
			b.WriteString(text[:n])
		} else if to := names[text[:n]]; to != "" {
			b.WriteString(to)
		} else {
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String()
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// replaceFirst replaces the name that a comment begins with.
func replaceFirst(doc, name, by string) string {
	if rest, ok := strings.CutPrefix(doc, name+" "); ok {
		return by + " " + rest
	}
	return doc
}
