package repl

import (
	"strings"
)

// maxEntry bounds an entry that is kept in the history file, in bytes.
const maxEntry = 1 << 16

// recaller is what keeps entries for recall with the arrow keys.
type recaller interface {
	SaveHistory(line string) error
}

// history is what was entered, oldest first.
type history struct {
	file    *historyFile // nil: not kept
	entries []string
}

// openHistory reads the history of path; an empty path means none is kept. The
// history is usable when an error is returned, but not kept.
func openHistory(path string, limit int) (*history, error) {
	if path == "" {
		return &history{}, nil
	}
	file := &historyFile{path: path, limit: limit}
	entries, err := file.load()
	if err != nil {
		return &history{}, err
	}
	return &history{file: file, entries: entries}, nil
}

// remember appends entry, unless it begins with a blank, is empty, or is the
// same as the one before. An error is about the file only.
func (h *history) remember(entry string, r recaller) error {
	entry = strings.TrimRight(entry, " \t\n")
	if entry == "" || strings.ContainsAny(entry[:1], " \t\n") {
		return nil
	}
	if n := len(h.entries); n > 0 && h.entries[n-1] == entry {
		return nil
	}
	h.entries = append(h.entries, entry)
	if err := r.SaveHistory(string(toBuffer(entry))); err != nil {
		return err
	}
	if h.file == nil || len(entry) > maxEntry {
		return nil
	}
	return h.file.append(entry)
}

// leaveRecall makes r forget which entry was being recalled. Saving nothing is
// the library's way to say it; without any entry it would make an empty one.
func (h *history) leaveRecall(r recaller) {
	if len(h.entries) > 0 {
		_ = r.SaveHistory("") // writes no file, cannot fail
	}
}
