package repl

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type noRecall struct{}

func (noRecall) SaveHistory(string) error { return nil }

func TestEscapeEntry(t *testing.T) {
	tests := []struct{ name, entry, line string }{
		{"plain", "a = 1", "a = 1"},
		{"newline", "a\nb", `a\nb`},
		{"backslash n", `a\nb`, `a\\nb`},
		{"backslash before newline", "a\\\nb", `a\\\nb`},
		{"return", "a\rb", `a\rb`},
		{"tab stays", "a\tb", "a\tb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := escapeEntry(tt.entry); got != tt.line {
				t.Errorf("escapeEntry: got %q, want %q", got, tt.line)
			}
			if got := unescapeEntry(tt.line); got != tt.entry {
				t.Errorf("unescapeEntry: got %q, want %q", got, tt.entry)
			}
		})
	}
}

func TestHistoryFileLoad(t *testing.T) {
	tests := []struct {
		name  string
		file  string
		limit int
		want  []string
		after string
	}{
		{"empty", "", 3, nil, ""},
		{"equal ones count where used last", "a\nb\na\n", 3, []string{"b", "a"}, "a\nb\na\n"},
		{"the youngest within the limit", "a\nb\nc\n", 2, []string{"b", "c"}, "a\nb\nc\n"},
		{"far beyond the limit it is cut", "a\nb\nc\nd\\n\ne\n", 2, []string{"d\n", "e"}, "d\\n\ne\n"},
		{"no end of the last line", "a\nb", 3, []string{"a", "b"}, "a\nb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "h")
			writeFile(t, path, tt.file, 0o644)
			h, err := openHistory(path, tt.limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, h.entries); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if got := readFile(t, path); got != tt.after {
				t.Errorf("file: got %q, want %q", got, tt.after)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("mode: got %v, want 0600", info.Mode())
			}
			left, err := os.ReadDir(filepath.Dir(path))
			if err != nil || len(left) != 1 {
				t.Errorf("folder: got %v, %v, want the file alone", left, err)
			}
		})
	}
}

func TestHistoryRemember(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	writeFile(t, path, "cut sho", 0o600)
	h, err := openHistory(path, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range []string{"a", "a ", " secret", "\tsecret", "", "b\nc", strings.Repeat("x", maxEntry+1), "d"} {
		if err := h.remember(entry, noRecall{}); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := readFile(t, path), "cut sho\na\nb\\nc\nd\n"; got != want {
		t.Errorf("file: got %q, want %q", got, want)
	}
}

func TestHistoryFileErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	h, err := openHistory(path, 10)
	if err == nil || !strings.HasPrefix(err.Error(), "history "+path+": ") {
		t.Errorf("error: got %v, want one that names the history and the path", err)
	}
	if err := h.remember("a", noRecall{}); err != nil {
		t.Errorf("remember without a file: %v", err)
	}
	if h, err = openHistory(os.DevNull, 10); err != nil || len(h.entries) != 0 {
		t.Errorf("/dev/null: got %v, %v", h.entries, err)
	}
	if err := h.remember("a", noRecall{}); err != nil {
		t.Errorf("remember into /dev/null: %v", err)
	}
}

const writtenEntries = 300

// historyWriterRole appends entries named after args[1] to the file args[0],
// loading it with a small limit now and then, which rewrites it.
func historyWriterRole(args []string) error {
	h := &historyFile{path: args[0], limit: 2 * writtenEntries}
	for i := range writtenEntries {
		if err := h.append(fmt.Sprintf("%s %d\nsecond", args[1], i)); err != nil {
			return err
		}
		if i%20 == 0 {
			f, err := h.open()
			if err != nil {
				return err
			}
			all, err := os.ReadFile(args[0])
			if err == nil {
				err = h.rewrite(youngest(linesOf(all), h.limit))
			}
			if err = errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestHistoryConcurrency lets two processes append to and rewrite one file: none
// may lose or tear an entry of the other.
func TestHistoryConcurrency(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	var writers []*exec.Cmd
	for _, name := range []string{"one", "two"} {
		w := exec.Command(os.Args[0], "role", "history-writer", path, name)
		w.Stderr = os.Stderr
		if err := w.Start(); err != nil {
			t.Fatal(err)
		}
		writers = append(writers, w)
	}
	for _, w := range writers {
		if err := w.Wait(); err != nil {
			t.Errorf("writer: %v", err)
		}
	}
	got := make(map[string][]string)
	for _, line := range strings.Split(strings.TrimSuffix(readFile(t, path), "\n"), "\n") {
		name, _, _ := strings.Cut(line, " ")
		got[name] = append(got[name], line)
	}
	want := make(map[string][]string)
	for _, name := range []string{"one", "two"} {
		for i := range writtenEntries {
			want[name] = append(want[name], fmt.Sprintf(`%s %d\nsecond`, name, i))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries of each writer (-want +got):\n%s", diff)
	}
}

func linesOf(data []byte) (lines [][]byte) {
	for _, s := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		lines = append(lines, []byte(s))
	}
	return lines
}

func writeFile(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
