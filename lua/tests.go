package lua

import (
	"context"
	"errors"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings"
)

// TestResult is how a test, or a part of one, ended.
type TestResult = bindings.TestResult

// SkipError is the cause where a file of tests is skipped: what test.need
// missed.
type SkipError = bindings.SkipError

// Suite is where the tests of the running file go.
func (h *host) Suite() *bindings.Suite { return h.suite }

// LoadTests runs a file of tests and returns the names of those it declares.
// What the file defers runs with RunDeferred or Close. The error wraps a
// *SkipError where the file is to be skipped.
func (in *Interp) LoadTests(ctx context.Context, path string) ([]string, error) {
	in.host.suite = &bindings.Suite{}
	if err := in.StartFile(ctx, path); err != nil {
		return nil, err
	}
	return in.host.suite.Names(), nil
}

// RunTest runs a test of the file that LoadTests ran, by its place from 0:
// what test.setup was given, then the test. report is told of each part of it
// when that has ended; nil: nobody is. What the test raised is in the result.
// Each test is meant for an interpreter and a namespace of its own.
func (in *Interp) RunTest(ctx context.Context, i int, report func(TestResult)) (TestResult, error) {
	s := in.host.suite
	if s == nil || i < 0 || i >= len(s.Names()) {
		return TestResult{}, errors.New("lua: there is no such test")
	}
	s.Report = report
	var result TestResult
	_, err := in.Call(ctx, in.L.NewFunction(func(L *glua.LState) int {
		r, err := s.Run(L, in.host, i)
		result = r
		if err != nil {
			in.host.Raise(L, err)
		}
		return 0
	}))
	if err != nil && result.Err == nil {
		return result, err
	}
	return result, nil
}
