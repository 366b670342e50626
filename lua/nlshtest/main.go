package nlshtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"nlsh/nlcore/sandbox"
)

// refused says why Main got no sandbox; "" if it got one or was not called.
// Main sets it before the first test.
var refused string

// Main is the body of TestMain: it runs the tests of the package in a sandbox
// (user namespace unless root, mount, UTS, pid and network namespaces) and does
// not return. Flags and the exit code pass through.
func Main(m *testing.M) {
	sandbox.Enter()
	if sandbox.Inside() {
		os.Exit(m.Run())
	}
	warn := func(line string) { fmt.Fprintln(os.Stderr, line) }
	code, err := sandbox.Run(context.Background(), os.Args, &sandbox.Options{Warn: warn})
	if err == nil {
		syscall.Exit(code) // the profiles are the child's
	}
	var why *sandbox.Error
	if !errors.As(err, &why) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	refused = err.Error()
	os.Exit(m.Run())
}
