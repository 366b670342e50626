package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// A result is what came of one kernel.
type result struct {
	kernel   string // its name and release
	packages []packageResult
	boot     time.Duration // to init
	total    time.Duration // start to exit
	warnings []string      // of the kernel itself
	broken   string        // why the run is no full one, "" if it is
}

// A packageResult is what came of one test binary.
type packageResult struct {
	section
	outcomes []outcome
	rest     string // output that belongs to no test
}

func (r *packageResult) failed() bool { return r.code != 0 || count(r.outcomes, "fail") > 0 }

// runOnEach runs the binaries on all kernels, some of them at a time, and
// prints each result when it is there. ok is false if a test failed.
func (p *project) runOnEach(ctx context.Context, kernels []kernel, b *build, o *options) (runs []*result, ok bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	runs, ok = make([]*result, len(kernels)), true
	slots := make(chan struct{}, max(1, o.parallel))
	var printing sync.Mutex
	var all sync.WaitGroup
	for i, k := range kernels {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r, err := p.runOn(ctx, k, b, o)
			if err != nil {
				cancel(fmt.Errorf("%s: %w", k.name, err)) // the first counts
				return
			}
			printing.Lock()
			defer printing.Unlock()
			ok = r.print(os.Stdout) && ok
			runs[i] = r
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, false, err
	}
	return runs, ok, nil
}

// runOn boots one kernel and runs the binaries there.
func (p *project) runOn(ctx context.Context, k kernel, b *build, o *options) (*result, error) {
	if err := k.fetched(p); err != nil {
		return nil, err
	}
	b = b.on(&k, o)
	g, err := p.prepare(&k, b, o)
	if err != nil {
		return nil, err
	}
	echo := io.Discard
	if o.verbose {
		echo = prefixed{k.name + ": ", os.Stdout}
	}
	start := time.Now()
	r, w := io.Pipe()
	booted := make(chan error, 1)
	go func() {
		err := k.boot(ctx, p, g, o.limit*time.Duration(k.slowness), w)
		w.Close()
		booted <- err
	}()
	c, err := readConsole(r, echo)
	r.CloseWithError(err)
	bootErr := <-booted
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return judge(k.name, c, bootErr, len(b.packages), time.Since(start))
}

// prefixed writes each line, one a call, behind the kernel's name.
type prefixed struct {
	name string
	w    io.Writer
}

func (p prefixed) Write(line []byte) (int, error) {
	_, err := p.w.Write(append([]byte(p.name), line...))
	return len(line), err
}

// judge turns a console into a result.
func judge(name string, c *console, bootErr error, packages int, total time.Duration) (*result, error) {
	res := &result{kernel: strings.TrimSpace(name + " " + c.release), boot: c.up, total: total, warnings: c.kernel}
	switch {
	case !c.ended || len(c.sections) != packages:
		why := errors.Join(bootErr, errors.New("the guest stopped early; its last lines follow"))
		res.broken = fmt.Sprintf("%v\n%s", why, strings.Join(c.last, "\n"))
	case bootErr != nil:
		res.broken = bootErr.Error()
	}
	for _, s := range c.sections {
		l, rest, err := outcomes(s.pkg, s.output)
		if err != nil {
			return nil, err
		}
		res.packages = append(res.packages, packageResult{section: s, outcomes: l, rest: rest})
	}
	return res, nil
}

// print writes a line a package and what failed. It is false if something did.
func (r *result) print(w io.Writer) bool {
	ok := r.broken == ""
	fmt.Fprintf(w, "\n%s: init after %s, %s in all\n", r.kernel, seconds(r.boot), seconds(r.total))
	for i := range r.packages {
		p := &r.packages[i]
		word := "ok  "
		if p.failed() {
			word, ok = "FAIL", false
		}
		fmt.Fprintf(w, "%s %-24s %7s  %d passed, %d failed, %d skipped", word, p.pkg, seconds(p.took),
			count(p.outcomes, "pass"), count(p.outcomes, "fail"), count(p.outcomes, "skip"))
		if p.code > 0 {
			fmt.Fprintf(w, ", exit code %d", p.code)
		}
		fmt.Fprintln(w)
		if p.failed() {
			p.printFailures(w)
		}
	}
	for _, line := range r.warnings {
		fmt.Fprintln(w, "kernel:", line)
	}
	if r.broken != "" {
		fmt.Fprintln(w, "FAIL", r.broken)
	}
	return ok
}

func (r *packageResult) printFailures(w io.Writer) {
	for _, o := range r.outcomes {
		if o.action == "fail" {
			fmt.Fprintf(w, "    --- FAIL: %s\n%s", o.test, indent(o.output))
		}
	}
	io.WriteString(w, indent(r.rest))
}

func indent(text string) string {
	var s strings.Builder
	for line := range strings.Lines(text) {
		s.WriteString("        " + strings.TrimRight(line, "\n") + "\n")
	}
	return s.String()
}
