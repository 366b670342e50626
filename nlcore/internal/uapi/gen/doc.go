// Command gen writes the constants of package uapi from kernel headers.
//
//	go run ./nlcore/internal/uapi/gen -headers .cache/headers/include -out nlcore/internal/uapi
//
// The names (enum members and object-like macros) are read from the text of
// each header; their values come from the C compiler, so that no expression,
// conditional or implicit enum number is interpreted here. A macro that is no
// integer constant is left out: the compiler says which. Only people who
// regenerate need headers and a compiler; the result is committed.
//
// tests/oracle/fetch.sh brings the headers.
package main
