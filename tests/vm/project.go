package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A project is the module's folder.
type project struct {
	dir string
}

func findProject() (*project, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "nlsh").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m nlsh: %w", err)
	}
	return &project{dir: strings.TrimSpace(string(out))}, nil
}

// cached is the path of something in the ignored folder.
func (p *project) cached(path string) string { return filepath.Join(p.dir, ".cache", path) }

// needs demands files in the ignored folder.
func (p *project) needs(script string, paths ...string) error {
	for _, path := range paths {
		if _, err := os.Stat(p.cached(path)); err != nil {
			return fmt.Errorf("%w: run %s", err, script)
		}
	}
	return nil
}

// workFolder makes the folder of one run, run.PID. It lies beside what was
// fetched, so that files can be linked instead of copied. Those of runs that
// were killed are removed.
func (p *project) workFolder() (string, error) {
	if err := os.MkdirAll(p.cached("vm"), 0o755); err != nil {
		return "", err
	}
	old, err := filepath.Glob(p.cached("vm/run.*"))
	if err != nil {
		return "", err
	}
	for _, dir := range old {
		pid := strings.TrimPrefix(filepath.Ext(dir), ".")
		if _, err := os.Stat("/proc/" + pid); err == nil {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
	}
	dir := p.cached(fmt.Sprintf("vm/run.%d", os.Getpid()))
	return dir, os.Mkdir(dir, 0o755)
}

// copyTo copies the project's files, those that git would track, to a folder.
func (p *project) copyTo(to string) error {
	out, err := p.output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join(p.dir, path))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted, and git does not know it yet
		}
		if err != nil {
			return err
		}
		target := filepath.Join(to, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, b, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// output runs a command in the project's folder and returns what it printed.
func (p *project) output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}
