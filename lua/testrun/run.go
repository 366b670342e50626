package testrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"nlsh/nlcore/sandbox"
)

// Options say what Run runs and how.
type Options struct {
	Files   []string
	Match   *regexp.Regexp // names of tests to run; nil: all
	Timeout time.Duration  // for one test, its file included
	Require bool           // a skip is a failure
	// Command is the command line that makes this program call Serve with a
	// Job on standard output.
	Command func(Job) []string
	Print   Printer
	// Stop ends the run before the next test. A signal that is sent there has
	// reached the running test too, which ends by itself. Nil never does.
	Stop <-chan os.Signal
	// Warn is told what is less private in a sandbox than it should be, once.
	Warn func(line string)
}

// A Printer shows results as they come.
type Printer interface {
	// Result comes for every test, its parts before it, and for files that
	// could not be run or are skipped.
	Result(*Result)
	// Done comes last.
	Done(*Summary)
}

// Summary counts tests; parts of tests, of files and those left out are no
// tests, but a file that failed or was skipped counts as one.
type Summary struct {
	Passed, Failed, Skipped int
	Took                    time.Duration
	Interrupted             bool
}

// afterTimeout is how much longer than its time a test gets to clean up
// before all of its sandbox is killed.
const afterTimeout = 15 * time.Second

// maxKept bounds what is kept of what a test prints, and of what its process
// says beside that: the end of it.
const maxKept = 1 << 20

// Run runs the tests, one after the other. The error is one that kept it from
// running them: no sandbox can be had, or it wraps ErrNoTests. A test that
// fails is in the Summary.
func Run(ctx context.Context, o *Options) (*Summary, error) {
	s := &Summary{}
	start := time.Now()
	for _, file := range o.Files {
		if err := o.file(ctx, file, s); err != nil {
			return s, err
		}
		if s.Interrupted {
			break
		}
	}
	s.Took = time.Since(start)
	if !s.Interrupted && s.Passed+s.Failed+s.Skipped == 0 {
		if o.Match != nil {
			return s, fmt.Errorf("%w: none has a name that matches %q", ErrNoTests, o.Match)
		}
		return s, fmt.Errorf("%w: %s declares none", ErrNoTests, strings.Join(o.Files, ", "))
	}
	o.Print.Done(s)
	return s, nil
}

// file runs the tests of a file. Which there are the first process tells.
func (o *Options) file(ctx context.Context, file string, s *Summary) error {
	names, known := []string(nil), false
	for i := 0; !known || i < len(names); i++ {
		job := Job{File: file, Index: i, Match: o.Match, Timeout: o.Timeout}
		select {
		case <-o.Stop:
			s.Interrupted = true
			return nil
		default:
		}
		if known && !job.matches(names[i]) {
			continue
		}
		p := process{o: o, job: job}
		end, err := p.run(ctx)
		if err != nil {
			return err
		}
		if p.names != nil {
			names = p.names
		}
		known = true
		if end.Name == "" && end.Failure == "" && end.Skipped == "" {
			continue // the file was run only to learn the names
		}
		o.tell(end, p.parts, s)
		if s.Interrupted {
			return nil
		}
	}
	return nil
}

// tell prints and counts what a process ended with.
func (o *Options) tell(end *Result, parts []*Result, s *Summary) {
	for _, r := range append(parts, end) {
		if o.Require && r.Skipped != "" {
			r.Failure, r.Skipped = "would be skipped: "+r.Skipped, ""
			if r.Depth > 0 && end.Failure == "" {
				end.Failure = "a part of it would be skipped"
			}
		}
		o.Print.Result(r)
	}
	switch {
	case end.Interrupted:
		s.Interrupted = true
	case end.Failure != "":
		s.Failed++
	case end.Skipped != "":
		s.Skipped++
	default:
		s.Passed++
	}
}

// process is one run of this program for one test.
type process struct {
	o      *Options
	job    Job
	names  []string
	parts  []*Result
	end    *Result
	output []byte
	stderr []byte
}

// run runs the process to its end. Result is never nil without an error.
func (p *process) run(ctx context.Context) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout+afterTimeout)
	defer cancel()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer nothing.Close()
	events, eventsIn, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer events.Close()
	said, saidIn, err := os.Pipe()
	if err != nil {
		eventsIn.Close()
		return nil, err
	}
	defer said.Close()
	read := make(chan struct{}, 2)
	go func() { p.read(events); read <- struct{}{} }()
	go func() { p.stderr = tail(said); read <- struct{}{} }()
	code, err := sandbox.Run(ctx, p.o.Command(p.job), &sandbox.Options{
		Stdin: nothing, Stdout: eventsIn, Stderr: saidIn, Warn: p.o.Warn,
	})
	p.o.Warn = nil
	eventsIn.Close()
	saidIn.Close()
	<-read
	<-read
	var refused *sandbox.Error
	switch {
	case errors.As(err, &refused):
		return nil, err
	case err != nil && ctx.Err() == nil:
		return nil, err
	}
	return p.result(code, err), nil
}

// read takes the events.
func (p *process) read(from io.Reader) {
	lines := json.NewDecoder(from)
	for {
		var e event
		if err := lines.Decode(&e); err != nil {
			_, _ = io.Copy(io.Discard, from) // nobody may wait for us
			return
		}
		switch {
		case e.Part != nil:
			e.Part.File = p.job.File
			p.parts = append(p.parts, e.Part)
		case e.End != nil:
			p.end = e.End
		case e.Names != nil:
			p.names = e.Names
		}
		p.output = keep(p.output, e.Output)
	}
}

// result is what became of the test; the process need not have said it.
func (p *process) result(code int, err error) *Result {
	r := p.end
	if r == nil {
		r = &Result{Failure: fmt.Sprintf("its process ended with exit status %d before the test did", code)}
		if err != nil {
			r.Failure = fmt.Sprintf("killed %v after its time, %v, was over", afterTimeout, p.job.Timeout)
		}
		if p.job.Index < len(p.names) {
			r.Name = p.names[p.job.Index]
		}
	}
	r.File, r.Output = p.job.File, p.output
	if len(p.stderr) > 0 {
		r.Output = append(r.Output, p.stderr...)
	}
	return r
}

// tail reads to the end and keeps what keep does.
func tail(from io.Reader) (kept []byte) {
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		kept = keep(kept, b[:n])
		if err != nil {
			return kept
		}
	}
}

// keep appends more and drops the beginning of what is too much.
func keep(kept, more []byte) []byte {
	kept = append(kept, more...)
	if len(kept) > 2*maxKept {
		kept = append(kept[:0:0], kept[len(kept)-maxKept:]...)
	}
	return kept
}
