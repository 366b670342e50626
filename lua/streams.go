package lua

import (
	"bufio"
	"context"
	"io"
	"time"

	glua "github.com/yuin/gopher-lua"
)

// streams is what the io library knows.
type streams struct {
	meta           *glua.LTable
	input, output  *glua.LUserData // of io.read and io.write
	stdin, stdout  *glua.LUserData
	stderr         *glua.LUserData
	open           map[*luaFile]bool // to be closed with the interpreter
	processRunning map[*process]bool
}

// luaFile is a file, a standard stream or a pipe of io.popen.
type luaFile struct {
	in       *Interp
	r        *bufio.Reader
	w        io.Writer
	seeker   io.Seeker // nil: cannot seek
	deadline interface{ SetReadDeadline(time.Time) error }
	// close is nil for a standard stream, which scripts cannot close.
	close  func() error
	closed bool
}

// openStreams replaces print and the io library, which in gopher-lua belong
// to the process.
func (in *Interp) openStreams() {
	s := &in.streams
	s.open = map[*luaFile]bool{}
	s.processRunning = map[*process]bool{}
	s.meta = in.fileMeta()
	s.stdin = in.fileValue(&luaFile{r: bufio.NewReader(in.opts.Stdin), deadline: deadlineOf(in.opts.Stdin)})
	s.stdout = in.fileValue(&luaFile{w: in.opts.Stdout})
	s.stderr = in.fileValue(&luaFile{w: in.opts.Stderr})
	s.input, s.output = s.stdin, s.stdout
	lib := in.L.GetGlobal("io").(*glua.LTable)
	for key, _ := lib.Next(glua.LNil); key != glua.LNil; key, _ = lib.Next(glua.LNil) {
		lib.RawSet(key, glua.LNil)
	}
	lib.RawSetString("stdin", s.stdin)
	lib.RawSetString("stdout", s.stdout)
	lib.RawSetString("stderr", s.stderr)
	for name, fn := range map[string]glua.LGFunction{
		"close": in.ioClose, "flush": in.ioFlush, "input": in.ioInput, "output": in.ioOutput,
		"lines": in.ioLines, "open": in.ioOpen, "popen": in.ioPopen, "read": in.ioRead,
		"tmpfile": in.ioTmpfile, "type": ioType, "write": in.ioWrite,
	} {
		lib.RawSetString(name, in.L.NewFunction(fn))
	}
	in.setGlobals(map[string]glua.LGFunction{"print": in.print})
}

func deadlineOf(r any) interface{ SetReadDeadline(time.Time) error } {
	d, _ := r.(interface{ SetReadDeadline(time.Time) error })
	return d
}

// closeStreams closes what scripts left open.
func (in *Interp) closeStreams() {
	for p := range in.streams.processRunning {
		p.kill()
	}
	for f := range in.streams.open {
		f.shut()
	}
}

func (in *Interp) fileValue(f *luaFile) *glua.LUserData {
	f.in = in
	if f.close != nil {
		in.streams.open[f] = true
	}
	return &glua.LUserData{Value: f, Metatable: in.streams.meta}
}

// shut closes f once.
func (f *luaFile) shut() error {
	if f.closed || f.close == nil {
		return nil
	}
	f.closed = true
	delete(f.in.streams.open, f)
	return f.close()
}

// interruptible lets a read end when the script must stop, if the reader can
// be woken. The function returned ends that.
func (f *luaFile) interruptible() (done func()) {
	if f.deadline == nil || f.in.ctx.Done() == nil {
		return func() {}
	}
	woken := make(chan struct{})
	stop := context.AfterFunc(f.in.ctx, func() {
		f.deadline.SetReadDeadline(time.Unix(1, 0))
		close(woken)
	})
	return func() {
		if !stop() {
			<-woken
			f.deadline.SetReadDeadline(time.Time{})
		}
	}
}

// print writes its arguments as tostring shows them, in one write.
func (in *Interp) print(L *glua.LState) int {
	var line []byte
	for i := 1; i <= L.GetTop(); i++ {
		if i > 1 {
			line = append(line, '\t')
		}
		text, ok := stringOf(tostring(L, L.Get(i)))
		if !ok {
			throw(L, "'tostring' must return a string to 'print'")
		}
		line = append(line, text...)
	}
	in.opts.Stdout.Write(append(line, '\n'))
	return 0
}
