package testrun

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Pretty prints for people: a line a test, and below a failure why and what
// was printed.
type Pretty struct {
	To      io.Writer
	Verbose bool // what was printed also where nothing failed
}

// Result prints one.
func (p *Pretty) Result(r *Result) {
	word := "ok  "
	switch {
	case r.Interrupted:
		word = "stop"
	case r.Failed():
		word = "FAIL"
	case r.Skipped != "":
		word = "skip"
	}
	indent := strings.Repeat("  ", r.Depth)
	name := r.File
	if r.Name != "" {
		name += ": " + r.Name
	}
	fmt.Fprintf(p.To, "%s%s  %s", indent, word, name)
	if r.Skipped != "" {
		fmt.Fprintf(p.To, " (%s)\n", r.Skipped)
	} else {
		fmt.Fprintf(p.To, " (%s)\n", seconds(r.Took))
	}
	if r.Failed() {
		p.block(indent, r.Failure)
		p.block(indent, r.Trace)
	}
	if len(r.Output) > 0 && (p.Verbose || r.Failed()) {
		p.block(indent, "printed:")
		p.block(indent+"  ", string(bytes.ToValidUTF8(r.Output, []byte("?"))))
	}
}

// block prints lines below a result.
func (p *Pretty) block(indent, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(p.To, "%s      %s\n", indent, strings.TrimRight(line, "\n"))
	}
}

// Done prints the counts.
func (p *Pretty) Done(s *Summary) {
	var parts []string
	for _, n := range []struct {
		count int
		what  string
	}{{s.Passed, "passed"}, {s.Failed, "failed"}, {s.Skipped, "skipped"}} {
		if n.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.count, n.what))
		}
	}
	text := strings.Join(parts, ", ")
	if s.Interrupted {
		text = strings.TrimPrefix(text+", interrupted", ", ")
	}
	fmt.Fprintf(p.To, "%s in %s\n", text, seconds(s.Took))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
