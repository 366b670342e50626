package nl

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// ErrnoName is the symbol of an error number, "EEXIST"; "" where it has none.
//
// Where two symbols share a number it is the one that strace and the manual
// pages of the network use.
func ErrnoName(e syscall.Errno) string {
	if e == unix.EOPNOTSUPP {
		return "EOPNOTSUPP" // not ENOTSUP
	}
	return unix.ErrnoName(e)
}
