package repl

import (
	"context"
	"io"
	"strings"

	glua "github.com/yuin/gopher-lua"

	"nlsh/lua"
)

// chunkName is how messages call what is entered at the prompt, as in Lua's own.
const chunkName = "=stdin"

// Shell is the Interp of nlsh: a Lua interpreter with its modules. It does not
// own the interpreter. Make one with NewShell.
type Shell struct {
	in *lua.Interp
	// dofile and tostring are Lua's, whatever a script does to the globals.
	dofile, tostring glua.LValue
}

// NewShell makes the Interp of a prompt over in.
func NewShell(in *lua.Interp) *Shell {
	return &Shell{
		in:       in,
		dofile:   in.L.G.Global.RawGetString("dofile"),
		tostring: in.L.G.Global.RawGetString("tostring"),
	}
}

// Prompt names the current namespace, unless that is the one without a name.
func (s *Shell) Prompt() string {
	if p, err := s.in.Place(); err == nil && p.Name != "" {
		return "nlsh(" + p.Name + ")> "
	}
	return "nlsh> "
}

// Idle calls the callbacks of what happened since the last entry.
func (s *Shell) Idle(ctx context.Context) error { return exitOf(s.in.Idle(ctx)) }

// Incomplete asks the parser, about a statement and about an expression: "1 +"
// is the beginning of one.
func (s *Shell) Incomplete(src string) bool {
	if _, is := program(src); is {
		return false
	}
	src = withoutEquals(src)
	return s.in.Incomplete(src) || s.in.Incomplete("return "+src)
}

// RunFile runs a script with the globals of the prompt. What it defers runs
// when the prompt ends.
func (s *Shell) RunFile(ctx context.Context, path string, _ io.Writer) error {
	_, err := s.in.Call(ctx, s.dofile, glua.LString(path))
	return exitOf(err)
}

// Help is the text about a topic.
func (s *Shell) Help(topic string) (string, error) { return s.in.Catalog().Help(topic) }

// withoutEquals takes "=" off the front of an entry: "=x" shows x, as in Lua 5.1.
func withoutEquals(src string) string {
	return strings.TrimPrefix(strings.TrimLeft(src, " \t"), "=")
}
