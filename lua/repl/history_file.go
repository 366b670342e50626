package repl

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// historyFile is a file of entries that several processes share, one a line,
// with newlines and backslashes escaped. It is held only while it is used, under
// a lock on the file itself.
type historyFile struct {
	path  string
	limit int
}

// load returns the youngest entries, oldest first, each once (where it was used
// last). A file that has grown far beyond the limit is cut to it.
func (h *historyFile) load() (entries []string, err error) {
	defer h.wrap(&err)
	f, err := h.open()
	if err != nil {
		return nil, err
	}
	defer closeInto(f, &err)
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, err // /dev/null and the like have nothing to recall
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(bytes.Trim(data, "\n"), []byte("\n"))
	entries = youngest(lines, h.limit)
	if len(lines) > 2*h.limit {
		return entries, h.rewrite(entries)
	}
	return entries, nil
}

// youngest decodes lines, keeping the last of equal ones and at most limit.
func youngest(lines [][]byte, limit int) []string {
	seen := make(map[string]bool)
	var entries []string
	for i := len(lines) - 1; i >= 0 && len(entries) < limit; i-- {
		entry := unescapeEntry(string(lines[i]))
		if entry == "" || seen[entry] {
			continue
		}
		seen[entry] = true
		entries = append(entries, entry)
	}
	for i, j := 0, len(entries)-1; i < j; i, j = i+1, j-1 {
		entries[i], entries[j] = entries[j], entries[i]
	}
	return entries
}

// append adds entry at the end of the file.
func (h *historyFile) append(entry string) (err error) {
	defer h.wrap(&err)
	f, err := h.open()
	if err != nil {
		return err
	}
	defer closeInto(f, &err)
	line := escapeEntry(entry) + "\n"
	if unfinished(f) {
		line = "\n" + line
	}
	_, err = io.WriteString(f, line)
	return err
}

// unfinished reports whether the last line of f has no end, because a writer
// died or the disk was full.
func unfinished(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}

// rewrite puts entries in the file's place. The caller holds the lock of the old
// one; who waits for that finds out that it was replaced.
func (h *historyFile) rewrite(entries []string) error {
	path, err := filepath.EvalSymlinks(h.path)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(escapeEntry(e) + "\n")
	}
	_, err = io.WriteString(tmp, b.String())
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

// open opens and locks the file, and makes it and its folder where they are
// missing. Only its owner may read it: entries contain keys.
func (h *historyFile) open() (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return nil, err
	}
	for {
		f, err := os.OpenFile(h.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		current, err := h.lock(f)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if current {
			return f, nil
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

// lock waits for the lock of f and reports whether f is still the file at the
// path, since another process may have rewritten it in the meantime.
func (h *historyFile) lock(f *os.File) (bool, error) {
	for {
		err := onDescriptor(f, func(fd int) error { return syscall.Flock(fd, syscall.LOCK_EX) })
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EINTR) {
			return false, err
		}
	}
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	now, err := os.Stat(h.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, now) {
		return false, nil
	}
	if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	return true, err
}

func (h *historyFile) wrap(err *error) {
	if *err != nil {
		*err = fmt.Errorf("history %s: %w", h.path, *err)
	}
}

func closeInto(f *os.File, err *error) { *err = errors.Join(*err, f.Close()) }

// escapeEntry writes entry as one line.
func escapeEntry(entry string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(entry)
}

// unescapeEntry undoes escapeEntry. A backslash before anything else stands for
// itself.
func unescapeEntry(line string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(line)
}
