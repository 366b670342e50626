package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Interp is the interpreter behind a prompt. Run calls it from one goroutine at
// a time, save for Complete, which the editor's goroutine calls while Run waits
// for a line.
type Interp interface {
	// Incomplete reports whether src is the beginning of an entry that needs
	// more lines. What is no Lua (an iproute2 line, !cmd) is complete.
	Incomplete(src string) bool
	// EvalPrint runs one entry and writes what it echoes to w. The error is
	// shown and the prompt goes on, unless it is an *Exit. It stops early when
	// ctx is done, and the interpreter is usable afterwards.
	EvalPrint(ctx context.Context, src string, w io.Writer) error
	// Prompt is asked before every entry; one line, usually ending in "> ".
	Prompt() string
	// Complete returns what could stand in src from byte from up to byte pos,
	// best first. It never runs code of the user.
	Complete(src string, pos int) (cands []Candidate, from int)
}

// Candidate is one possible completion.
type Candidate struct {
	// Text replaces what is being completed.
	Text string
	// Kind says in a word what it is ("module", "field"); may be empty.
	Kind string
	// Doc is a short line about it; may be empty.
	Doc string
}

// Idler is an Interp that has something to do between two entries, such as
// calling the callbacks of events that arrived. Its output may go to the
// terminal; its error is shown like an entry's.
type Idler interface {
	Idle(ctx context.Context) error
}

// FileRunner is an Interp that can run a script; it makes :load available.
type FileRunner interface {
	RunFile(ctx context.Context, path string, w io.Writer) error
}

// Exit is the error of an entry that asks to leave the prompt.
type Exit struct {
	// Code is the exit code that the entry asked for.
	Code int
}

func (e *Exit) Error() string { return fmt.Sprintf("exit %d", e.Code) }

// Options say where a prompt reads and writes. Stdin and Stdout are required.
type Options struct {
	// Stdin gives the keys, or without Terminal the lines.
	Stdin io.Reader
	// Stdout gets prompts, echoes and everything the editor draws.
	Stdout io.Writer
	// Stderr gets errors; nil means Stdout.
	Stderr io.Writer
	// Terminal says that Stdin and Stdout are a terminal that understands
	// cursor movement; both are then *os.File. Without it, lines are read as
	// they come: no editing, no completion, no recall.
	Terminal bool
	// Color allows colours in the prompt, the line being typed and errors.
	Color bool
	// HistoryFile keeps entries across sessions; empty keeps them for this one.
	HistoryFile string
	// HistoryLimit is how many entries are kept; 0 means 5000.
	HistoryLimit int
	// Commands are added to the prompt's own commands (":time", ":help", ...)
	// and take the place of those with the same name.
	Commands []Command

	// term stands in for the terminal in tests.
	term terminal
}

// Run reads entries and runs them until the user leaves, and returns nil then.
// An entry that exits makes it return the *Exit; a done ctx, its cause. The
// terminal is left as it was found.
//
// An interrupt (SIGINT) while an entry runs cancels the context of that entry
// only. Run takes the signal over until it returns, so ctx should not be one
// that SIGINT cancels.
func Run(ctx context.Context, in Interp, o Options) error {
	if in == nil || o.Stdin == nil || o.Stdout == nil {
		return errors.New("repl: run: interpreter, stdin and stdout are required")
	}
	if o.Stderr == nil {
		o.Stderr = o.Stdout
	}
	s, err := newSession(in, o)
	if err != nil {
		return err
	}
	defer s.close()
	return s.run(ctx)
}
