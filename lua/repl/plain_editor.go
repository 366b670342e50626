package repl

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
)

// plainEditor reads lines as they come, for terminals without cursor movement.
type plainEditor struct {
	out        io.Writer
	interrupts <-chan os.Signal

	ask    chan struct{}
	lines  chan plainLine
	closed chan struct{}
	// asked says that a line was asked for and has not come. It stays so when
	// the user interrupts: the terminal forgets what was typed by itself.
	asked bool
}

type plainLine struct {
	text string
	err  error
}

// newPlainEditor reads from in. When in blocks for ever, one goroutine stays
// with it after close.
func newPlainEditor(in io.Reader, out io.Writer, interrupts <-chan os.Signal) *plainEditor {
	e := &plainEditor{
		out: out, interrupts: interrupts,
		ask: make(chan struct{}), lines: make(chan plainLine), closed: make(chan struct{}),
	}
	go e.pump(bufio.NewReader(in))
	return e
}

func (e *plainEditor) pump(in *bufio.Reader) {
	for {
		select {
		case <-e.ask:
		case <-e.closed:
			return
		}
		text, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) && text != "" {
			err = nil // a last line without an end; the next read says io.EOF again
		}
		select {
		case e.lines <- plainLine{strings.TrimRight(text, "\r\n"), err}:
		case <-e.closed:
			return
		}
	}
}

func (e *plainEditor) readLine(ctx context.Context, prompt, _ string) (string, error) {
	if _, err := io.WriteString(e.out, prompt); err != nil {
		return "", err
	}
	if !e.asked {
		select {
		case e.ask <- struct{}{}:
			e.asked = true
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
	select {
	case line := <-e.lines:
		e.asked = false
		if line.err != nil {
			_, _ = io.WriteString(e.out, "\n")
			return "", io.EOF
		}
		return line.text, nil
	case <-e.interrupts:
		_, _ = io.WriteString(e.out, "\n")
		return "", errInterrupted
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (e *plainEditor) remember(string) error { return nil }

func (e *plainEditor) ran() {}

func (e *plainEditor) close() error {
	close(e.closed)
	return nil
}
