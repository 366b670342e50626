package lua

import (
	"errors"

	"nlsh/nlcore"
)

// netlinkField reads a field of what the kernel refused, as scripts see it.
func netlinkField(err error, name string) (any, bool) {
	var batch *nlcore.BatchError
	if errors.As(err, &batch) {
		if name == "errors" {
			l := make([]error, len(batch.Errors))
			for i, e := range batch.Errors {
				l[i] = &element{e: e}
			}
			return l, true
		}
		return oneField(batch.Errors[0], name)
	}
	var e *nlcore.Error
	if errors.As(err, &e) {
		return oneField(e, name)
	}
	return nil, false
}

func oneField(e *nlcore.Error, name string) (any, bool) {
	text := ""
	switch name {
	case "op":
		text = e.Op
	case "object":
		text = e.Object
	case "netns":
		text = e.Netns
	case "errno":
		text = e.ErrnoName()
	case "attr":
		text = e.Attr
	case "message":
		text = e.Message
	case "missing":
		text = e.Missing
	case "hint":
		text = e.Hint
	}
	return text, text != ""
}

// element is one failure of a list, which knows its place there.
type element struct{ e *nlcore.Error }

func (x *element) Error() string { return x.e.Error() }

// Unwrap gives the failure itself.
func (x *element) Unwrap() error { return x.e }

// LuaField adds the place in the list, from 1.
func (x *element) LuaField(name string) (any, bool) {
	if name == "index" {
		return x.e.Index + 1, true
	}
	return oneField(x.e, name)
}
