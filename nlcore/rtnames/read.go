package rtnames

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A LineError is a line that could not be used; the rest of its file was.
type LineError struct {
	File   string
	Line   int // from 1
	Text   string
	Reason string
}

func (e *LineError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %q", e.File, e.Line, e.Reason, e.Text)
}

// Read returns the built-in words with those of the files in dirs on top, the
// most important folder first: usually /etc/iproute2, /usr/share/iproute2. Of
// each file (rt_tables, rt_protos, ...) the first folder that has one counts;
// then come the files *.conf in the folder of that name with .d added, sorted,
// of all folders, where the first folder again hides a file of the same name
// in later ones.
//
// A line is a number (decimal or 0x hexadecimal), blanks and a word; # begins a
// comment. What is missing is no error. The error joins a *LineError for each
// line that could not be used and an error for each file that could not be
// read; the Names are complete but for those, and never nil.
func Read(dirs ...string) (*Names, error) {
	var errs []error
	n := Lazy(func(err error) { errs = append(errs, err) }, dirs...)
	for _, t := range n.all() {
		t.filled()
	}
	return n, errors.Join(errs...)
}

// Lazy is Read that reads the files of a table when its first word is asked
// for; most programs ask for few. warn is then told what Read would return as
// its error for that table, by the goroutine that asked.
func Lazy(warn func(error), dirs ...string) *Names {
	return newNames(func(s source) func(*Table) {
		return func(t *Table) {
			s.base(t)
			paths, err := files(s.file, dirs)
			errs := []error{err}
			for _, p := range paths {
				errs = append(errs, t.read(p))
			}
			if err := errors.Join(errs...); err != nil {
				warn(err)
			}
		}
	})
}

// files lists what is to be read for one table, in reading order.
func files(name string, dirs []string) ([]string, error) {
	var paths []string
	var errs []error
	for _, d := range dirs {
		p := filepath.Join(d, name)
		_, err := os.Stat(p)
		if err == nil {
			paths = append(paths, p)
			break
		}
		errs = append(errs, unlessMissing(err))
	}
	extra := map[string]string{} // base name to path
	for _, d := range dirs {
		sub := filepath.Join(d, name+".d")
		entries, err := os.ReadDir(sub)
		errs = append(errs, unlessMissing(err))
		for _, e := range entries {
			if _, hidden := extra[e.Name()]; !hidden && strings.HasSuffix(e.Name(), ".conf") {
				extra[e.Name()] = filepath.Join(sub, e.Name())
			}
		}
	}
	bases := make([]string, 0, len(extra))
	for base := range extra {
		bases = append(bases, base)
	}
	slices.Sort(bases)
	for _, base := range bases {
		paths = append(paths, extra[base])
	}
	return paths, errors.Join(errs...)
}

func unlessMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// read adds one file's words.
func (t *Table) read(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var errs []error
	num := 0
	for line := range strings.Lines(string(text)) {
		num++
		content, _, _ := strings.Cut(line, "#")
		if strings.TrimSpace(content) == "" {
			continue
		}
		n, word, reason := t.parseLine(content)
		if reason != "" {
			errs = append(errs, &LineError{File: path, Line: num, Text: strings.TrimSpace(line), Reason: reason})
			continue
		}
		t.set(n, word)
	}
	return errors.Join(errs...)
}

// parseLine reads a line without its comment; reason says what is wrong.
func (t *Table) parseLine(line string) (n uint32, word, reason string) {
	f := strings.Fields(line)
	if len(f) != 2 {
		return 0, "", "want a number and a word"
	}
	// Base 0 would read 010 as eight; in these files it is ten.
	digits, base := f[0], 10
	if hex, ok := strings.CutPrefix(strings.ToLower(f[0]), "0x"); ok {
		digits, base = hex, 16
	}
	v, err := strconv.ParseUint(digits, base, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, "", "want a number first"
	}
	if err != nil || v > uint64(t.max) {
		return 0, "", fmt.Sprintf("number is not in 0..%d", t.max)
	}
	if _, err := strconv.ParseUint(f[1], 0, 64); err == nil {
		return 0, "", "the word is a number"
	}
	return uint32(v), f[1], ""
}
