package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"nlsh/lua"
)

// The exit codes.
const (
	exitFailed      = 1   // the script or the command failed
	exitUsage       = 2   // the command line was wrong
	exitInterrupted = 130 // Ctrl-C, as a shell reports SIGINT
)

// usageError is a command line that makes no sense.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// silentExit ends with a code after everything was said.
type silentExit struct{ code int }

func (e silentExit) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// report says what went wrong and returns the exit code.
func report(stderr io.Writer, err error) int {
	var exit *lua.ExitError
	var silent silentExit
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &silent):
		return silent.code
	case errors.As(err, &exit):
		sayOthers(stderr, err)
		return exit.Code
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "nlsh: %v\nTry 'nlsh --help'.\n", err)
		return exitUsage
	case errors.Is(err, lua.ErrInterrupted):
		say(stderr, err)
		return exitInterrupted
	}
	say(stderr, err)
	return exitFailed
}

// sayOthers says what failed beside an os.exit, such as a deferred function.
func sayOthers(stderr io.Writer, err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, e := range joined.Unwrap() {
		var exit *lua.ExitError
		if !errors.As(e, &exit) {
			say(stderr, e)
		}
	}
}

// say prints an error, with the calls that led to it where a script failed.
func say(stderr io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var script *lua.Error
		if errors.As(err, &script) {
			for _, e := range joined.Unwrap() {
				say(stderr, e)
			}
			return
		}
	}
	var script *lua.Error
	switch {
	case !errors.As(err, &script):
		fmt.Fprintf(stderr, "nlsh: %v\n", err)
	case errors.Is(err, context.DeadlineExceeded):
		fmt.Fprintf(stderr, "nlsh: %s: the time given with --timeout is over\n", where(script))
	case errors.Is(err, lua.ErrInterrupted):
		fmt.Fprintf(stderr, "nlsh: %s: interrupted\n", where(script))
	default:
		fmt.Fprintf(stderr, "nlsh: %s\n", script.Message)
		if script.Traceback != "" {
			fmt.Fprintln(stderr, script.Traceback)
		}
	}
}

func where(e *lua.Error) string {
	if e.Line == 0 {
		return e.Chunk
	}
	return fmt.Sprintf("%s:%d", e.Chunk, e.Line)
}
