package lua

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// process is a program that a script started.
type process struct {
	cmd   *exec.Cmd
	group bool // it leads a process group of its own
}

// openProcess replaces the functions of os that run programs or end ours.
func (in *Interp) openProcess() {
	lib := in.L.GetGlobal("os").(*glua.LTable)
	lib.RawSetString("execute", in.L.NewFunction(in.osExecute))
	lib.RawSetString("exit", in.L.NewFunction(osExit))
}

// osExit ends the script with a code, not the process: Run returns an
// *ExitError. true is 0, false is 1.
func osExit(L *glua.LState) int {
	code := 0
	switch v := L.Get(1).(type) {
	case glua.LBool:
		if !bool(v) {
			code = 1
		}
	default:
		code = optInt(L, 1, 0)
	}
	raise(L, &ExitError{Code: code & 0xff})
	return 0
}

// shell makes the command that runs text in sh. It ends when the script must
// stop. With a terminal as input it stays in our process group, which owns
// the terminal; else it gets its own, so that all of it is killed.
func (in *Interp) shell(text string) *process {
	cmd := exec.CommandContext(in.ctx, "/bin/sh", "-c", text)
	cmd.Stdout, cmd.Stderr = in.opts.Stdout, in.opts.Stderr
	p := &process{cmd: cmd, group: true}
	if f, ok := in.opts.Stdin.(*os.File); ok {
		cmd.Stdin, p.group = f, false
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: p.group}
	cmd.Cancel = p.kill
	cmd.WaitDelay = time.Second
	return p
}

func (p *process) kill() error {
	if p.cmd.Process == nil {
		return nil
	}
	if p.group {
		return syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	}
	return p.cmd.Process.Kill()
}

// osExecute runs a command and returns its wait status, as system does: 256
// times the exit code. Without a command it says that there is a shell.
func (in *Interp) osExecute(L *glua.LState) int {
	if L.Get(1) == glua.LNil {
		return pushNumber(L, 1)
	}
	p := in.shell(needString(L, 1))
	err := p.cmd.Run()
	in.stopIfEnded(L)
	return pushNumber(L, float64(waitStatus(p.cmd, err)))
}

func waitStatus(cmd *exec.Cmd, err error) int {
	if cmd.ProcessState != nil {
		if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok {
			return int(ws)
		}
	}
	if err != nil {
		return -1
	}
	return 0
}

// ioPopen is io.popen(command [, mode]). The program is killed when the
// script must stop or the interpreter is closed.
func (in *Interp) ioPopen(L *glua.LState) int {
	p := in.shell(needString(L, 1))
	mode := optString(L, 2, "r")
	f := &luaFile{}
	var pipe io.Closer // closed first, so that the program cannot wait for us
	var err error
	switch mode {
	case "r":
		p.cmd.Stdout = nil
		out, pipeErr := p.cmd.StdoutPipe()
		err = pipeErr
		if err == nil {
			f.r, f.deadline, pipe = bufio.NewReader(out), deadlineOf(out), out
		}
	case "w":
		p.cmd.Stdin = nil
		to, pipeErr := p.cmd.StdinPipe()
		f.w, pipe, err = to, to, pipeErr
	default:
		err = errors.New("invalid mode '" + mode + "'")
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		return fileResult(L, "", err)
	}
	in.streams.processRunning[p] = true
	f.close = func() error {
		pipe.Close()
		err := p.cmd.Wait()
		delete(in.streams.processRunning, p)
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil
		}
		return err
	}
	L.Push(in.fileValue(f))
	return 1
}
