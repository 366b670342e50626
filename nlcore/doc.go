// Package nlcore speaks rtnetlink: links of every kind, their addresses and
// routes, as values that are changed and read through a Handle.
//
// A Handle belongs to one network namespace. What it does is a Change: a verb
// and an object that holds the caller's words, names unresolved. Apply sends
// one or thousands of them; methods with the familiar names (LinkAdd,
// AddrAdd, RouteReplace) are one line over the same. A kernel attribute is
// declared once, as a row beside the field that holds it (see attr), and
// everything else follows from the row.
//
//	above     tx, topo, probe, iptext   strategies over changes
//	          Handle, Change, Error     this package
//	below     attr, val, rtnames        rows, values, words
//	          netns, sandbox            where things happen
//	          internal/nl, uapi         sockets, the kernel's constants
//
// Read handle.go and change.go first, then link.go with one link_<kind>.go.
package nlcore
