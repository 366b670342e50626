package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/sandbox"
)

// inPlace runs f here, or with --sandbox the whole command line again in
// fresh namespaces.
func (a *app) inPlace(ctx context.Context, f func() error) error {
	if !a.sandbox {
		return f()
	}
	warn := func(line string) { fmt.Fprintln(a.stderr, "nlsh:", line) }
	code, err := sandbox.Run(ctx, a.argvInside(), &sandbox.Options{Warn: warn})
	if err == nil && code != 0 {
		return silentExit{code}
	}
	return err
}

// argvInside is the command line without the flag that led to the sandbox:
// the first of its kind, since the script's own arguments come later.
func (a *app) argvInside() []string {
	argv := append([]string{os.Args[0]}, a.argv...)
	for i, arg := range argv {
		if arg == "--sandbox" || strings.HasPrefix(arg, "--sandbox=") {
			return slices.Delete(argv, i, i+1)
		}
	}
	return argv
}

// openNetns opens the namespace of --netns; nil without the flag.
func (a *app) openNetns() (*netns.NS, error) {
	if a.netns == "" {
		return nil, nil
	}
	ns, err := netns.Named(a.netns)
	if strings.Contains(a.netns, "/") {
		ns, err = netns.AtPath(a.netns)
	}
	if errors.Is(err, os.ErrPermission) {
		err = fmt.Errorf("%w; run as root or with --sandbox", err)
	}
	return ns, err
}
