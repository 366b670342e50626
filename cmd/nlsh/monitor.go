package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nlsh/bindings/decl"
	"nlsh/lua"
	"nlsh/nlcore"
)

// monitorLong is made when the command is, not at every start.
func monitorLong() string {
	return fmt.Sprintf(`Monitor prints what appears ("new", also for a change) and goes ("del"), one line
for each event, until it is interrupted. KIND is any of %s; none is all.

Where more happens than can be told, the lists are read again and what differs is
printed; a note on standard error says so.`, strings.Join(nlcore.SubscribeKinds(), ", "))
}

// monitorScript prints events. Its arguments are the form, then the kinds.
const monitorScript = `
local m = monitor.open{ select(2, ...) }
local told = 0
for ev in m:each() do
  if m.resyncs > told then
    told = m.resyncs
    io.stderr:write("nlsh: events were lost; what differs from before follows\n")
  end
  print((...) == "json" and json(ev) or ev)
end`

func (a *app) monitorCommand() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "monitor [flags] [KIND...]",
		Short: "Print changes of the network as they happen",
		Long:  monitorLong(),
		Args: func(_ *cobra.Command, args []string) error {
			for _, kind := range args {
				if !slices.Contains(nlcore.SubscribeKinds(), kind) {
					return wrongKind(kind)
				}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			form := "text"
			if asJSON {
				form = "json"
			}
			err := a.withInterp(func(in *lua.Interp) error {
				return in.Run(cmd.Context(), "monitor", monitorScript, append([]string{form}, args...)...)
			})
			if errors.Is(err, lua.ErrInterrupted) {
				return silentExit{exitInterrupted}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each event as a JSON object")
	cmd.Flags().StringVar(&a.netns, "netns", "", "listen in the network namespace `NS`: a name, or a path with a slash")
	return cmd
}

func wrongKind(kind string) error {
	hint := ""
	if s := decl.Suggest(kind, nlcore.SubscribeKinds()); s != "" {
		hint = fmt.Sprintf("; did you mean %q?", s)
	}
	return usageError{fmt.Errorf("monitor: no events of kind %q: there are %s%s", kind, strings.Join(nlcore.SubscribeKinds(), ", "), hint)}
}
