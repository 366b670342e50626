package testrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"

	"nlsh/lua"
)

// Job is one test of one file, which Serve runs.
type Job struct {
	File    string
	Index   int            // of the test in the file, from 0
	Match   *regexp.Regexp // a test whose name does not match is not run; nil: all match
	Timeout time.Duration  // for the file and the test together
}

func (j *Job) matches(name string) bool { return j.Match == nil || j.Match.MatchString(name) }

// reporter writes events, and is what the script prints to.
type reporter struct {
	mu sync.Mutex
	to *json.Encoder
}

func (r *reporter) send(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	// Where nobody reads any more there is nobody to be told of it.
	_ = r.to.Encode(e)
}

// Write passes on what the script prints.
func (r *reporter) Write(b []byte) (int, error) {
	r.send(event{Output: b})
	return len(b), nil
}

// Serve runs a job in this process, whose network is the test's to change,
// and writes events to out. The options are the interpreter's; what the
// script prints becomes events. with is given the interpreter meanwhile, so
// that it can be interrupted.
func Serve(ctx context.Context, job Job, o lua.Options, out io.Writer, with func(*lua.Interp)) error {
	report := &reporter{to: json.NewEncoder(out)}
	o.Stdout, o.Stderr = report, report
	in, err := lua.New(o)
	if err != nil {
		return err
	}
	with(in)
	start := time.Now()
	limited, cancel := context.WithTimeout(ctx, job.Timeout)
	defer cancel()
	end := job.run(limited, in, report)
	end.late(limited, job.Timeout)
	// What was deferred has the time that is over too, and then the grace
	// of the interpreter.
	end.fail(errors.Join(in.RunDeferred(limited), in.Close()))
	end.Took = time.Since(start)
	report.send(event{End: end})
	return nil
}

// run runs the file and the test.
func (j *Job) run(ctx context.Context, in *lua.Interp, report *reporter) *Result {
	names, err := in.LoadTests(ctx, j.File)
	var skip *lua.SkipError
	switch {
	case errors.As(err, &skip):
		return &Result{Skipped: skip.Reason}
	case err != nil:
		r := &Result{}
		r.fail(err)
		return r
	}
	report.send(event{Names: names})
	if j.Index >= len(names) || !j.matches(names[j.Index]) {
		return &Result{}
	}
	t, err := in.RunTest(ctx, j.Index, func(part lua.TestResult) {
		report.send(event{Part: resultOf(part)})
	})
	r := resultOf(t)
	r.Name = names[j.Index]
	r.fail(err)
	return r
}

// late words that the time was over.
func (r *Result) late(ctx context.Context, timeout time.Duration) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && r.Failed() {
		r.Failure = fmt.Sprintf("not done within %v (see --timeout)", timeout)
	}
}
