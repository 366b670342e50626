package nstest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"nlsh/nlcore/sandbox"
)

// refused says why there is no sandbox, "" if there is one. Main sets it
// before the first test.
var refused = "TestMain does not call nstest.Main"

// Main is the body of TestMain: it runs the tests in fresh namespaces and
// does not return. Flags and the exit code pass through; a fuzzing worker,
// which the test binary starts, stays in the sandbox of its parent. The run
// fails if the tests leave behind what leaks lists.
func Main(m *testing.M) {
	sandbox.Enter()
	if sandbox.Inside() {
		refused = ""
		os.Exit(runChecked(m))
	}
	warn := func(line string) { fmt.Fprintln(os.Stderr, line) }
	code, err := sandbox.Run(context.Background(), os.Args, &sandbox.Options{Warn: warn})
	if err == nil {
		// Not os.Exit: the profiles are the child's, and under -race that
		// takes 1 s.
		syscall.Exit(code)
	}
	var why *sandbox.Error
	if !errors.As(err, &why) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	refused = err.Error()
	os.Exit(m.Run())
}

// runChecked runs the tests and compares before and after.
func runChecked(m *testing.M) int {
	before, err := look()
	if err != nil {
		fmt.Fprintln(os.Stderr, "nstest:", err)
		return 1
	}
	code := m.Run()
	after, err := look()
	if err != nil {
		fmt.Fprintln(os.Stderr, "nstest:", err)
		return 1
	}
	if l := leaks(before, after, isFuzzWorker(os.Args)); len(l) > 0 {
		fmt.Fprintf(os.Stderr, "nstest: left over after the tests:\n\t%s\n", strings.Join(l, "\n\t"))
		code = max(code, 1)
	}
	return code
}

// isFuzzWorker says whether the test binary started this process to fuzz.
// Workers share names and mounts with each other, and are not asked for them.
func isFuzzWorker(args []string) bool {
	for _, a := range args[1:] {
		if a == "-test.fuzzworker" || a == "-test.fuzzworker=true" {
			return true
		}
	}
	return false
}
