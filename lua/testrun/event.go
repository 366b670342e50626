package testrun

import (
	"errors"
	"time"

	"nlsh/lua"
)

// event is a line that Serve writes. One of its parts is set.
type event struct {
	Names  []string `json:",omitempty"` // the tests of the file
	Output []byte   `json:",omitempty"` // what the script printed
	Part   *Result  `json:",omitempty"` // a part of the test ended
	End    *Result  `json:",omitempty"` // the test, or the file without one, ended
}

// Result is how a test, a part of it, or a file that could not be run, ended.
type Result struct {
	File    string `json:"-"`
	Name    string // of the test; those of its parents before it. "" is the file itself
	Depth   int    // 0 for a test, 1 for a part of it
	Failure string // "" if it did not fail
	Trace   string // the calls that were open then
	Skipped string // why, if it was
	Took    time.Duration

	// Output is what the test printed; on the result of the test itself.
	Output []byte `json:"-"`
	// Interrupted says that it was stopped by Ctrl-C or a signal.
	Interrupted bool
}

// Failed reports that the test or its part failed.
func (r *Result) Failed() bool { return r.Failure != "" }

// resultOf makes a Result of what the interpreter says.
func resultOf(t lua.TestResult) *Result {
	r := &Result{Name: t.Name, Depth: t.Depth, Skipped: t.Skipped, Took: t.Took}
	r.fail(t.Err)
	return r
}

// fail notes an error: the first is the failure, others follow it.
func (r *Result) fail(err error) {
	if err == nil {
		return
	}
	text := err.Error()
	var exit *lua.ExitError
	var at *lua.Error
	switch {
	case errors.As(err, &exit):
		text = "the test called os.exit"
	case errors.As(err, &at) && r.Trace == "":
		r.Trace = at.Traceback
	}
	r.Interrupted = r.Interrupted || errors.Is(err, lua.ErrInterrupted)
	if r.Failure != "" {
		text = r.Failure + "\n" + text
	}
	r.Failure = text
}
