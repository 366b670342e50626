package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nlsh/nlcore/netns/nstest"
)

// deadline bounds every wait of these tests; none waits for it when all is well.
const deadline = 10 * time.Second

// roles are what this test binary can be instead of a test run; the tests start
// it so.
var roles = map[string]func(args []string) error{
	"prompt":         promptRole,
	"plain":          plainRole,
	"shell":          shellRole,
	"history-writer": historyWriterRole,
}

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "role" {
		if err := roles[os.Args[2]](os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, "ended:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	nstest.Main(m)
}

// promptRole is a prompt on the process's terminal.
func promptRole(args []string) error {
	return Run(context.Background(), &fakeInterp{}, Options{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Terminal: true, Color: slices.Contains(args, "color"), HistoryFile: args[0],
	})
}

// plainRole is a prompt for terminals that can do nothing.
func plainRole([]string) error {
	return Run(context.Background(), &fakeInterp{}, Options{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
}

// fakeInterp understands a few words instead of Lua.
type fakeInterp struct {
	mu      sync.Mutex
	entries []string
	asked   []string
}

func (f *fakeInterp) Prompt() string { return "nlsh> " }

// Incomplete wants an "end" for each "do".
func (f *fakeInterp) Incomplete(src string) bool {
	words := strings.Fields(src)
	count := func(w string) (n int) {
		for _, x := range words {
			if x == w {
				n++
			}
		}
		return n
	}
	return count("do") > count("end")
}

func (f *fakeInterp) EvalPrint(ctx context.Context, src string, w io.Writer) error {
	f.mu.Lock()
	f.entries = append(f.entries, src)
	f.mu.Unlock()
	switch word, arg, _ := strings.Cut(src, " "); word {
	case "wait":
		fmt.Fprintln(w, "waiting")
		<-ctx.Done()
		return ctx.Err()
	case "stubborn": // goes on until the fifo called arg is written to
		fmt.Fprintln(w, "waiting")
		<-ctx.Done()
		fmt.Fprintln(w, "not yet")
		_, err := os.ReadFile(arg)
		return errors.Join(err, ctx.Err())
	case "part":
		fmt.Fprint(w, arg)
		return nil
	case "read": // what a child process would do
		var b [64]byte
		n, err := os.Stdin.Read(b[:])
		fmt.Fprintf(w, "read %q\n", b[:n])
		return err
	case "fail":
		return errors.New(strings.ReplaceAll(arg, "^[", "\x1b"))
	case "exit":
		return fmt.Errorf("entry: %w", &Exit{Code: 3})
	}
	fmt.Fprintf(w, "ran %q\n", src)
	return nil
}

func (f *fakeInterp) RunFile(_ context.Context, path string, w io.Writer) error {
	fmt.Fprintf(w, "loaded %s\n", path)
	return nil
}

var fakeWords = []Candidate{
	{Text: "link.add", Kind: "function", Doc: "make a link"},
	{Text: "link.addrs", Kind: "function", Doc: "its addresses"},
	{Text: "link.del", Kind: "function", Doc: "remove a link"},
	{Text: "netns", Kind: "module", Doc: "namespaces"},
	{Text: "größe", Kind: "field", Doc: ""},
}

func (f *fakeInterp) Complete(src string, pos int) ([]Candidate, int) {
	f.mu.Lock()
	f.asked = append(f.asked, src[:pos]+"|"+src[pos:])
	f.mu.Unlock()
	from := strings.LastIndexAny(src[:pos], " \n(") + 1
	var out []Candidate
	for _, c := range fakeWords {
		if strings.HasPrefix(strings.ToLower(c.Text), strings.ToLower(src[from:pos])) {
			out = append(out, c)
		}
	}
	return out, from
}

func (f *fakeInterp) ran() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.entries)
}

func (f *fakeInterp) completions() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// output collects what is written and lets tests wait for it.
type output struct {
	mu   sync.Mutex
	more chan struct{}
	data []byte
	from int
	end  bool
}

func newOutput() *output { return &output{more: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.data = append(o.data, p...)
	close(o.more)
	o.more = make(chan struct{})
	return len(p), nil
}

// size is how much was written so far; the library may still clean the line.
func (o *output) size() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.data)
}

func (o *output) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.end = true
	close(o.more)
	o.more = make(chan struct{})
}

// expect waits until want stands after all that was expected before, and returns
// what came up to its end.
func (o *output) expect(t *testing.T, want string) string {
	t.Helper()
	timer := time.NewTimer(deadline)
	defer timer.Stop()
	for {
		o.mu.Lock()
		got, more, end := string(o.data[o.from:]), o.more, o.end
		if i := strings.Index(got, want); i >= 0 {
			o.from += i + len(want)
			o.mu.Unlock()
			return got[:i+len(want)]
		}
		o.mu.Unlock()
		if end {
			t.Fatalf("the output ended without %q; since the last match:\n%q", want, got)
		}
		select {
		case <-more:
		case <-timer.C:
			t.Fatalf("no %q within %v; since the last match:\n%q", want, deadline, got)
		}
	}
}
