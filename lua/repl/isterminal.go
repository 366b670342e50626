package repl

import (
	"os"

	"github.com/chzyer/readline"
)

// IsTerminal reports whether f is a terminal.
func IsTerminal(f *os.File) bool { return readline.IsTerminal(int(f.Fd())) }
