package nlcore

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// ErrnoName is the errno's symbol, "EEXIST"; "" where the kernel was not
// asked.
func (e *Error) ErrnoName() string {
	if e.Errno == 0 {
		return ""
	}
	return nl.ErrnoName(e.Errno)
}

// explain turns the failure of a change into an Error.
func (h *Handle) explain(c Change, err error) *Error {
	e := &Error{Op: c.Verb.String()}
	if c.Object != nil {
		e.Op, e.Object = c.Object.Class()+" "+e.Op, c.Object.String()
	}
	e.fill(err)
	if e.Hint == "" {
		e.Hint = hint(c, e)
	}
	return e
}

// explainOp is explain for what is no change: a lookup or a list.
func explainOp(op, object string, err error) error {
	if err == nil {
		return nil
	}
	var already *Error
	if errors.As(err, &already) {
		return err
	}
	e := &Error{Op: op, Object: object}
	e.fill(err)
	return e
}

// fill takes over what err knows.
func (e *Error) fill(err error) {
	var kernel *nl.Error
	if errors.As(err, &kernel) {
		e.fillKernel(kernel)
		return
	}
	e.Message, e.cause = err.Error(), err
	if !errors.As(err, &e.Errno) && errors.Is(err, fs.ErrNotExist) {
		e.Errno = syscall.ENOENT
	}
	var field *attr.FieldError
	if errors.As(err, &field) {
		e.Attr = field.Field
		if e.Errno != 0 {
			e.Message = field.Msg
		}
	}
	if e.Errno != 0 {
		e.Message = strings.TrimSuffix(e.Message, ": "+e.Errno.Error())
	}
}

func (e *Error) fillKernel(k *nl.Error) {
	e.Errno, e.Message = k.Errno, k.Message
	if len(k.Request) < uapi.SizeofNlMsghdr {
		return
	}
	body := k.Request[uapi.SizeofNlMsghdr:]
	s := messageSchema(k.Protocol, requestType(k.Request))
	if s == nil {
		return
	}
	if k.Offset >= uapi.SizeofNlMsghdr {
		e.Attr = s.Path(body, k.Offset-uapi.SizeofNlMsghdr)
	}
	if k.MissType >= 0 {
		e.Missing = s.Missing(body, k.MissNest-uapi.SizeofNlMsghdr, uint16(k.MissType))
	}
}

// hint says what to do about an errno, where that is known.
func hint(c Change, e *Error) string {
	switch e.Errno {
	case syscall.EPERM:
		return "needs CAP_NET_ADMIN: run as root or with --sandbox"
	case syscall.EOPNOTSUPP:
		if l, ok := c.Object.(Link); ok && c.Verb != Set && e.Message == "Unknown device type" {
			return hintKind(l.Kind())
		}
	case syscall.ENOENT, syscall.ENODEV, syscall.ENXIO:
		if _, ok := c.Object.(*Tun); ok && c.Verb == Add {
			return "this kernel has no tun links: modprobe tun"
		}
	case syscall.ENETUNREACH:
		if c.Object != nil && c.Object.Class() == routeClass.Name {
			return "the gateway must be reachable through an interface that is up"
		}
	}
	return ""
}

// hintKind is about a kind of link that the kernel does not know.
func hintKind(kind string) string {
	if kind == "tap" || kind == "tuntap" {
		return `say type="tun", mode="tap"`
	}
	return "this kernel has no " + kind + " links: modprobe " + kind
}
