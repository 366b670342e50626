package decl

import (
	"context"
	"errors"
	"fmt"

	glua "github.com/yuin/gopher-lua"
)

// N is the number of Lua arguments.
func (c *Call) N() int { return c.L.GetTop() - c.base }

// Arg is the i-th Lua argument, from 1; nil where there is none.
func (c *Call) Arg(i int) glua.LValue { return c.L.Get(c.base + i) }

// Return adds results of the call.
func (c *Call) Return(v ...glua.LValue) { c.out = append(c.out, v...) }

// Context is that of the running call.
func (c *Call) Context() context.Context { return c.Host.Context(c.L) }

// Place is the namespace in which the call acts: that of a bound module, else
// the current one. A deleted one is an error.
func (c *Call) Place() (*Place, error) {
	if c.at == nil {
		p, err := c.bound, error(nil)
		if p == nil {
			if p, err = c.Host.Here(c.L); err != nil {
				return nil, err
			}
		}
		c.at = p
	}
	return c.at, c.at.check()
}

// Op is the call as errors name it: "net ping".
func (c *Call) Op() string {
	if c.Module.Class != nil {
		return c.Module.Class.Name + " " + c.Func.Name
	}
	if c.Module.Name == "" {
		return c.Func.Name
	}
	return spaced(c.Path) + " " + c.Func.Name
}

// Errorf is a mistake in the call's arguments.
func (c *Call) Errorf(format string, args ...any) error {
	return c.failure(fmt.Errorf(format, args...))
}

// Refuse is a failure of the environment, which `try` catches.
func (c *Call) Refuse(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Op: c.Op(), Msg: err.Error(), cause: err, refused: true}
}

// CallLua calls a function of the script. What it raises comes back as an
// error that Func.Run may return: it is raised again unchanged.
func (c *Call) CallLua(f *glua.LFunction, args ...glua.LValue) ([]glua.LValue, error) {
	out, err := c.Host.Call(c.L, f, args...)
	if err != nil {
		c.thrown = err
	}
	return out, err
}

// failure names the call in an error that does not yet say where it arose.
func (c *Call) failure(err error) error {
	if c.thrown != nil && errors.Is(err, c.thrown) {
		return c.thrown
	}
	var already *Error
	if err == nil || errors.As(err, &already) || raised(err) {
		return err
	}
	return &Error{Op: c.Op(), Msg: err.Error(), cause: err}
}

// raised reports an error that says its place itself: the kernel's.
func raised(err error) bool {
	var told interface{ Refused() bool }
	return errors.As(err, &told)
}
