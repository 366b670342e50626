// Package uapi has the constants of the kernel's user interface that netlink
// needs, under the kernel's own names and as untyped constants.
//
// The *.gen.go files, one for each header, are written by the command in gen
// from the newest kernel headers and may be newer than the running kernel.
// sizes.go and families.go hold by hand what headers express as C types or
// leave to the C library.
package uapi

//go:generate go run ./gen -headers ../../../.cache/headers/include -out .
