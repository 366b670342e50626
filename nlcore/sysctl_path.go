package nlcore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"nlsh/nlcore/attr"
)

// sysctlDir shows below net the settings of the thread that opens a file.
const sysctlDir = "/proc/sys"

// sysctlPath is a key as a path below sysctlDir.
func sysctlPath(key string) (string, error) {
	path := key
	if i := strings.IndexAny(key, "./"); i >= 0 && key[i] == '.' {
		path = strings.Map(func(r rune) rune {
			switch r {
			case '.':
				return '/'
			case '/':
				return '.'
			}
			return r
		}, key)
	}
	parts := strings.Split(path, "/")
	for _, p := range parts {
		if p == "" || p == "." || p == ".." || strings.IndexByte(p, 0) >= 0 {
			return "", &attr.FieldError{Field: "key", Msg: fmt.Sprintf("wants a name like net.ipv4.ip_forward, got %q", key)}
		}
	}
	if parts[0] != "net" || len(parts) < 2 {
		return "", &attr.FieldError{Field: "key", Msg: fmt.Sprintf("wants a name that begins with net., got %q: others belong to no network namespace", key)}
	}
	return path, nil
}

// readSysctl reads a setting on a thread in its namespace.
func readSysctl(path string) (string, error) {
	b, err := os.ReadFile(filepath.Join(sysctlDir, path))
	return strings.TrimSuffix(string(b), "\n"), err
}

// sysctlError says what an errno of a setting means.
func sysctlError(err error) error {
	for _, c := range []struct {
		errno syscall.Errno
		text  string
	}{
		{syscall.ENOENT, "no such setting here"},
		{syscall.EISDIR, "is a folder of settings"},
		{syscall.EINVAL, "the kernel refuses the value"},
		{syscall.EROFS, "/proc/sys is read-only here"},
		{syscall.EACCES, "may not be accessed so"},
	} {
		if errors.Is(err, c.errno) {
			return fmt.Errorf("%s: %w", c.text, c.errno)
		}
	}
	return err
}
