package lua

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"time"
	"unicode"

	glua "github.com/yuin/gopher-lua"
)

// osLibrary is os without what starts or ends processes.
func osLibrary() library {
	return library{
		"clock": osClock, "date": osDate, "difftime": osDifftime, "getenv": osGetenv, "remove": osRemove,
		"rename": osRename, "setlocale": osSetlocale, "time": osTime, "tmpname": osTmpname,
	}
}

// osClock returns the processor time that the process has used, in seconds.
func osClock(L *glua.LState) int {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return pushNumber(L, -1)
	}
	return pushNumber(L, time.Duration(usage.Utime.Nano()+usage.Stime.Nano()).Seconds())
}

// osDifftime returns the whole seconds between two times.
func osDifftime(L *glua.LState) int {
	first := needInt(L, 1)
	return pushNumber(L, float64(first)-float64(optInt(L, 2, 0)))
}

// osGetenv returns the variable's text, "" if it is set and empty, nil if it is not set.
func osGetenv(L *glua.LState) int {
	value, ok := os.LookupEnv(needString(L, 1))
	if !ok {
		L.Push(glua.LNil)
		return 1
	}
	return pushText(L, value)
}

func osRemove(L *glua.LState) int {
	path := needString(L, 1)
	return fileResult(L, path, os.Remove(path))
}

func osRename(L *glua.LState) int {
	from, to := needString(L, 1), needString(L, 2)
	return fileResult(L, from, os.Rename(from, to))
}

// osTmpname makes an empty file and returns its name; the script removes it.
func osTmpname(L *glua.LState) int {
	file, err := os.CreateTemp("", "lua_")
	if err != nil {
		throw(L, "unable to generate a unique filename")
	}
	name := file.Name()
	if err := file.Close(); err != nil {
		throw(L, "unable to generate a unique filename")
	}
	return pushText(L, name)
}

// osSetlocale knows the C locale only.
func osSetlocale(L *glua.LState) int {
	locale := optString(L, 1, "C")
	needOption(L, 2, "all", "all", "collate", "ctype", "monetary", "numeric", "time")
	switch locale {
	case "", "C", "POSIX":
		return pushText(L, "C")
	}
	L.Push(glua.LNil)
	return 1
}

// fileResult pushes true, or nil, "path: message" and the error number.
func fileResult(L *glua.LState, path string, err error) int {
	if err == nil {
		L.Push(glua.LTrue)
		return 1
	}
	text, errno := systemMessage(err)
	if path != "" {
		text = path + ": " + text
	}
	L.Push(glua.LNil)
	L.Push(glua.LString(text))
	L.Push(glua.LNumber(errno))
	return 3
}

// systemMessage returns an error as C's strerror words it, with its number, 0 if it has none.
func systemMessage(err error) (string, int) {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err.Error(), 0
	}
	text := errno.Error()
	first, rest := text[:1], text[1:]
	return strings.Map(unicode.ToUpper, first) + rest, int(errno)
}
