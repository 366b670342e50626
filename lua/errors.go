package lua

import (
	"errors"
	"fmt"
	"strings"

	glua "github.com/yuin/gopher-lua"
)

// Error is what Run and its kin return when a script failed.
type Error struct {
	Chunk string // the file or chunk of the script line that failed
	Line  int    // that line; 0 when no script line was running
	// Message is one line for people, beginning with the position where the
	// script's own message does.
	Message string
	// Traceback lists the calls that were open, newest first.
	Traceback string
	// Err is the Go error that a builtin raised, nil for an error of Lua.
	Err error
}

func (e *Error) Error() string { return e.Message }

// Unwrap lets errors.Is and errors.As see the Go error.
func (e *Error) Unwrap() error { return e.Err }

// ExitError is what a script that called os.exit ends with. It is no failure
// when Code is 0. Nothing in Lua catches it.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// InternalError is a panic of Go code below a script: a defect of nlsh.
// Nothing in Lua catches it.
type InternalError struct {
	Panic any    // what the code panicked with
	Stack string // Go's stack then, "" when it was lost
}

func (e *InternalError) Error() string { return fmt.Sprintf("internal error: %v", e.Panic) }

// stopError ends a script whose context ended. Nothing in Lua catches it.
type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }
func (e *stopError) Unwrap() error { return e.err }

// uncatchable reports whether obj is an error that pcall and its kin pass on.
func uncatchable(obj glua.LValue) bool {
	err, ok := goError(obj)
	if !ok {
		return false
	}
	switch err.(type) {
	case *ExitError, *InternalError, *stopError:
		return true
	}
	return false
}

// outcome turns the error object that ended a run into a Go error.
func (in *Interp) outcome(obj glua.LValue) error {
	e := &Error{}
	var t *trace
	if g, ok := errorOf(obj); ok {
		if exit, ok := g.err.(*ExitError); ok {
			return exit
		}
		e.Message, e.Err, t = g.where+g.err.Error(), g.err, g.trace
		if stop, ok := g.err.(*stopError); ok {
			e.Err = stop.err
		}
	} else {
		e.Message = in.describeError(obj)
		if obj == in.last.obj {
			t = in.last.trace
		}
	}
	e.Chunk, e.Line = t.firstLine()
	if t != nil {
		e.Traceback = t.String()
	}
	e.Chunk, e.Line = positionOf(e.Message, e.Chunk, e.Line)
	return e
}

// positionOf prefers the line that the message itself names, which error's
// level may have moved.
func positionOf(msg, chunk string, line int) (string, int) {
	rest, ok := strings.CutPrefix(msg, chunk+":")
	if !ok || chunk == "" {
		return chunk, line
	}
	n, i := 0, 0
	for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
		n = n*10 + int(rest[i]-'0')
	}
	if i > 0 && i < len(rest) && rest[i] == ':' {
		return chunk, n
	}
	return chunk, line
}

// describeError is how an uncaught error object reads.
func (in *Interp) describeError(obj glua.LValue) string {
	if s, ok := stringOf(obj); ok {
		return s
	}
	if mm := in.L.GetMetaField(obj, "__tostring"); mm != glua.LNil {
		in.L.Push(mm)
		in.L.Push(obj)
		keep := in.last
		n, _, ok := in.protect(in.L, 1, nil)
		in.last = keep
		if ok && n > 0 {
			s, isText := stringOf(in.L.Get(-n))
			in.L.Pop(n)
			if isText {
				return s
			}
		}
	}
	return fmt.Sprintf("(error object is a %s value)", obj.Type())
}

// refused reports whether err is one that try turns into a value.
func refused(err error) bool {
	var r interface{ Refused() bool }
	if errors.As(err, &r) {
		return r.Refused()
	}
	return errnoWord(err) != ""
}
