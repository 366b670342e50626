package main

import (
	"io"

	"github.com/spf13/cobra"

	"nlsh/lua"
)

const docLong = `Doc prints the reference: without TOPIC all modules, else a module, a function
(link.add), a kind of link (bridge) or a field (mtu). In Lua it is help().`

func (a *app) docCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doc [TOPIC]",
		Short: "Print the reference of a module, function, kind or field",
		Long:  docLong,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exactly(1, "doc takes one topic at most")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := lua.New(lua.Options{})
			if err != nil {
				return err
			}
			defer in.Close()
			topic := ""
			if len(args) == 1 {
				topic = args[0]
			}
			text, err := in.Catalog().Help(topic)
			if err != nil {
				return err
			}
			_, err = io.WriteString(cmd.OutOrStdout(), text)
			return err
		},
	}
}
