package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"nlsh/lua"
)

// runOptions are the flags of run alone.
type runOptions struct {
	timeout time.Duration
}

const runLong = `Run runs a Lua script, "-" for one from standard input. What follows FILE is the
script's: in Lua "arg" and "...".`

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [flags] FILE|- [ARG...]",
		Short: "Run a script",
		Long:  runLong,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("run: needs a FILE, or - for standard input")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.timeout < 0 || cmd.Flags().Changed("timeout") && o.timeout == 0 {
				return usageError{fmt.Errorf("run: --timeout wants a time above zero, got %v", o.timeout)}
			}
			return a.runFile(cmd.Context(), o, args[0], args[1:])
		},
	}
	cmd.Flags().SetInterspersed(false)
	cmd.Flags().DurationVar(&o.timeout, "timeout", 0, "stop the script after `D`, such as 30s; its deferred functions still run")
	a.placeFlags(cmd)
	return cmd
}

// runFile runs a script.
func (a *app) runFile(ctx context.Context, o runOptions, path string, args []string) error {
	return a.inPlace(ctx, func() error {
		return a.withInterp(func(in *lua.Interp) error {
			ctx, cancel := limit(ctx, o.timeout)
			defer cancel()
			if path != "-" {
				return in.RunFile(ctx, path, args...)
			}
			src, err := io.ReadAll(a.stdin)
			if err != nil {
				return fmt.Errorf("standard input: %w", err)
			}
			return in.Run(ctx, "stdin", string(src), args...)
		})
	})
}

// runCode runs the text of -e.
func (a *app) runCode(ctx context.Context, code string, args []string) error {
	return a.inPlace(ctx, func() error {
		return a.withInterp(func(in *lua.Interp) error {
			return in.Run(ctx, "-e", code, args...)
		})
	})
}

func limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, d)
}
