// Package wire holds our messages against bytes that others made: what
// iproute2 sends for its words, and what the kernel answers. It is the one
// witness for attributes that the running kernel refuses.
//
// The bytes lie in testdata as hex. The first line of each file is the command
// that was captured, the second says with what and on which links; capture.sh
// makes them anew.
package wire
