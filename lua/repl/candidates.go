package repl

import (
	"fmt"
	"strings"
)

// columnGap is what separates two columns, in cells.
const columnGap = 2

// candidateRows lays cands out on at most height rows of width cells. Few that
// have something to say get a row each; else they stand in columns, sorted
// downwards. What has no room is counted in the last row.
func candidateRows(cands []Candidate, width, height int) []string {
	height = max(height, 2)
	width = max(width-1, 1) // the last cell stays free: some terminals wrap there
	if len(cands) <= height && anyDoc(cands) {
		return describedRows(cands, width)
	}
	return columnRows(cands, width, height)
}

func anyDoc(cands []Candidate) bool {
	for _, c := range cands {
		if c.Doc != "" {
			return true
		}
	}
	return false
}

// describedRows are one row for each candidate: text, kind, doc.
func describedRows(cands []Candidate, width int) []string {
	textCells, kindCells := 0, 0
	for _, c := range cands {
		textCells = max(textCells, textWidth(harmless(c.Text)))
		kindCells = max(kindCells, textWidth(harmless(c.Kind)))
	}
	rows := make([]string, 0, len(cands))
	for _, c := range cands {
		row := pad(harmless(c.Text), textCells+columnGap)
		if kindCells > 0 {
			row += pad(harmless(c.Kind), kindCells+columnGap)
		}
		rows = append(rows, strings.TrimRight(fit(row+harmless(c.Doc), width), " "))
	}
	return rows
}

func columnRows(cands []Candidate, width, height int) []string {
	cells := 0
	for _, c := range cands {
		cells = max(cells, textWidth(harmless(c.Text)))
	}
	cells = min(cells, width)
	columns := max(1, (width+columnGap)/(cells+columnGap))
	shown := len(cands)
	if shown > columns*height {
		shown = columns * (height - 1)
	}
	n := (shown + columns - 1) / columns
	rows := make([]string, n, n+1)
	for i, c := range cands[:shown] {
		text := fit(harmless(c.Text), cells)
		if i+n < shown { // not in the last column
			text = pad(text, cells+columnGap)
		}
		rows[i%n] += text
	}
	if left := len(cands) - shown; left > 0 {
		rows = append(rows, fit(fmt.Sprintf("... and %d more", left), width))
	}
	return rows
}

// pad fills text up with blanks to cells.
func pad(text string, cells int) string {
	return text + strings.Repeat(" ", max(0, cells-textWidth(text)))
}
