package nl

import (
	"errors"
	"fmt"
	"syscall"
)

var (
	// ErrClosed ends calls on a Conn that is or becomes closed.
	ErrClosed = errors.New("netlink connection closed")
	// ErrDumpInterrupted says that what is listed changed while the kernel
	// listed it: the list may lack entries or have some twice.
	ErrDumpInterrupted = errors.New("netlink dump interrupted by a change")
	// ErrOverrun says that the kernel dropped messages for want of room in the
	// receive buffer. The error wraps ENOBUFS too where the socket said so.
	ErrOverrun = errors.New("netlink messages lost")
)

var errJoined = errors.New("netlink request: the connection has joined multicast groups and only receives")

func errClosed() error { return fmt.Errorf("netlink: %w", ErrClosed) }

// Error is a request that the kernel refused.
type Error struct {
	// Errno is the kernel's error number.
	Errno syscall.Errno
	// Message is the kernel's text, or empty.
	Message string
	// Offset is where in the request, counted from its header, the attribute
	// begins that the kernel objects to, or -1.
	Offset int
	// MissType is the type of an attribute that the kernel wanted, or -1.
	MissType int
	// MissNest is the offset of the nest that lacks it, or -1: the top.
	MissNest int
	// Protocol is the netlink protocol that the request belongs to.
	Protocol int
	// Request is a copy of the request with its header, to resolve offsets.
	Request []byte
}

// Error is the kernel's text and the error number's.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Errno.Error()
	}
	return e.Message + " (" + e.Errno.Error() + ")"
}

// Unwrap returns the error number, for errors.Is.
func (e *Error) Unwrap() error { return e.Errno }
