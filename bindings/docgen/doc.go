// Package docgen turns the declarations of builtins into text for people: what
// help() prints, and `nlsh doc`.
//
// A Catalog is what is declared. catalog.go finds a topic in it; text_*.go
// write the sections, one for each sort of topic. What a field means comes from
// the comment beside the Go field that its row names: fields.gen.txt holds
// those comments, made by this package's test (go test -update).
package docgen
