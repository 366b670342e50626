package repl

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// screen is where the editing library draws. It puts the cursor in its place
// where the library would walk there with backspaces: those count runes instead
// of cells, and from the first column some terminals (tmux) walk on to the row
// above, so that a line of several rows ends up one too high.
type screen struct {
	out io.Writer

	mu     sync.Mutex
	width  int
	prompt int // the prompt's cells
	// drawing is the line whose drawing is the next Write, nil if that is
	// something else.
	drawing []rune
	pos     int
}

// begin says that lines will be drawn after a prompt of so many cells, on rows
// of width cells.
func (s *screen) begin(prompt, width int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prompt, s.width = prompt, width
}

// resize says that rows have width cells from now on.
func (s *screen) resize(width int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.width = width
}

// announce says that the next Write draws line, with the cursor before line[pos].
func (s *screen) announce(line []rune, pos int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawing, s.pos = line, pos
}

// Write implements io.Writer.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := s.drawing
	s.drawing = nil
	if s.pos >= len(line) {
		return s.out.Write(b)
	}
	drawn := append(bytes.Clone(s.withoutWalk(b, len(line)-s.pos)), s.move(line)...)
	if _, err := s.out.Write(drawn); err != nil {
		return 0, err
	}
	return len(b), nil
}

// withoutWalk is b without the library's walk of n runes to the left at its end.
func (s *screen) withoutWalk(b []byte, n int) []byte {
	upwards := fmt.Appendf(nil, "\x1b[A\r\x1b[%dC", s.width)
	for n > 0 {
		if rest, ok := bytes.CutSuffix(b, upwards); ok {
			b = rest
		} else if rest, ok := bytes.CutSuffix(b, []byte("\b")); ok {
			b = rest
			n--
		} else {
			break
		}
	}
	return b
}

// move goes from the end of line to the cursor's place.
func (s *screen) move(line []rune) []byte {
	end, _ := s.place(line)
	row, col := s.place(line[:s.pos])
	out := []byte("\r")
	if end > row {
		out = fmt.Appendf(out, "\x1b[%dA", end-row)
	}
	if col > 0 {
		out = fmt.Appendf(out, "\x1b[%dC", col)
	}
	return out
}

// place is where the cursor stands after the prompt and text: the row counted
// from the prompt's, and the cells to its left. A full row is left at once, as
// the library sees to.
func (s *screen) place(text []rune) (row, col int) {
	col = s.prompt
	for _, r := range text {
		if col += runeWidth(r); col >= s.width {
			row, col = row+1, 0
		}
	}
	return row, col
}
