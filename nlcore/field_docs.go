package nlcore

import (
	"cmp"
	"slices"
)

//go:generate go run ./internal/docgen

// fieldDoc is the comment of one struct field.
type fieldDoc struct{ field, doc string }

// FieldDoc is what the comment of a struct's field says, without the field's
// name: FieldDoc("Bridge.HelloTime"). It is "" where there is none. The names
// are those of attr.Member.
func FieldDoc(field string) string {
	i, ok := slices.BinarySearchFunc(fieldDocs[:], field, func(d fieldDoc, f string) int { return cmp.Compare(d.field, f) })
	if !ok {
		return ""
	}
	return fieldDocs[i].doc
}
