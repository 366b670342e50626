package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"nlsh/lua"
	"nlsh/lua/repl"
	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/sandbox"
)

// nameDirs hold rt_tables and its like; the first is the most important.
var nameDirs = []string{"/etc/iproute2", "/usr/share/iproute2", "/usr/lib/iproute2"}

// interpreter makes the interpreter that the flags describe; release ends it.
func (a *app) interpreter() (in *lua.Interp, release func() error, err error) {
	color, err := a.wantsColor()
	if err != nil {
		return nil, nil, err
	}
	ns, err := a.openNetns()
	if err != nil {
		return nil, nil, err
	}
	names := rtnames.Lazy(func(err error) { fmt.Fprintln(a.stderr, "nlsh: warning:", err) }, nameDirs...)
	in, err = lua.New(lua.Options{
		Stdin: a.stdin, Stdout: a.stdout, Stderr: a.stderr,
		Netns: ns, Names: names, Color: color,
	})
	release = func() error {
		var errs []error
		if in != nil {
			errs = append(errs, in.Close())
		}
		if ns != nil {
			errs = append(errs, ns.Close())
		}
		return errors.Join(errs...)
	}
	if err != nil {
		return nil, nil, errors.Join(err, release())
	}
	return in, release, nil
}

// withInterp runs f with an interpreter that SIGINT, SIGTERM and SIGHUP
// interrupt: the first stops the script, the second its deferred functions.
func (a *app) withInterp(f func(*lua.Interp) error) error {
	in, release, err := a.interpreter()
	if err != nil {
		return err
	}
	stop := sandbox.NotifyFunc(func(os.Signal) { in.Interrupt() }, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	err = f(in)
	stop()
	if closing := release(); closing != nil {
		return errors.Join(err, closing)
	}
	return err
}

// wantsColor decides on colours: --color, else NO_COLOR, TERM and whether
// standard output is a terminal.
func (a *app) wantsColor() (bool, error) {
	switch a.color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		out, isFile := a.stdout.(*os.File)
		return isFile && repl.IsTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, usageError{fmt.Errorf("--color wants auto, always or never, got %q", a.color)}
}
