package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scriptedEditor gives lines that the test wrote down.
type scriptedEditor struct {
	lines []scriptedLine
	log   []string
}

type scriptedLine struct {
	text string
	err  error
}

func (e *scriptedEditor) readLine(_ context.Context, prompt, before string) (string, error) {
	e.log = append(e.log, "read "+prompt+"|"+before)
	if len(e.lines) == 0 {
		return "", io.EOF
	}
	l := e.lines[0]
	e.lines = e.lines[1:]
	return l.text, l.err
}

func (e *scriptedEditor) remember(entry string) error {
	e.log = append(e.log, "remember "+entry)
	if entry == "unkept" {
		return errors.New("the disk is full")
	}
	return nil
}

func (e *scriptedEditor) ran()         { e.log = append(e.log, "ran") }
func (e *scriptedEditor) close() error { return nil }

// idleInterp counts how often it was idle, and fails once.
type idleInterp struct {
	fakeInterp
	turns int
}

func (i *idleInterp) Prompt() string { return "nlsh(h\x1b1)> " }

func (i *idleInterp) Idle(context.Context) error {
	if i.turns++; i.turns == 2 {
		return errors.New("a callback failed")
	}
	return nil
}

func TestSession(t *testing.T) {
	tests := []struct {
		name  string
		lines []scriptedLine
		log   []string
		out   string
	}{
		{"an entry", []scriptedLine{{text: "a"}},
			[]string{"read P|", "remember a", "ran", "ran", "read P|"}, "ran \"a\"\na callback failed\n"},
		{"of three lines", []scriptedLine{{text: "do"}, {text: ""}, {text: "end"}},
			[]string{"read P|", "read C|do\n", "read C|do\n\n", "remember do\n\nend", "ran", "ran", "read P|"},
			"ran \"do\\n\\nend\"\na callback failed\n"},
		{"given up", []scriptedLine{{text: "do"}, {text: "partial", err: errInterrupted}},
			[]string{"read P|", "read C|do\n", "ran", "read P|"}, "a callback failed\n"},
		{"a line given up comes with its text", []scriptedLine{{text: "partial", err: errInterrupted}},
			[]string{"read P|", "ran", "read P|"}, "a callback failed\n"},
		{"not kept, but run", []scriptedLine{{text: "unkept"}},
			[]string{"read P|", "remember unkept", "ran", "ran", "read P|"}, "the disk is full\nran \"unkept\"\na callback failed\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			ed := &scriptedEditor{lines: tt.lines}
			s := &session{
				in: &idleInterp{}, o: Options{Stdout: &out, Stderr: &out}, commands: builtins,
				editor: ed, paint: newPainter(false), interrupts: make(chan os.Signal, 1),
			}
			if err := s.run(context.Background()); err != nil {
				t.Fatal(err)
			}
			// The first turn of idle is before everything.
			want := append([]string{"ran"}, tt.log...)
			for i, l := range want {
				l = strings.Replace(l, "read P|", "read nlsh(h?1)> |", 1)
				want[i] = strings.Replace(l, "read C|", "read       ...> |", 1)
			}
			if diff := cmp.Diff(want, ed.log); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.out, out.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	var out strings.Builder
	in := strings.NewReader("")
	file := os.Stdin
	tests := []struct {
		name string
		in   Interp
		o    Options
		want string
	}{
		{"no interpreter", nil, Options{Stdin: in, Stdout: &out}, "repl: run: interpreter, stdin and stdout are required"},
		{"no output", &fakeInterp{}, Options{Stdin: in}, "repl: run: interpreter, stdin and stdout are required"},
		{"limit", &fakeInterp{}, Options{Stdin: in, Stdout: &out, HistoryLimit: -1}, "repl: run: history limit -1: must be positive"},
		{"stdin is no file", &fakeInterp{}, Options{Stdin: in, Stdout: &out, Terminal: true}, "repl: run: stdin of a terminal must be a file"},
		{"stdout is no file", &fakeInterp{}, Options{Stdin: file, Stdout: &out, Terminal: true}, "repl: run: stdout of a terminal must be a file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Run(context.Background(), tt.in, tt.o)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestPlainInput(t *testing.T) {
	var out strings.Builder
	in := &fakeInterp{}
	err := Run(context.Background(), in, Options{Stdin: strings.NewReader("a\r\nx do\nend\n\nlast"), Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "x do\nend", "last"}, in.ran()); diff != "" {
		t.Errorf("entries run (-want +got):\n%s", diff)
	}
}
