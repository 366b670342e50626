package lua

import (
	"errors"
	"fmt"
	"math"
	"os"
	"syscall"

	glua "github.com/yuin/gopher-lua"
)

// FieldError is a Go error that shows fields to scripts: LuaField returns the
// value of op, object, netns, errno, attr, message, hint or any other name it
// knows, as a string, bool, number, error, []error, or glua.LValue.
type FieldError interface {
	error
	LuaField(name string) (value any, ok bool)
}

// errorObject is a Go error as a value of a script.
type errorObject struct {
	err   error
	where string // "file:line: " of the line that raised it first
	trace *trace
}

// raise raises err with the position of the script line that runs; it does
// not return. An error that was raised before keeps its object.
func raise(L *glua.LState, err error) {
	in := interpOf(L)
	rethrow(L, in.newError(L, err))
}

// Raise raises err in the script that called the running Go function; it does
// not return. In Lua err is an object with the fields of FieldError.
func Raise(L *glua.LState, err error) { raise(L, err) }

// newError makes the error object of err.
func (in *Interp) newError(L *glua.LState, err error) glua.LValue {
	var again *Error
	if errors.As(err, &again) && again.Err != nil && err == error(again) {
		err = again.Err
	}
	where := ""
	if !quiet(err) {
		where = scriptPosition(L)
	}
	return in.errorValue(&errorObject{err: err, where: where})
}

// quiet reports whether err reads better without a position.
func quiet(err error) bool {
	switch err.(type) {
	case *ExitError, *stopError:
		return true
	}
	return false
}

func (in *Interp) errorValue(e *errorObject) glua.LValue {
	return &glua.LUserData{Value: e, Metatable: in.errorMeta}
}

// errorOf returns the Go error object that a Lua value is.
func errorOf(v glua.LValue) (*errorObject, bool) {
	if ud, ok := v.(*glua.LUserData); ok {
		e, ok := ud.Value.(*errorObject)
		return e, ok
	}
	return nil, false
}

// goError returns the Go error in a Lua value.
func goError(v glua.LValue) (error, bool) {
	if e, ok := errorOf(v); ok {
		return e.err, true
	}
	return nil, false
}

// newErrorMeta makes the metatable of all error objects.
func (in *Interp) newErrorMeta() *glua.LTable {
	mt := in.L.CreateTable(0, 4)
	mt.RawSetString("__name", glua.LString("error"))
	mt.RawSetString("__tostring", in.L.NewFunction(func(L *glua.LState) int {
		return pushText(L, errorText(L.Get(1)))
	}))
	mt.RawSetString("__concat", in.L.NewFunction(func(L *glua.LState) int {
		return pushText(L, errorText(L.Get(1))+errorText(L.Get(2)))
	}))
	mt.RawSetString("__index", in.L.NewFunction(func(L *glua.LState) int {
		e, ok := errorOf(L.Get(1))
		name, isText := L.Get(2).(glua.LString)
		if !ok || !isText {
			L.Push(glua.LNil)
			return 1
		}
		L.Push(in.errorField(e, string(name)))
		return 1
	}))
	return mt
}

func errorText(v glua.LValue) string {
	if e, ok := errorOf(v); ok {
		return e.where + e.err.Error()
	}
	s, _ := stringOf(v)
	return s
}

// errorField returns a field of an error object, nil for one it lacks.
func (in *Interp) errorField(e *errorObject, name string) glua.LValue {
	if name == "traceback" {
		if e.trace == nil {
			return glua.LNil
		}
		return glua.LString(e.trace.String())
	}
	var fe FieldError
	if errors.As(e.err, &fe) {
		if v, ok := fe.LuaField(name); ok {
			return in.fieldValue(v)
		}
	}
	if v, ok := netlinkField(e.err, name); ok {
		return in.fieldValue(v)
	}
	switch name {
	case "message":
		return glua.LString(e.err.Error())
	case "errno":
		if word := errnoWord(e.err); word != "" {
			return glua.LString(word)
		}
	}
	return glua.LNil
}

// fieldValue turns what LuaField returned into a Lua value. An empty string
// is nil: the field says nothing.
func (in *Interp) fieldValue(v any) glua.LValue {
	switch v := v.(type) {
	case nil:
	case glua.LValue:
		return v
	case string:
		if v != "" {
			return glua.LString(v)
		}
	case bool:
		return glua.LBool(v)
	case int:
		return glua.LNumber(v)
	case int64:
		return glua.LNumber(v)
	case uint64:
		if v > math.MaxInt64 {
			return glua.LString(fmt.Sprint(v))
		}
		return glua.LNumber(v)
	case float64:
		return glua.LNumber(v)
	case []error:
		list := in.L.CreateTable(len(v), 0)
		for i, err := range v {
			list.RawSetInt(i+1, in.errorValue(&errorObject{err: err}))
		}
		return list
	case error:
		return in.errorValue(&errorObject{err: v})
	}
	return glua.LNil
}

// errnoWord names the errno in errors of files and processes; the errors of
// the kernel's networking bring their own word through LuaField.
func errnoWord(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		for _, e := range errnoWords {
			if e.errno == errno {
				return e.word
			}
		}
		return fmt.Sprintf("E%d", int(errno))
	}
	if errors.Is(err, os.ErrNotExist) {
		return "ENOENT"
	}
	return ""
}

// errnoWords is no map: that would be built at every start.
var errnoWords = [...]struct {
	errno syscall.Errno
	word  string
}{
	{syscall.EACCES, "EACCES"}, {syscall.EADDRINUSE, "EADDRINUSE"}, {syscall.EADDRNOTAVAIL, "EADDRNOTAVAIL"},
	{syscall.EAGAIN, "EAGAIN"}, {syscall.EBADF, "EBADF"}, {syscall.EBUSY, "EBUSY"}, {syscall.ECHILD, "ECHILD"},
	{syscall.ECONNABORTED, "ECONNABORTED"}, {syscall.ECONNREFUSED, "ECONNREFUSED"}, {syscall.ECONNRESET, "ECONNRESET"},
	{syscall.EEXIST, "EEXIST"}, {syscall.EFAULT, "EFAULT"}, {syscall.EHOSTUNREACH, "EHOSTUNREACH"},
	{syscall.EINTR, "EINTR"}, {syscall.EINVAL, "EINVAL"}, {syscall.EIO, "EIO"}, {syscall.EISDIR, "EISDIR"},
	{syscall.ELOOP, "ELOOP"}, {syscall.EMFILE, "EMFILE"}, {syscall.EMSGSIZE, "EMSGSIZE"},
	{syscall.ENAMETOOLONG, "ENAMETOOLONG"}, {syscall.ENETUNREACH, "ENETUNREACH"}, {syscall.ENFILE, "ENFILE"},
	{syscall.ENOBUFS, "ENOBUFS"}, {syscall.ENODEV, "ENODEV"}, {syscall.ENOENT, "ENOENT"}, {syscall.ENOEXEC, "ENOEXEC"},
	{syscall.ENOMEM, "ENOMEM"}, {syscall.ENOSPC, "ENOSPC"}, {syscall.ENOSYS, "ENOSYS"}, {syscall.ENOTDIR, "ENOTDIR"},
	{syscall.ENOTEMPTY, "ENOTEMPTY"}, {syscall.ENOTSUP, "EOPNOTSUPP"}, {syscall.ENXIO, "ENXIO"},
	{syscall.EPERM, "EPERM"}, {syscall.EPIPE, "EPIPE"}, {syscall.ERANGE, "ERANGE"}, {syscall.EROFS, "EROFS"},
	{syscall.ESRCH, "ESRCH"}, {syscall.ETIMEDOUT, "ETIMEDOUT"}, {syscall.EXDEV, "EXDEV"},
}
