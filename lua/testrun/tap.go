package testrun

import (
	"fmt"
	"io"
	"strings"
)

// TAP prints version 13 of the Test Anything Protocol. Parts of tests are
// comments, since that version knows none.
type TAP struct {
	To io.Writer

	begun bool
	count int
}

// Result prints one.
func (t *TAP) Result(r *Result) {
	if !t.begun {
		t.begun = true
		fmt.Fprintln(t.To, "TAP version 13")
	}
	name := r.File
	if r.Name != "" {
		name += ": " + r.Name
	}
	word := "ok"
	if r.Failed() {
		word = "not ok"
	}
	if r.Depth > 0 {
		t.comment(word + " " + name + "\n" + r.Failure)
		return
	}
	t.count++
	// A "#" would begin a directive.
	fmt.Fprintf(t.To, "%s %d - %s", word, t.count, strings.ReplaceAll(name, "#", `\#`))
	if r.Skipped != "" {
		fmt.Fprintf(t.To, " # SKIP %s", r.Skipped)
	}
	fmt.Fprintln(t.To)
	if r.Failed() {
		t.comment(r.Failure + "\n" + r.Trace)
		t.comment(string(r.Output))
	}
}

func (t *TAP) comment(text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			fmt.Fprintf(t.To, "# %s\n", strings.ToValidUTF8(line, "?"))
		}
	}
}

// Done prints the plan, which may come last.
func (t *TAP) Done(s *Summary) {
	if s.Interrupted {
		fmt.Fprintln(t.To, "Bail out! interrupted")
	}
	fmt.Fprintf(t.To, "1..%d\n", t.count)
}
