package lua

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"

	glua "github.com/yuin/gopher-lua"
)

// fileMeta makes the metatable of files.
func (in *Interp) fileMeta() *glua.LTable {
	methods := in.L.CreateTable(0, 8)
	for name, fn := range map[string]glua.LGFunction{
		"close": in.fileClose, "flush": in.fileFlush, "lines": in.fileLines, "read": in.fileRead,
		"seek": in.fileSeek, "setvbuf": in.fileSetvbuf, "write": in.fileWrite,
	} {
		methods.RawSetString(name, in.L.NewFunction(fn))
	}
	mt := in.L.CreateTable(0, 3)
	mt.RawSetString("__index", methods)
	mt.RawSetString("__name", glua.LString("FILE*"))
	mt.RawSetString("__tostring", in.L.NewFunction(func(L *glua.LState) int {
		ud, _ := L.Get(1).(*glua.LUserData)
		if ud == nil {
			typeError(L, 1, "FILE*")
		}
		if f, ok := ud.Value.(*luaFile); ok && f.closed {
			return pushText(L, "file (closed)")
		}
		return pushText(L, strings.Replace(ud.String(), "userdata: ", "file (", 1)+")")
	}))
	return mt
}

// needFile returns argument n, an open file.
func needFile(L *glua.LState, n int) *luaFile {
	ud, ok := L.Get(n).(*glua.LUserData)
	var f *luaFile
	if ok {
		f, ok = ud.Value.(*luaFile)
	}
	if !ok {
		typeError(L, n, "FILE*")
	}
	if f.closed {
		throw(L, "attempt to use a closed file")
	}
	return f
}

func ioType(L *glua.LState) int {
	needAny(L, 1)
	ud, ok := L.Get(1).(*glua.LUserData)
	if !ok {
		L.Push(glua.LNil)
		return 1
	}
	f, ok := ud.Value.(*luaFile)
	switch {
	case !ok:
		L.Push(glua.LNil)
		return 1
	case f.closed:
		return pushText(L, "closed file")
	}
	return pushText(L, "file")
}

// ioOpen is io.open(path [, mode]); data of a file reaches it with each write.
func (in *Interp) ioOpen(L *glua.LState) int {
	path, mode := needString(L, 1), optString(L, 2, "r")
	f, err := in.openFile(path, mode)
	if err != nil {
		return fileResult(L, path, err)
	}
	L.Push(f)
	return 1
}

func (in *Interp) openFile(path, mode string) (*glua.LUserData, error) {
	flags := map[string]int{
		"r": os.O_RDONLY, "r+": os.O_RDWR,
		"w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC,
		"a": os.O_WRONLY | os.O_CREATE | os.O_APPEND, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	}
	flag, ok := flags[strings.Replace(mode, "b", "", 1)]
	if !ok {
		return nil, errors.New("invalid mode '" + mode + "'")
	}
	f, err := os.OpenFile(path, flag, 0o666)
	if err != nil {
		return nil, err
	}
	return in.diskFile(f, flag), nil
}

// diskFile makes a Lua file of f.
func (in *Interp) diskFile(f *os.File, flag int) *glua.LUserData {
	lf := &luaFile{close: f.Close, seeker: f, deadline: f}
	if flag&os.O_WRONLY == 0 {
		lf.r = bufio.NewReader(f)
	}
	if flag&(os.O_WRONLY|os.O_RDWR) != 0 {
		lf.w = f
	}
	return in.fileValue(lf)
}

func (in *Interp) ioTmpfile(L *glua.LState) int {
	f, err := os.CreateTemp("", "lua_")
	if err != nil {
		return fileResult(L, "", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return fileResult(L, "", err)
	}
	L.Push(in.diskFile(f, os.O_RDWR))
	return 1
}

// redirect is io.input and io.output: the current file, or a new one by name
// or value.
func (in *Interp) redirect(L *glua.LState, current **glua.LUserData, mode string) int {
	switch v := L.Get(1).(type) {
	case *glua.LNilType:
	case *glua.LUserData:
		needFile(L, 1)
		*current = v
	default:
		path := needString(L, 1)
		f, err := in.openFile(path, mode)
		if err != nil {
			text, _ := systemMessage(err)
			throw(L, "%s: %s", path, text)
		}
		*current = f
	}
	L.Push(*current)
	return 1
}

func (in *Interp) ioInput(L *glua.LState) int { return in.redirect(L, &in.streams.input, "r") }
func (in *Interp) ioOutput(L *glua.LState) int {
	return in.redirect(L, &in.streams.output, "w")
}

func (in *Interp) ioClose(L *glua.LState) int {
	if L.GetTop() == 0 {
		L.Push(in.streams.output)
	}
	return in.fileClose(L)
}

func (in *Interp) fileClose(L *glua.LState) int {
	f := needFile(L, 1)
	if f.close == nil {
		L.Push(glua.LNil)
		L.Push(glua.LString("cannot close standard file"))
		return 2
	}
	err := f.shut()
	in.stopIfEnded(L)
	return fileResult(L, "", err)
}

// A write reaches the file at once, so flush and setvbuf have nothing to do.
func (in *Interp) ioFlush(L *glua.LState) int {
	L.Push(glua.LTrue)
	return 1
}

func (in *Interp) fileFlush(L *glua.LState) int {
	needFile(L, 1)
	return in.ioFlush(L)
}

func (in *Interp) fileSetvbuf(L *glua.LState) int {
	needFile(L, 1)
	needOption(L, 2, "", "no", "full", "line")
	L.Push(glua.LTrue)
	return 1
}

func (in *Interp) ioWrite(L *glua.LState) int {
	return write(L, standardFile(L, in.streams.output, "output"), 1)
}

func (in *Interp) fileWrite(L *glua.LState) int { return write(L, needFile(L, 1), 2) }

// standardFile returns the file that io.read or io.write uses.
func standardFile(L *glua.LState, ud *glua.LUserData, which string) *luaFile {
	f := ud.Value.(*luaFile)
	if f.closed {
		throw(L, "standard %s file is closed", which)
	}
	return f
}

// write writes the arguments from first on and returns true, as Lua 5.1 does,
// or nil, message, errno.
func write(L *glua.LState, f *luaFile, first int) int {
	if f.w == nil {
		return fileResult(L, "", syscall.EBADF)
	}
	if err := f.unread(); err != nil {
		return fileResult(L, "", err)
	}
	for i := first; i <= L.GetTop(); i++ {
		if _, err := io.WriteString(f.w, needString(L, i)); err != nil {
			return fileResult(L, "", err)
		}
	}
	L.Push(glua.LTrue)
	return 1
}

// unread moves the position of the file back over what was read ahead.
func (f *luaFile) unread() error {
	if f.r == nil || f.seeker == nil || f.r.Buffered() == 0 {
		return nil
	}
	_, err := f.seeker.Seek(-int64(f.r.Buffered()), io.SeekCurrent)
	f.r.Reset(f.seeker.(io.Reader))
	return err
}

func (in *Interp) fileSeek(L *glua.LState) int {
	f := needFile(L, 1)
	whence := needOption(L, 2, "cur", "set", "cur", "end")
	offset := optInt(L, 3, 0)
	if f.seeker == nil {
		L.Push(glua.LNil)
		L.Push(glua.LString("Illegal seek"))
		L.Push(glua.LNumber(29))
		return 3
	}
	if err := f.unread(); err != nil {
		return fileResult(L, "", err)
	}
	from := map[string]int{"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd}[whence]
	at, err := f.seeker.Seek(int64(offset), from)
	if err != nil {
		return fileResult(L, "", err)
	}
	if f.r != nil {
		f.r.Reset(f.seeker.(io.Reader))
	}
	return pushNumber(L, float64(at))
}
