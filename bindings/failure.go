package bindings

import (
	"strings"

	"nlsh/bindings/decl"
)

// Failure is what a builtin says that reached the kernel or a program and got
// no good answer.
type Failure struct {
	Op     string // "net ping"
	Object string // "10.0.0.4"; "" where there is none
	Netns  string // the namespace by name; "" for the current or a nameless one
	Msg    string
	Hint   string

	fields map[string]any // what scripts read beside these: LuaField's values
	cause  error
	claim  bool // an assertion, which `try` lets pass
}

// Error is one line: the operation, its object, the namespace, what is wrong.
func (e *Failure) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	for _, part := range [][2]string{{" ", e.Object}, {" in ", e.Netns}, {": ", e.Msg}, {"; ", e.Hint}} {
		switch {
		case part[1] == "":
		case b.Len() == 0:
			b.WriteString(part[1])
		default:
			b.WriteString(part[0] + part[1])
		}
	}
	return b.String()
}

// Unwrap is the cause, an errno for instance.
func (e *Failure) Unwrap() error { return e.cause }

// Refused reports whether `try` turns the failure into a value: all but a
// failed assertion.
func (e *Failure) Refused() bool { return !e.claim }

// LuaField reads a field of the error as scripts see it.
func (e *Failure) LuaField(name string) (any, bool) {
	text := ""
	switch name {
	case "op":
		text = e.Op
	case "object":
		text = e.Object
	case "netns":
		text = e.Netns
	case "message":
		text = e.Msg
	case "hint":
		text = e.Hint
	default:
		v, ok := e.fields[name]
		return v, ok
	}
	return text, text != ""
}

// fail is a failure of the running call.
func fail(c *decl.Call, object, msg string, cause error) *Failure {
	return &Failure{Op: c.Op(), Object: object, Msg: msg, cause: cause}
}
