package bindings

import (
	"context"
	"errors"
	"fmt"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

func sleepFunc() decl.Func {
	return decl.Func{
		Name: "sleep", Since: since, Run: sysSleep,
		Doc: "Waits so long; callbacks run meanwhile. To wait for something to happen, sys.wait, monitor.wait and net.listening are better.",
		Example: `
sys.sleep "10ms"
sys.sleep(0.01)`,
		Params: []decl.Param{{Name: "time", Kind: decl.Duration, Required: true, Pos: 1, Doc: "how long"}},
	}
}

func waitFunc() decl.Func {
	return decl.Func{
		Name: "wait", Since: since, Run: sysWait,
		Doc:     "Calls a function at once and then again and again, 1 to 50 ms apart, until it returns something other than nil and false. That the kernel or the environment refuses something in it means not yet; a mistake in the script is raised at once. Callbacks run between the calls.",
		Returns: "what the function returned; an error when it did not within the time",
		Example: `
local calls = 0
local n = sys.wait(function() calls = calls + 1 return calls == 3 and calls end, "5s")
assert(n == 3)
expect.fails("not within 10ms", sys.wait, function() return link.find "nosuch" end, "10ms")`,
		Params: waitParams(),
	}
}

// waitParams are what sys.wait takes; expect.eventually takes the same.
func waitParams() []decl.Param {
	return []decl.Param{
		{Name: "f", Kind: decl.Function, Required: true, Pos: 1, Doc: "what to call, without arguments"},
		{Name: "timeout", Kind: decl.Duration, Pos: 2, Default: "10s", Doc: "how long to try; the first call is always made"},
	}
}

// defaultWait is how long what waits does so where nothing is said.
const defaultWait = 10 * time.Second

func sysSleep(c *decl.Call) error {
	d, _ := c.Args["time"].(time.Duration)
	return pause(c, d)
}

// pause lets so much time pass. An error is the end of the script, or what a
// callback raised.
func pause(c *decl.Call, d time.Duration) error {
	w, err := waiter(c)
	if err != nil {
		return err
	}
	err = w.Wait(c.L, nil, max(d, 1))
	if ended := c.Context().Err(); ended != nil {
		return ended
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func sysWait(c *decl.Call) error {
	last, err := repeat(c, func(out []glua.LValue, err error) (bool, error) {
		if err != nil && !caught(err) {
			return false, err
		}
		return err == nil && len(out) > 0 && glua.LVAsBool(out[0]), nil
	})
	if err != nil || last == "" {
		return err
	}
	return fail(c, "", last, nil)
}

// repeat calls f of the call until holds says that its outcome will do, whose
// values are then returned to the script. An error of holds ends it. late
// words that it did not hold in time; "" otherwise.
func repeat(c *decl.Call, holds func(out []glua.LValue, err error) (bool, error)) (late string, err error) {
	f, _ := c.Args["f"].(*glua.LFunction)
	timeout, said := c.Args["timeout"].(time.Duration)
	if !said {
		timeout = defaultWait
	}
	end := time.Now().Add(timeout)
	for gap := time.Millisecond; ; gap = min(gap*3/2, 50*time.Millisecond) {
		out, err := c.CallLua(f)
		ok, wrong := holds(out, err)
		switch {
		case wrong != nil:
			return "", wrong
		case ok:
			c.Return(out...)
			return "", nil
		case !time.Now().Before(end):
			return fmt.Sprintf("not within %v: %s", timeout, outcomeText(out, err)), nil
		}
		if err := pause(c, min(gap, time.Until(end))); err != nil {
			return "", err
		}
	}
}

// outcomeText is how the last call of a function that was to hold ended.
func outcomeText(out []glua.LValue, err error) string {
	switch {
	case err != nil:
		return "the last error was: " + err.Error()
	case len(out) == 0:
		return "nothing was returned"
	}
	return "the last value was " + shown(out[0])
}

// caught reports whether `try` turns what a function raised into a value: a
// refusal of the kernel or the environment.
func caught(err error) bool {
	var told interface{ Refused() bool }
	return errors.As(err, &told) && told.Refused()
}

// thrownError is the Go error behind what decl.Host.Call returned.
func thrownError(err error) error {
	if in := errors.Unwrap(err); in != nil {
		return in
	}
	return err
}
