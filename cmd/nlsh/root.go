package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nlsh/lua/repl"
)

// app is one execution: the streams and what the flags say.
type app struct {
	stdin          *os.File
	stdout, stderr io.Writer
	argv           []string

	sandbox bool
	netns   string
	color   string
	code    string
}

// execute runs a command line and returns the exit code.
func execute(argv []string, stdin *os.File, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, argv: argv}
	if run := a.plain(); run != nil {
		return report(stderr, run(context.Background()))
	}
	root := a.rootCommand()
	root.SetArgs(argv)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return report(stderr, root.ExecuteContext(context.Background()))
}

// plain runs a command line without flags but -e, for which the commands need
// not be made: a tenth of the start. It is nil for all others.
func (a *app) plain() func(context.Context) error {
	switch argv := a.argv; {
	case len(argv) == 2 && argv[0] == "-e":
		a.color = "auto"
		return func(ctx context.Context) error { return a.runCode(ctx, argv[1], nil) }
	case len(argv) > 0 && strings.Contains(argv[0], "/") && argv[0][0] != '-': // as "#!" lines give it
		a.color = "auto"
		return func(ctx context.Context) error { return a.runFile(ctx, runOptions{}, argv[0], argv[1:]) }
	}
	return nil
}

const rootLong = `nlsh is a network shell for Linux: links, addresses and routes, scripted in Lua.

Without a command it is a prompt; nlsh FILE runs a script, as "#!" lines do.
Exit codes: 0 fine, 1 the script failed, 2 wrong usage, 130 interrupted.`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "nlsh [FILE [ARG...]]",
		Short:         "A network shell for Linux, scripted in Lua",
		Long:          rootLong,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case cmd.Flags().Changed("execute"):
				return a.runCode(cmd.Context(), a.code, args)
			case len(args) > 0:
				return a.runFile(cmd.Context(), runOptions{}, args[0], args[1:])
			case !repl.IsTerminal(a.stdin):
				return a.runFile(cmd.Context(), runOptions{}, "-", nil)
			}
			return a.prompt(cmd.Context())
		},
	}
	root.Flags().SetInterspersed(false) // what follows FILE is the script's
	root.Flags().StringVarP(&a.code, "execute", "e", "", "run `CODE` and end")
	a.placeFlags(root)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	// Its texts are made for every start, so only where they can be wanted.
	root.CompletionOptions.DisableDefaultCmd = !slices.Contains(a.argv, "completion")
	root.AddCommand(a.docCommand(), a.monitorCommand(), a.runCommand(), a.testCommand(), versionCommand())
	return root
}

// placeFlags say where a script runs and how it prints.
func (a *app) placeFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.sandbox, "sandbox", false, "run in fresh namespaces, without root, and leave nothing behind")
	cmd.Flags().StringVar(&a.netns, "netns", "", "begin in the network namespace `NS`: a name, or a path with a slash")
	cmd.Flags().StringVar(&a.color, "color", "auto", "colours: auto, always, never")
}

// exactly is cobra.ExactArgs with our exit code.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{errors.New(what)}
		}
		return nil
	}
}
