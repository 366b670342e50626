package repl

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"syscall"
)

// ProgramRunner is an Interp that runs programs for entries that begin with an
// exclamation mark. The program has the streams of the prompt.
type ProgramRunner interface {
	RunProgram(ctx context.Context, command string, stdin io.Reader, stdout, stderr io.Writer) error
}

// program is what follows the "!" that an entry begins with.
func program(entry string) (command string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(entry, " \t"), "!")
	return strings.TrimSpace(rest), ok
}

// RunProgram runs command with sh in the current namespace and waits for it. An
// interrupt is left to the program, which has it from the terminal too.
func (s *Shell) RunProgram(ctx context.Context, command string, stdin io.Reader, stdout, stderr io.Writer) error {
	if command == "" {
		return errors.New("!: a command is required, as in !ip -br link")
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	cmd.Cancel = func() error {
		if errors.Is(context.Cause(ctx), errInterrupted) {
			return nil
		}
		return cmd.Process.Signal(syscall.SIGTERM)
	}
	if err := s.in.StartInside(cmd.Start); err != nil {
		return err
	}
	var exit *exec.ExitError
	err := cmd.Wait()
	if errors.As(err, &exit) {
		return errors.New("!" + command + ": " + exit.Error())
	}
	return err
}
