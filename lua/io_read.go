package lua

import (
	"io"
	"strings"
	"syscall"

	glua "github.com/yuin/gopher-lua"
)

func (in *Interp) ioRead(L *glua.LState) int {
	return in.read(L, standardFile(L, in.streams.input, "input"), 1)
}

func (in *Interp) fileRead(L *glua.LState) int { return in.read(L, needFile(L, 1), 2) }

// read reads by each format from argument first on, a line without one; it
// stops after the first that fails, whose value is nil.
func (in *Interp) read(L *glua.LState, f *luaFile, first int) int {
	if f.r == nil {
		return fileResult(L, "", syscall.EBADF)
	}
	top := L.GetTop()
	if top < first {
		L.Push(glua.LString("*l"))
		top = first
	}
	for i := first; i <= top; i++ {
		v := in.readFormat(L, f, i)
		L.Push(v)
		if v == glua.LNil {
			return i - first + 1
		}
	}
	return top - first + 1
}

// readFormat reads what argument n asks for, nil at the end of the file.
func (in *Interp) readFormat(L *glua.LState, f *luaFile, n int) glua.LValue {
	if count, ok := L.Get(n).(glua.LNumber); ok {
		return in.readBytes(L, f, toInt(float64(count)))
	}
	format, _ := L.Get(n).(glua.LString)
	if len(format) < 2 || format[0] != '*' {
		argError(L, n, "invalid option")
	}
	switch format[1] {
	case 'n':
		return readNumber(f)
	case 'l':
		return in.readLine(L, f)
	case 'a':
		defer f.interruptible()()
		text, err := io.ReadAll(io.LimitReader(f.r, int64(in.StringBytes)+1))
		in.checkRead(L, len(text), err)
		return glua.LString(text)
	}
	argError(L, n, "invalid format")
	return glua.LNil
}

// checkRead raises when the script was stopped while it read, or read more
// than a string may hold.
func (in *Interp) checkRead(L *glua.LState, n int, err error) {
	if err != nil {
		in.stopIfEnded(L)
	}
	if n > in.StringBytes {
		throw(L, "more than %d bytes to read", in.StringBytes)
	}
}

func (in *Interp) readBytes(L *glua.LState, f *luaFile, n int) glua.LValue {
	defer f.interruptible()()
	if n <= 0 {
		if _, err := f.r.Peek(1); err != nil {
			return glua.LNil
		}
		return glua.LString("")
	}
	var b strings.Builder
	_, err := io.CopyN(&b, f.r, int64(min(n, in.StringBytes+1)))
	in.checkRead(L, b.Len(), err)
	if b.Len() == 0 {
		return glua.LNil
	}
	return glua.LString(b.String())
}

// readLine reads a line without its newline.
func (in *Interp) readLine(L *glua.LState, f *luaFile) glua.LValue {
	defer f.interruptible()()
	var line []byte
	for {
		part, err := f.r.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			return glua.LString(line[:len(line)-1])
		}
		if len(part) == 0 || err == io.EOF {
			in.checkRead(L, len(line), err)
			if len(line) == 0 {
				return glua.LNil
			}
			return glua.LString(line)
		}
		in.checkRead(L, len(line), nil)
	}
}

// readNumber reads the longest text that begins a number, as C's scanf does.
func readNumber(f *luaFile) glua.LValue {
	defer f.interruptible()()
	for {
		b, err := f.r.ReadByte()
		if err != nil {
			return glua.LNil
		}
		if !isSpace(b) {
			f.r.UnreadByte()
			break
		}
	}
	var text []byte
	digits, isHex, dot, exp := 0, false, false, false
	for len(text) < 200 {
		b, err := f.r.ReadByte()
		if err != nil {
			break
		}
		low := b | 0x20
		lastLow := byte(0)
		if n := len(text); n > 0 {
			lastLow = text[n-1] | 0x20
		}
		switch {
		case (b == '+' || b == '-') && (len(text) == 0 || exp && (lastLow == 'e' && !isHex || lastLow == 'p')):
		case low == 'x' && digits == 1 && !isHex && lastLow == '0'|0x20:
			isHex, digits = true, 0
		case b >= '0' && b <= '9', isHex && !exp && low >= 'a' && low <= 'f':
			digits++
		case b == '.' && !dot && !exp:
			dot = true
		case digits > 0 && !exp && (low == 'e' && !isHex || low == 'p' && isHex):
			exp = true
		default:
			f.r.UnreadByte()
			return numberOrNil(string(text))
		}
		text = append(text, b)
	}
	return numberOrNil(string(text))
}

func numberOrNil(text string) glua.LValue {
	if n, ok := parseNumber(text); ok {
		return glua.LNumber(n)
	}
	return glua.LNil
}

// fileLines iterates over the lines of a file, which stays open.
func (in *Interp) fileLines(L *glua.LState) int {
	f := needFile(L, 1)
	L.Push(in.lineIterator(f, false))
	return 1
}

// ioLines iterates over the lines of a named file and closes it at the end,
// or over those of the current input.
func (in *Interp) ioLines(L *glua.LState) int {
	if L.Get(1) == glua.LNil {
		L.Push(in.lineIterator(in.streams.input.Value.(*luaFile), false))
		return 1
	}
	path := needString(L, 1)
	ud, err := in.openFile(path, "r")
	if err != nil {
		text, _ := systemMessage(err)
		throw(L, "bad argument #1 to 'lines' (%s: %s)", path, text)
	}
	L.Push(in.lineIterator(ud.Value.(*luaFile), true))
	return 1
}

func (in *Interp) lineIterator(f *luaFile, closes bool) *glua.LFunction {
	return in.L.NewFunction(func(L *glua.LState) int {
		if f.closed {
			throw(L, "file is already closed")
		}
		if f.r == nil {
			throw(L, "file is not open for reading")
		}
		line := in.readLine(L, f)
		if line == glua.LNil && closes {
			f.shut()
		}
		L.Push(line)
		return 1
	})
}
