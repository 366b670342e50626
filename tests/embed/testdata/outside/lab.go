// Package lab embeds nlsh.
package lab

import (
	"bytes"
	"context"

	"nlsh/lua"
)

// Greet runs a script and returns what it printed.
func Greet(ctx context.Context, name string) (string, error) {
	var out bytes.Buffer
	in, err := lua.New(lua.Options{Stdout: &out})
	if err != nil {
		return "", err
	}
	defer in.Close()
	err = in.Run(ctx, "greet.lua", `print(json.encode{ hello=... })`, name)
	return out.String(), err
}
