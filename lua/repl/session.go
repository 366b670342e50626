package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// errQuit is what :quit returns.
var errQuit = errors.New("quit")

// defaultHistory is how many entries are kept unless the caller says.
const defaultHistory = 5000

// session is the state of one Run.
type session struct {
	in       Interp
	o        Options
	commands []Command
	editor   lineEditor
	paint    *painter
	// interrupts gets SIGINT. While a terminal is being edited it sends none:
	// Ctrl-C is then a key.
	interrupts chan os.Signal
}

func newSession(in Interp, o Options) (*session, error) {
	commands, err := commandTable(in, o.Commands)
	if err != nil {
		return nil, err
	}
	if o.HistoryLimit == 0 {
		o.HistoryLimit = defaultHistory
	}
	if o.HistoryLimit < 0 {
		return nil, fmt.Errorf("repl: run: history limit %d: must be positive", o.HistoryLimit)
	}
	s := &session{
		in: in, o: o, commands: commands, paint: newPainter(o.Color),
		interrupts: make(chan os.Signal, 1),
	}
	if s.editor, err = s.newEditor(); err != nil {
		return nil, err
	}
	signal.Notify(s.interrupts, syscall.SIGINT)
	return s, nil
}

func (s *session) newEditor() (lineEditor, error) {
	if !s.o.Terminal {
		return newPlainEditor(s.o.Stdin, s.o.Stdout, s.interrupts), nil
	}
	h, err := openHistory(s.o.HistoryFile, s.o.HistoryLimit)
	if err != nil {
		s.showError(fmt.Errorf("%w; this session's entries are not kept", err))
	}
	return newTerminalEditor(s.o, newCompleter(s.in, s.commands), h)
}

func (s *session) close() {
	signal.Stop(s.interrupts)
	if err := s.editor.close(); err != nil {
		s.showError(err)
	}
}

// run is the loop: read an entry, remember it, run it.
func (s *session) run(ctx context.Context) error {
	for {
		if err := s.idle(ctx); err != nil {
			return err
		}
		entry, err := s.readEntry(ctx)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errInterrupted):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case strings.TrimSpace(entry) == "":
			continue
		}
		if err := s.editor.remember(entry); err != nil {
			s.showError(err)
		}
		if err := s.eval(ctx, func(ctx context.Context) error { return s.dispatch(ctx, entry) }); err != nil {
			if errors.Is(err, errQuit) {
				return nil
			}
			return err
		}
	}
}

// readEntry reads lines until they are a complete entry. The end of input on a
// later line gives the entry up and goes on; if it was the real one, the next
// read meets it again.
func (s *session) readEntry(ctx context.Context) (string, error) {
	prompt := harmless(s.in.Prompt())
	line, err := s.editor.readLine(ctx, prompt, "")
	entry := line
	for err == nil && s.incomplete(entry) {
		line, err = s.editor.readLine(ctx, continuation(prompt), entry+"\n")
		entry += "\n" + line
		if errors.Is(err, io.EOF) {
			return "", errInterrupted
		}
	}
	return entry, err
}

// continuation is the prompt of later lines, as wide as the first.
func continuation(prompt string) string {
	const dots = "...> "
	return strings.Repeat(" ", max(0, textWidth(prompt)-len(dots))) + dots
}

func (s *session) incomplete(entry string) bool {
	if name, arg, ok := parseCommand(entry); ok {
		c, err := findCommand(s.commands, name)
		return err == nil && c.Code && arg != "" && s.in.Incomplete(arg)
	}
	return strings.TrimSpace(entry) != "" && s.in.Incomplete(entry)
}

func (s *session) dispatch(ctx context.Context, entry string) error {
	if command, is := program(entry); is {
		if r, ok := s.in.(ProgramRunner); ok {
			return r.RunProgram(ctx, command, s.o.Stdin, s.o.Stdout, s.o.Stderr)
		}
	}
	name, arg, ok := parseCommand(entry)
	if !ok {
		return s.in.EvalPrint(ctx, entry, s.o.Stdout)
	}
	c, err := findCommand(s.commands, name)
	if err != nil {
		return err
	}
	return c.Run(ctx, &Call{
		Arg: arg, Stdout: s.o.Stdout, Stderr: s.o.Stderr, Interp: s.in, Commands: s.commands,
	})
}

// idle gives the interpreter its turn between two entries.
func (s *session) idle(ctx context.Context) error {
	if i, ok := s.in.(Idler); ok {
		return s.eval(ctx, i.Idle)
	}
	return nil
}

// eval runs f and shows its error. It returns one only if the prompt has to end.
func (s *session) eval(ctx context.Context, f func(context.Context) error) error {
	err := runInterruptible(ctx, s.interrupts, s.o.Stderr, f)
	s.editor.ran()
	var exit *Exit
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit):
		return exit
	case errors.Is(err, errQuit):
		return errQuit
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	s.showError(err)
	return nil
}

func (s *session) showError(err error) {
	text := harmlessLines(strings.TrimRight(err.Error(), "\n"))
	_, _ = fmt.Fprintln(s.o.Stderr, s.paint.style(styleError, text))
}
