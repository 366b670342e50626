package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"nlsh/lua"
	"nlsh/lua/testrun"
	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/sandbox"
)

const testLong = `Test runs Lua tests: the files given, and *_test.lua in the folders given and
below; without PATH in the current folder. Every test runs in a sandbox of its
own, without root. help(test) says how they are written.

Exit codes: 0 all passed or were skipped, 1 one failed, 2 there was none to run.`

// testOptions are the flags of test.
type testOptions struct {
	format  string
	run     string
	verbose bool
	require bool
	timeout time.Duration
	one     int // in the sandbox: the test to run, from 0; below that: not inside

	match *regexp.Regexp
}

func (a *app) testCommand() *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test [flags] [PATH...]",
		Short: "Run Lua tests, each in a sandbox of its own",
		Long:  testLong,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return usageError{err}
			}
			if o.one >= 0 {
				return a.serveTest(cmd.Context(), &o, args)
			}
			return a.test(cmd.Context(), &o, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "pretty", "how to print: pretty, tap")
	f.StringVar(&o.run, "run", "", "only tests whose name matches the regular expression `PATTERN`")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show what passing tests print, too")
	f.BoolVar(&o.require, "require", false, "a test that would be skipped fails")
	f.DurationVar(&o.timeout, "timeout", time.Minute, "stop a test after `D`, such as 30s")
	f.IntVar(&o.one, "one", -1, "run this test of the file here, and report to a parent")
	_ = f.MarkHidden("one") // it exists
	return cmd
}

func (o *testOptions) check() (err error) {
	if o.format != "pretty" && o.format != "tap" {
		return fmt.Errorf("test: --format wants pretty or tap, got %q", o.format)
	}
	if o.timeout <= 0 {
		return fmt.Errorf("test: --timeout wants a time above zero, got %v", o.timeout)
	}
	if o.run != "" {
		if o.match, err = regexp.Compile(o.run); err != nil {
			return fmt.Errorf("test: --run: %w", err)
		}
	}
	return nil
}

// test finds the files and runs their tests.
func (a *app) test(ctx context.Context, o *testOptions, paths []string) error {
	files, err := testrun.Find(paths)
	if err != nil {
		return noTests(err)
	}
	var print testrun.Printer = &testrun.Pretty{To: a.stdout, Verbose: o.verbose}
	if o.format == "tap" {
		print = &testrun.TAP{To: a.stdout}
	}
	// A signal reaches the running test too, which ends then and says so.
	signals := make(chan os.Signal, 1)
	defer sandbox.Notify(signals, stopSignals...)()
	sum, err := testrun.Run(ctx, &testrun.Options{
		Files: files, Match: o.match, Timeout: o.timeout, Require: o.require, Print: print,
		Command: o.command,
		Warn:    func(line string) { fmt.Fprintln(a.stderr, "nlsh:", line) },
		Stop:    signals,
	})
	switch {
	case err != nil:
		return noTests(err)
	case sum.Interrupted:
		return silentExit{exitInterrupted}
	case sum.Failed > 0:
		return silentExit{exitFailed}
	}
	return nil
}

// command is the command line of the process that runs one test.
func (o *testOptions) command(j testrun.Job) []string {
	return []string{
		os.Args[0], "test", "--one", strconv.Itoa(j.Index), "--timeout", j.Timeout.String(), "--run", o.run, "--", j.File,
	}
}

// noTests makes an empty run wrong usage.
func noTests(err error) error {
	if errors.Is(err, testrun.ErrNoTests) || errors.Is(err, os.ErrNotExist) {
		return usageError{fmt.Errorf("test: %w", err)}
	}
	return err
}

// serveTest runs one test in this process, which has a sandbox of its own.
func (a *app) serveTest(ctx context.Context, o *testOptions, files []string) error {
	if !sandbox.Inside() || len(files) != 1 {
		return usageError{errors.New("test: --one is for nlsh itself")}
	}
	names, err := rtnames.Read(nameDirs...)
	if err != nil {
		fmt.Fprintln(a.stderr, "nlsh: warning:", err)
	}
	job := testrun.Job{File: files[0], Index: o.one, Match: o.match, Timeout: o.timeout}
	signals := make(chan os.Signal, 4)
	defer sandbox.Notify(signals, stopSignals...)()
	return testrun.Serve(ctx, job, lua.Options{Names: names}, a.stdout, func(in *lua.Interp) {
		go interruptOn(signals, in)
	})
}

// stopSignals stop what runs, in an orderly way.
var stopSignals = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}

// interruptOn passes signals on to the interpreter until the process ends.
func interruptOn(signals <-chan os.Signal, in *lua.Interp) {
	for range signals {
		in.Interrupt()
	}
}
