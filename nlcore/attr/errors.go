package attr

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoField is what FieldError unwraps to when the key is not known.
var ErrNoField = errors.New("unknown field")

// ErrReadOnly is the error for a field that only the kernel sets.
var ErrReadOnly = &FieldError{Msg: "is set by the kernel only"}

// FieldError says what is wrong with one field, before the kernel is asked.
type FieldError struct {
	Field string // the key, with its path: "nexthop[2].via"
	Msg   string // "wants a number from 0 to 255, got 300"
	err   error
}

func (e *FieldError) Error() string {
	if e.err != nil && e.Msg == "" {
		return fmt.Sprintf("%v %q", e.err, e.Field)
	}
	return e.Field + " " + e.Msg
}

// Unwrap gives ErrNoField or what a resolver answered.
func (e *FieldError) Unwrap() error { return e.err }

// NoField is the error for a key that no row has.
func NoField(key string) error { return &FieldError{Field: key, err: ErrNoField} }

// within names the field that err is about, or puts it before the path that
// err already has.
func within(field string, err error) error {
	var fe *FieldError
	if !errors.As(err, &fe) {
		return &FieldError{Field: field, Msg: err.Error(), err: err}
	}
	path := field
	switch {
	case strings.HasPrefix(fe.Field, "["):
		path += fe.Field
	case fe.Field != "":
		path += "." + fe.Field
	}
	return &FieldError{Field: path, Msg: fe.Msg, err: fe.err}
}

// wants is the error for a value of a wrong type or range; the row adds the
// field's name.
func wants(what string, got Value) error {
	text := got.String()
	switch got.kind {
	case KindString:
		text = fmt.Sprintf("%q", got.str)
	case KindList, KindTable, KindNil:
		text = "a " + got.kind.String()
	}
	return &FieldError{Msg: "wants " + what + ", got " + text}
}
