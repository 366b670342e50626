package bindings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/netns"
)

// sysExec runs the program that the call describes.
func sysExec(c *decl.Call) error {
	words, err := execWords(c)
	if err != nil {
		return err
	}
	p, where, err := there(c)
	if err != nil {
		return err
	}
	ctx := c.Context()
	timeout, limited := c.Args["timeout"].(time.Duration)
	if limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	run, err := newProgram(ctx, c, words)
	if err != nil {
		return err
	}
	err = run.start(Inside(c.Host, p))
	if err == nil {
		err = run.wait()
	}
	if c.Context().Err() != nil {
		return c.Context().Err()
	}
	f := fail(c, execName(c, words), "", err)
	f.Netns = where
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		f.Msg = "killed after " + timeout.String()
	case run.cmd.ProcessState == nil:
		f.Msg, f.cause = startText(err)
	case errors.Is(err, errTooLong):
		f.Msg = fmt.Sprintf("killed: it printed more than %d bytes", run.limit)
	case err != nil:
		f.Msg = err.Error()
	default:
		return execResult(c, run, f)
	}
	if run.cmd.ProcessState != nil {
		f.fields = run.fields()
	}
	return f
}

// programParams are what says how a program runs, for sys.exec and sys.spawn.
func programParams(more ...decl.Param) []decl.Param {
	return append([]decl.Param{
		{Name: "program", Kind: decl.Scalar, Required: true, Pos: 1, Rest: true, Doc: "the program and its arguments"},
		{Name: "stdin", Kind: decl.String, Default: "nothing", Doc: "what the program reads"},
		{Name: "timeout", Kind: decl.Duration, Default: "none", Doc: "after this long it is killed, with all that it started"},
		{Name: "netns", Kind: decl.Netns, Default: "the current one", Doc: "where to run it"},
		{Name: "cwd", Kind: decl.String, Default: "the current one", Doc: "its directory"},
		{Name: "env", Kind: decl.Table, Doc: "variables to set, beside those of nlsh; false takes one away"},
	}, more...)
}

// newProgram is the program of the call, to be killed when ctx ends.
func newProgram(ctx context.Context, c *decl.Call, words []string) (*program, error) {
	run := &program{cmd: exec.CommandContext(ctx, words[0], words[1:]...), ctx: ctx, limit: stringLimit(c.Host)}
	run.cmd.Dir, _ = c.Args["cwd"].(string)
	if in, ok := c.Args["stdin"].(string); ok {
		run.cmd.Stdin = strings.NewReader(in)
	}
	return run, execEnv(c, run.cmd)
}

// execResult returns what the program printed, or says that it failed.
func execResult(c *decl.Call, run *program, f *Failure) error {
	code, signal := run.code()
	check, said := c.Args["check"].(bool)
	if code == 0 || said && !check {
		c.Return(execTable(c.L, run))
		return nil
	}
	f.Msg = fmt.Sprintf("exit status %d", code)
	if signal != 0 {
		f.Msg = "ended by " + signalName(signal)
	}
	if line := firstLine(run.stderr.String()); line != "" {
		f.Msg += ": " + line
	}
	f.fields = run.fields()
	return f
}

// execWords is the program and its arguments; one string is a command for sh.
func execWords(c *decl.Call) ([]string, error) {
	rest, _ := c.Args["program"].([]any)
	words := make([]string, len(rest))
	for i, v := range rest {
		words[i], _ = v.(string)
		if strings.IndexByte(words[i], 0) >= 0 {
			return nil, c.Errorf("program word %d has a zero byte", i+1)
		}
	}
	_, isTable := c.Arg(1).(*glua.LTable)
	switch {
	case isTable && words[0] == "":
		return nil, c.Errorf("program wants a name, got an empty string")
	case isTable:
		return words, nil
	case len(words) > 1:
		return nil, c.Errorf(`a program with arguments is a table: sys.%s{ %q, %q }`, c.Func.Name, words[0], words[1])
	}
	return []string{"/bin/sh", "-c", words[0]}, nil
}

// execName is what errors call the program: its name, or the command.
func execName(c *decl.Call, words []string) string {
	if _, isTable := c.Arg(1).(*glua.LTable); isTable {
		return words[0]
	}
	name := words[2]
	if i := strings.IndexByte(name, '\n'); i >= 0 {
		name = name[:i] + " ..."
	}
	return shorten(name, 60)
}

// execEnv adds what env= says to the variables of this process.
func execEnv(c *decl.Call, cmd *exec.Cmd) error {
	t, ok := c.Args["env"].(*glua.LTable)
	if !ok {
		return nil
	}
	set := map[string]bool{}
	var add []string
	for k, v := t.Next(glua.LNil); k != glua.LNil; k, v = t.Next(k) {
		name, isName := k.(glua.LString)
		if !isName || name == "" || strings.ContainsAny(string(name), "=\x00") {
			return c.Errorf("env wants names of variables as keys, got %s", shown(k))
		}
		set[string(name)] = true
		switch v := v.(type) {
		case glua.LString, glua.LNumber:
			if strings.IndexByte(v.String(), 0) >= 0 {
				return c.Errorf("env %s has a zero byte", name)
			}
			add = append(add, string(name)+"="+v.String())
		default:
			if v != glua.LFalse {
				return c.Errorf("env %s wants a string, a number or false, got %s", name, shown(v))
			}
		}
	}
	for _, kv := range cmd.Environ() {
		if name, _, _ := strings.Cut(kv, "="); !set[name] {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, add...)
	return nil
}

// startText words why a program could not be started, and its errno.
func startText(err error) (string, error) {
	var before *netns.ExecError
	switch {
	case errors.As(err, &before):
		return before.Error(), err
	case errors.Is(err, exec.ErrNotFound):
		return "no such program in PATH (ENOENT)", syscall.ENOENT
	case errors.Is(err, fs.ErrNotExist):
		return "no such program or directory (ENOENT)", err
	}
	var no syscall.Errno
	if errors.As(err, &no) {
		return no.Error(), err
	}
	return err.Error(), err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return shorten(strings.TrimSpace(line), 200)
}

// shorten cuts text that is longer than n bytes, at a letter's edge.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "..."
}
