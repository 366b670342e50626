package bindings

import (
	"context"
	"errors"
	"fmt"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// processModule declares the methods of a process; the object is their first
// argument.
func processModule() *decl.Module {
	self := decl.Param{Name: "process", Kind: decl.Any, Required: true, Pos: 1, Doc: "what sys.spawn returned"}
	return &decl.Module{
		Name: "process", Since: since,
		Doc: "A program that runs beside the script.",
		Funcs: []decl.Func{
			{
				Name: "wait", Since: since, Run: processWait,
				Doc:     "Waits until the process has ended; callbacks run meanwhile.",
				Returns: "what sys.exec returns",
				Example: `assert(sys.spawn{ "true" }:wait().code == 0)`,
				Params: []decl.Param{self,
					{Name: "timeout", Kind: decl.Duration, Default: "none", Doc: "raise when it still runs after this long; it goes on"},
					{Name: "check", Kind: decl.Boolean, Default: "true", Doc: "false returns an exit code other than 0 instead of raising"},
				},
			},
			{
				Name: "kill", Since: since, Run: processKill,
				Doc:     "Sends a signal to the process and all that it started.",
				Returns: "true; false when it has ended before",
				Example: `assert(sys.spawn{ "sleep", 1000 }:kill "KILL")`,
				Params: []decl.Param{self,
					{Name: "signal", Kind: decl.Scalar, Pos: 2, Default: "TERM", Doc: "its name or number"},
				},
			},
			{
				Name: "running", Since: since, Run: processRunning,
				Doc:     "Tells whether the process runs, or anything that it started and that holds its output.",
				Returns: "true or false",
				Example: `assert(sys.spawn{ "sleep", 1000 }:running())`,
				Params:  []decl.Param{self},
			},
		},
	}
}

func processMeta(L *glua.LState, h decl.Host) *glua.LTable {
	return liveMeta(L, h, "process", processModule, func(L *glua.LState, value any, key string) (glua.LValue, bool) {
		x, ok := value.(*process)
		if !ok {
			return nil, false
		}
		switch key {
		case "pid":
			return glua.LNumber(x.run.cmd.Process.Pid), true
		case "stdout", "stderr", "code", "signal":
			if !x.ended() {
				return glua.LNil, true
			}
			return execTable(L, x.run).RawGetString(key), true
		}
		hint := ""
		if s := decl.Suggest(key, []string{"pid", "stdout", "stderr", "code", "signal", "wait", "kill", "running"}); s != "" {
			hint = fmt.Sprintf("did you mean %q?", s)
		}
		h.Raise(L, &decl.Error{Op: "process", Object: x.name, Msg: fmt.Sprintf("no field %q", key), Hint: hint})
		return nil, false
	})
}

// processOf is the process that a method was called on.
func processOf(c *decl.Call) (*process, error) {
	if u, ok := anyArg(c, "process").(*glua.LUserData); ok {
		if x, ok := u.Value.(*process); ok {
			return x, nil
		}
	}
	return nil, c.Errorf("is called with a colon: p:%s(...)", c.Func.Name)
}

func processWait(c *decl.Call) error {
	x, err := processOf(c)
	if err != nil {
		return err
	}
	w, err := waiter(c)
	if err != nil {
		return err
	}
	timeout, limited := c.Args["timeout"].(time.Duration)
	if limited {
		timeout = max(timeout, 1)
	}
	if !x.ended() {
		err = w.Wait(c.L, x.done, timeout)
	}
	switch {
	case err == nil:
		x.forget()
		return x.result(c)
	case c.Context().Err() != nil:
		return c.Context().Err()
	case errors.Is(err, context.DeadlineExceeded) && limited:
		f := fail(c, x.name, fmt.Sprintf("still runs after %v", timeout), nil)
		f.Netns = x.where
		return f
	}
	return err
}

func processKill(c *decl.Call) error {
	x, err := processOf(c)
	if err != nil {
		return err
	}
	word, said := c.Args["signal"].(string)
	if !said {
		word = "TERM"
	}
	s, ok := signalOf(word)
	if !ok {
		return c.Errorf("signal wants a name such as \"TERM\", or a number from 1 to 64, got %q", word)
	}
	sent, err := x.signal(s)
	if err != nil {
		return fail(c, x.name, err.Error(), err)
	}
	c.Return(glua.LBool(sent))
	return nil
}

func processRunning(c *decl.Call) error {
	x, err := processOf(c)
	if err != nil {
		return err
	}
	c.Return(glua.LBool(!x.ended()))
	return nil
}
