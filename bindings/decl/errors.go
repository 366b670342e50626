package decl

import (
	"strings"
)

// Error is what a check of arguments says before anything was asked of the
// kernel.
type Error struct {
	Op     string // "link add"
	Object string // "vx0"; "" where it is not known
	Field  string // the field that is wrong; "" where it is the call
	Msg    string
	Hint   string // what to do about it
	Index  int    // the element of a list, from 1; 0: no list

	cause   error
	refused bool
}

// Error is one line: the operation, its object, what is wrong.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Object != "" {
		b.WriteByte(' ')
		b.WriteString(e.Object)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString("; ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// Unwrap is what the check was told: an attr.FieldError.
func (e *Error) Unwrap() error { return e.cause }

// Refused is false: a mistake in the script, which `try` lets pass. The one
// exception is a namespace that is gone.
func (e *Error) Refused() bool { return e.refused }

// LuaField reads a field of the error as scripts see it.
func (e *Error) LuaField(name string) (any, bool) {
	text := ""
	switch name {
	case "op":
		text = e.Op
	case "object":
		text = e.Object
	case "attr":
		text = e.Field
	case "message":
		text = e.Msg
	case "hint":
		text = e.Hint
	case "index":
		return e.Index, e.Index > 0
	}
	return text, text != ""
}
