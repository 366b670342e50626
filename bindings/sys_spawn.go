package bindings

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore/attr"
)

func spawnFunc() decl.Func {
	return decl.Func{
		Name: "spawn", Since: since, Mutates: true, Run: sysSpawn,
		Doc:     "Starts a program in the current namespace and goes on. It is killed, with all that it started, when the script ends. One string instead of a table runs in sh.",
		Returns: "a process: pid, running(), kill(signal), by default \"TERM\", and wait{ timeout=, check= }, which returns and raises what sys.exec does; once it has ended also stdout, stderr, code and signal",
		Example: `
local h1 = netns.add "h1"
local p = h1.sys.spawn{ "cat", "/proc/net/dev" }
print(p:wait{ timeout = "5s" })
local server = h1.sys.spawn{ "sleep", 1000 }
assert(server:running())
server:kill()
assert(server:wait().signal == "SIGTERM")`,
		Params: programParams(),
	}
}

// process is a program that runs beside the script: the Value of a userdata.
type process struct {
	run     *program
	name    string
	where   string // the namespace as errors name it
	timeout time.Duration
	cancel  context.CancelFunc
	forget  func()         // not needed at the script's end any more
	asked   syscall.Signal // what the script sent last

	done chan struct{} // closed when it has ended, after err is set
	err  error
}

func sysSpawn(c *decl.Call) error {
	w, err := waiter(c)
	if err != nil {
		return err
	}
	words, err := execWords(c)
	if err != nil {
		return err
	}
	p, where, err := there(c)
	if err != nil {
		return err
	}
	// Not the call's context: at the prompt that ends with the line.
	x := &process{name: execName(c, words), where: where, done: make(chan struct{})}
	var ctx context.Context
	if timeout, limited := c.Args["timeout"].(time.Duration); limited {
		x.timeout = timeout
		ctx, x.cancel = context.WithTimeout(context.Background(), timeout)
	} else {
		ctx, x.cancel = context.WithCancel(context.Background())
	}
	if x.run, err = newProgram(ctx, c, words); err == nil {
		if err = x.run.start(Inside(c.Host, p)); err != nil {
			f := fail(c, x.name, "", nil)
			f.Netns = where
			f.Msg, f.cause = startText(err)
			if errors.Is(err, context.DeadlineExceeded) { // it was not even started in time
				f.Msg = fmt.Sprintf("killed after %v", x.timeout)
			}
			err = f
		}
	}
	if err != nil {
		x.cancel()
		return err
	}
	go func() {
		x.err = x.run.wait()
		x.cancel()
		close(x.done)
	}()
	x.forget = w.AtEnd(x.end)
	c.Return(&glua.LUserData{Value: x, Metatable: processMeta(c.L, c.Host)})
	return nil
}

// end kills the program and waits until nothing is left of it.
func (x *process) end() {
	x.cancel()
	<-x.done
}

// ended reports that the program has, and all that held its outputs.
func (x *process) ended() bool {
	select {
	case <-x.done:
		x.forget()
		return true
	default:
		return false
	}
}

// signal sends a signal to the program and all that it started; false when
// they have ended.
func (x *process) signal(s syscall.Signal) (bool, error) {
	if x.ended() {
		return false, nil
	}
	x.asked = s
	err := syscall.Kill(-x.run.cmd.Process.Pid, s)
	if errors.Is(err, syscall.ESRCH) {
		return false, nil
	}
	return true, err
}

// result words how the program ended, as sys.exec does. A signal that the
// script sent is no failure.
func (x *process) result(c *decl.Call) error {
	f := fail(c, x.name, "", x.err)
	f.Netns = x.where
	f.fields = x.run.fields()
	switch _, signal := x.run.code(); {
	case errors.Is(x.err, context.DeadlineExceeded):
		f.Msg = fmt.Sprintf("killed after %v", x.timeout)
	case errors.Is(x.err, context.Canceled):
		f.Msg = "killed at the end of the script"
	case errors.Is(x.err, errTooLong):
		f.Msg = fmt.Sprintf("killed: it printed more than %d bytes", x.run.limit)
	case x.err != nil:
		f.Msg = x.err.Error()
	case signal != 0 && signal == x.asked:
		c.Return(execTable(c.L, x.run))
		return nil
	default:
		return execResult(c, x.run, f)
	}
	return f
}

// String is what errors call the process, and what it prints as.
func (x *process) String() string {
	return fmt.Sprintf("%s (process %d)", x.name, x.run.cmd.Process.Pid)
}

// RenderFields are the fields, for inspect and JSON.
func (x *process) RenderFields() []attr.Pair {
	l := []attr.Pair{{Key: "pid", Val: attr.IntOf(int64(x.run.cmd.Process.Pid))}}
	if x.ended() {
		code, _ := x.run.code()
		l = append(l, attr.Pair{Key: "code", Val: attr.IntOf(int64(code))})
	}
	return l
}
