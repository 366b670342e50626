package testrun

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Suffix ends the name of a file of tests.
const Suffix = "_test.lua"

// ErrNoTests says that there was nothing to run.
var ErrNoTests = errors.New("no tests")

// Find lists the files of tests: a path that is a file is one, whatever its
// name; in a folder all below it that end in Suffix are, but for folders whose
// name begins with a dot. Without paths it looks in the current folder. The
// list is sorted within each path and has no file twice. The error wraps
// ErrNoTests where a folder has none.
func Find(paths []string) ([]string, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		found := []string{filepath.Clean(path)}
		if info.IsDir() {
			if found, err = below(path); err != nil {
				return nil, err
			}
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%w: no file *%s in %s or below", ErrNoTests, Suffix, path)
		}
		for _, f := range found {
			if !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	return files, nil
}

// below lists the files of tests in a folder, sorted.
func below(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(d.Name(), Suffix):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}
