package nlcore

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// Error is a refused operation. It unwraps to its cause: the errno, or what a
// check before the call said.
type Error struct {
	Op      string        // "link add"
	Object  string        // "vx0", "10.0.0.0/8 table 100"
	Netns   string        // where, if not the handle's own; "" elsewhere
	Errno   syscall.Errno // 0 if the kernel was not asked
	Message string        // the kernel's text, or our check's
	Attr    string        // "linkinfo.data.id": the attribute that is wrong
	Missing string        // the attribute that the kernel wanted
	Hint    string        // what to do about it
	Index   int           // in a batch: which change failed, from 0

	cause error
}

// Error is one line that a person understands.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Object != "" {
		b.WriteString(" " + e.Object)
	}
	if e.Netns != "" {
		b.WriteString(" in " + e.Netns)
	}
	b.WriteString(": " + e.text())
	if e.Missing != "" {
		b.WriteString(", missing " + e.Missing)
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

func (e *Error) text() string {
	switch {
	case e.Errno == 0: // the message names the field
		return e.Message
	case e.Message == "" && e.Attr == "":
		return fmt.Sprintf("%v (%s)", e.Errno, e.ErrnoName())
	case e.Message == "":
		return fmt.Sprintf("%v at %s (%s)", e.Errno, e.Attr, e.ErrnoName())
	case e.Attr == "":
		return fmt.Sprintf("%s (%s)", e.Message, e.ErrnoName())
	}
	return fmt.Sprintf("%s: %s (%s)", e.Attr, e.Message, e.ErrnoName())
}

// Unwrap gives the causes: an errno for errors.Is, a FieldError, a context's
// error.
func (e *Error) Unwrap() []error {
	var l []error
	if e.Errno != 0 {
		l = append(l, e.Errno)
	}
	if e.cause != nil {
		l = append(l, e.cause)
	}
	return l
}

// Refused reports that the kernel or the environment said no, as opposed to
// a mistake in the arguments.
func (e *Error) Refused() bool { return e.Errno != 0 || e.cause == nil }

// BatchError holds each failure of a list of changes; the others stay done.
type BatchError struct {
	Errors []*Error // in the order of their changes
	Total  int      // changes tried
}

func (e *BatchError) Error() string {
	first := e.Errors[0]
	if len(e.Errors) == 1 && e.Total == 1 {
		return first.Error()
	}
	return fmt.Sprintf("%v (element %d; %d of %d failed)", first, first.Index+1, len(e.Errors), e.Total)
}

// Unwrap gives the failures.
func (e *BatchError) Unwrap() []error {
	l := make([]error, len(e.Errors))
	for i, x := range e.Errors {
		l[i] = x
	}
	return l
}

// Refused reports that every failure was the kernel's or the environment's.
func (e *BatchError) Refused() bool {
	for _, x := range e.Errors {
		if !x.Refused() {
			return false
		}
	}
	return true
}

// Sentinels that errors.Is finds.
var (
	// ErrNotFound is a lookup that found nothing although the kernel did not
	// say so with an errno.
	ErrNotFound = errors.New("not found")
	// ErrSeveral is a find that matched more than one object.
	ErrSeveral = errors.New("several match")
)
