package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"nlsh/lua"
	"nlsh/lua/repl"
)

// prompt reads and runs entries until the user leaves.
func (a *app) prompt(ctx context.Context) error {
	return a.inPlace(ctx, func() error {
		in, release, err := a.interpreter()
		if err != nil {
			return err
		}
		color, _ := a.wantsColor()
		err = repl.Run(ctx, repl.NewShell(in), repl.Options{
			Stdin: a.stdin, Stdout: a.stdout, Stderr: a.stderr,
			Terminal: os.Getenv("TERM") != "dumb", Color: color, HistoryFile: historyFile(),
		})
		var exit *repl.Exit
		if errors.As(err, &exit) {
			err = &lua.ExitError{Code: exit.Code}
		}
		return errors.Join(err, release())
	})
}

// historyFile is where entries are kept; "" where there is no home.
func historyFile() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "nlsh", "history")
}
