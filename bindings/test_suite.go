package bindings

import (
	"errors"
	"fmt"
	"strings"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// Tests is implemented by a host that runs files of tests.
type Tests interface {
	// Suite is where the tests of the file that runs go; nil: it is none.
	Suite() *Suite
}

// Suite is the tests that a file declared, in their order. The zero value is
// ready for a file to run. Its methods are called by one goroutine.
type Suite struct {
	// Report is told of each part of a test when it has ended; nil: nobody is.
	Report func(TestResult)

	tests  []declaredTest
	setups []*glua.LFunction
	phase  phase
	above  []*openTest // the running test, and those that it is a part of
}

type declaredTest struct {
	name string
	f    *glua.LFunction
}

// openTest is a test that runs.
type openTest struct {
	name          string
	parts, failed int
}

// phase says what test(name, f) does.
type phase uint8

const (
	declaring phase = iota
	running
	other // setup, deferred functions
)

// TestResult is how a test ended.
type TestResult struct {
	Name    string // those of its parents before it, a slash between
	Depth   int    // 0 for a test of the file, 1 for a part of that
	Err     error  // what failed it; nil: it passed or was skipped
	Skipped string // what test.need missed
	Took    time.Duration
}

// SkipError is what test.need raises. A script can catch it like a mistake.
type SkipError struct{ Reason string }

func (e *SkipError) Error() string { return "skipped: " + e.Reason }

// Refused is false: it is not for `try`.
func (e *SkipError) Refused() bool { return false }

// Names are those of the tests.
func (s *Suite) Names() []string {
	l := make([]string, len(s.tests))
	for i, t := range s.tests {
		l[i] = t.name
	}
	return l
}

// Run calls the functions of test.setup and then the test of that place, from
// 0. The error is one that ends the script too.
func (s *Suite) Run(L *glua.LState, h decl.Host, i int) (TestResult, error) {
	c := &decl.Call{L: L, Host: h}
	t := s.tests[i]
	start := time.Now()
	s.phase = other
	for _, f := range s.setups {
		if _, err := h.Call(L, f); err != nil {
			r := TestResult{Name: t.name, Took: time.Since(start)}
			return r, r.take(err)
		}
	}
	s.phase = running
	r, err := s.run(c, t.name, t.f)
	s.phase = other
	r.Took = time.Since(start)
	return r, err
}

// run calls a test, reports it if it is a part of another, and tells that one.
func (s *Suite) run(c *decl.Call, name string, f *glua.LFunction) (TestResult, error) {
	t := &openTest{name: name}
	depth := len(s.above)
	s.above = append(s.above, t)
	start := time.Now()
	_, err := c.Host.Call(c.L, f)
	r := TestResult{Name: s.path(), Depth: depth, Took: time.Since(start)}
	s.above = s.above[:depth]
	final := r.take(err)
	if r.Err == nil && r.Skipped == "" && t.failed > 0 {
		r.Err = fmt.Errorf("%d of %d parts failed", t.failed, t.parts)
	}
	if depth > 0 {
		parent := s.above[depth-1]
		parent.parts++
		if r.Err != nil {
			parent.failed++
		}
		if s.Report != nil {
			s.Report(r)
		}
	}
	return r, final
}

func (s *Suite) path() string {
	names := make([]string, len(s.above))
	for i, t := range s.above {
		names[i] = t.name
	}
	return strings.Join(names, "/")
}

// take notes what a test raised, and returns it where it ends the script too.
func (r *TestResult) take(err error) error {
	var skip *SkipError
	if errors.As(err, &skip) {
		r.Skipped = skip.Reason
		return nil
	}
	r.Err = err
	var raised Raised
	if errors.As(err, &raised) {
		r.Err = thrownError(err)
		if raised.Final() {
			return err
		}
	}
	return nil
}
