package bindings

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
)

// program is a running program whose output is kept. It leads a process group
// of its own, so that all of it can be killed.
type program struct {
	cmd   *exec.Cmd // made with ctx
	ctx   context.Context
	limit int // bytes that each of its outputs may have

	stdout, stderr bytes.Buffer
	outputs        []*os.File // our ends of the pipes
	reading        sync.WaitGroup
	tooLong        atomic.Bool
}

var errTooLong = errors.New("output too long")

// cutoff is how long the output of a killed program is still waited for: one
// that left the group may keep the pipe open for ever.
const cutoff = time.Second

// Inside is where programs of p are started: in its network namespace, with
// its own /sys and, where its name is one of the machine, its /etc/netns/NAME
// (see netns.NS.Exec).
func Inside(h decl.Host, p *decl.Place) func(start func() error) error {
	name := p.Name
	if _, machine := namesOf(h).(machineNames); !machine {
		name = ""
	}
	return func(start func() error) error { return p.Handle.Netns().Exec(name, start) }
}

// start starts the program on a thread that in chooses; see Inside.
func (p *program) start(in func(func() error) error) error {
	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			f.Close()
		}
	}()
	for range 2 {
		r, w, err := os.Pipe()
		if err != nil {
			p.closeOutputs()
			return err
		}
		p.outputs, theirs = append(p.outputs, r), append(theirs, w)
	}
	p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[1]
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Cancel = p.kill
	p.cmd.WaitDelay = cutoff // for what it does not read of its input
	if err := in(p.cmd.Start); err != nil {
		p.closeOutputs()
		return err
	}
	p.reading.Add(2)
	go p.read(p.outputs[0], &p.stdout)
	go p.read(p.outputs[1], &p.stderr)
	return nil
}

func (p *program) closeOutputs() {
	for _, f := range p.outputs {
		f.Close()
	}
}

// read keeps one output until the last process that could write to it ends.
func (p *program) read(from *os.File, to *bytes.Buffer) {
	defer p.reading.Done()
	_, err := io.Copy(to, io.LimitReader(from, int64(p.limit)))
	if err != nil || to.Len() < p.limit {
		return
	}
	var more [1]byte
	if n, _ := from.Read(more[:]); n > 0 {
		p.tooLong.Store(true)
		_ = p.kill()
		from.Close() // whoever left the group and still writes gets SIGPIPE
	}
}

// kill ends the process group. A group that has ended is no error.
func (p *program) kill() error {
	err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// wait waits for the program and for its outputs, as $(...) in a shell does:
// programs in the background that still hold them are waited for too. When
// ctx ends the whole group is killed. It returns nil when the program ended
// by itself, whatever its code.
func (p *program) wait() error {
	err := p.cmd.Wait()
	done := make(chan struct{})
	go func() {
		p.reading.Wait()
		close(done)
	}()
	killed := err != nil && errors.Is(err, p.ctx.Err())
	select {
	case <-done:
	case <-p.ctx.Done():
		killed = true
		_ = p.kill() // what the program left in its group
		for _, f := range p.outputs {
			_ = f.SetReadDeadline(time.Now().Add(cutoff))
		}
		<-done
	}
	p.closeOutputs()
	var exit *exec.ExitError
	switch {
	case killed:
		return p.ctx.Err()
	case p.tooLong.Load():
		return errTooLong
	case errors.As(err, &exit), errors.Is(err, exec.ErrWaitDelay):
		return nil
	}
	return err
}

// code is the exit code as a shell has it; after a signal that, and 128 more.
func (p *program) code() (code int, signal syscall.Signal) {
	ws, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && ws.Signaled() {
		return 128 + int(ws.Signal()), ws.Signal()
	}
	return p.cmd.ProcessState.ExitCode(), 0
}

// fields are what scripts read of the program in an error.
func (p *program) fields() map[string]any {
	code, signal := p.code()
	m := map[string]any{"code": code, "stdout": glua.LString(p.stdout.String()), "stderr": glua.LString(p.stderr.String())}
	if signal != 0 {
		m["signal"] = signalName(signal)
	}
	return m
}

// execTable is the result as scripts read it.
func execTable(L *glua.LState, p *program) *glua.LTable {
	code, signal := p.code()
	t := L.CreateTable(0, 4)
	t.RawSetString("stdout", glua.LString(p.stdout.String()))
	t.RawSetString("stderr", glua.LString(p.stderr.String()))
	t.RawSetString("code", glua.LNumber(code))
	if signal != 0 {
		t.RawSetString("signal", glua.LString(signalName(signal)))
	}
	mt := L.CreateTable(0, 1)
	mt.RawSetString("__tostring", L.NewFunction(func(L *glua.LState) int {
		L.Push(t.RawGetString("stdout"))
		return 1
	}))
	t.Metatable = mt
	return t
}
