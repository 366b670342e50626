package repl

import (
	"context"
	"errors"
)

// errInterrupted is what a lineEditor returns for Ctrl-C.
var errInterrupted = errors.New("interrupted")

// lineEditor reads lines from the user. It is used by one goroutine.
type lineEditor interface {
	// readLine shows prompt, plain text, and returns a line without its end; it may contain
	// newlines. before are the earlier lines of the entry, each with its
	// newline; they matter to colours and completion. The error is
	// errInterrupted when the user gave the line up, io.EOF when there are no
	// more lines, or the cause of ctx.
	readLine(ctx context.Context, prompt, before string) (string, error)
	// remember makes entry the youngest that can be recalled.
	remember(entry string) error
	// ran says that something may have been written since the last line.
	ran()
	close() error
}
