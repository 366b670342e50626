package repl

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"

	"nlsh/lua"
	"nlsh/nlcore/netns/nstest"
)

// shellRole is the prompt of nlsh on the process's terminal.
func shellRole(args []string) error {
	in, err := lua.New(lua.Options{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
	if err != nil {
		return err
	}
	err = Run(context.Background(), NewShell(in), Options{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Terminal: true, HistoryFile: args[0],
	})
	return errors.Join(err, in.Close())
}

// TestShellSession: what a user types, on a terminal.
func TestShellSession(t *testing.T) {
	nstest.Sandboxed(t)
	t.Cleanup(func() { deleteNames(t) })
	c := startConsole(t, "shell", historyPath(t))
	// What comes in one read with other keys is taken for a paste, where a TAB
	// is a blank: each one waits for what was typed before it.
	for _, step := range [][]string{ // keys, and what appears then
		{"link.ge", "link.ge"}, {"\t", "link.get"}, {" \"l", "\"l"}, {"\t", "lo\""}, {".mtu\r", pasteModeOff + "65536\r\n", "nlsh> "},
		{"_ * 2\r", pasteModeOff + "131072", "nlsh> "},
		{"netns.add \"h1\"\r", pasteModeOff + "h1", "nlsh> "},
		{"netns.use \"h", "\"h"}, {"\t", "h1\""}, {"\r", "nlsh(h1)> "},
		{"link.add{ \"b\", type=\"bri", "\"bri"}, {"\t", "bridge\""}, {", link_mo", "_mo"}, {"\t", "mode="},
		{"\"dor", "dor"}, {"\t", "dormant\""}, {" }.link_mode\r", pasteModeOff + "\"dormant\"", "nlsh(h1)> "},
		{"for i = 1, 2 do\r", "...> "}, {"print('line', i)\r", "...> "}, {"end\r", "line\t2", "nlsh(h1)> "},
		{"print 'runs' while true do end\r", pasteModeOff + "runs"}, {"\x03", "interrupted", "nlsh(h1)> "},
		{"link.set{ \"b\", mtx=1 }\r", `did you mean "mtu"?`, "nlsh(h1)> "},
		{"!ip -br link show dev b | cut -d' ' -f1\r", pasteModeOff + "b\r\n", "nlsh(h1)> "},
		{":help link.mtu\r", "field mtu of link", "nlsh(h1)> "},
		{"link\r", pasteModeOff + "name ", "nlsh(h1)> "},
	} {
		c.send(step[0])
		for _, want := range step[1:] {
			c.out.expect(t, want)
		}
	}
	c.send("os.exit(4)\r")
	var exit *exec.ExitError
	if err := c.wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("prompt: %v", err) // the role ends with 1 on any error
	}
}
