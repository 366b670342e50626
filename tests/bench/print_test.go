package bench

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// String is the table in Markdown, aligned.
func (t *table) String() string {
	lines := [][]string{append([]string{t.title}, t.head()...)}
	for _, r := range t.rows {
		line := []string{r.name}
		for _, c := range t.cols {
			line = append(line, t.cell(r, c))
		}
		if t.counts() {
			line = append(line, r.allocations(t.cols))
		}
		if t.peaks() {
			line = append(line, bytes(r.peak))
		}
		lines = append(lines, line)
	}
	return align(lines)
}

func (t *table) head() []string {
	l := append([]string(nil), t.cols...)
	if t.counts() {
		l = append(l, "allocations each")
	}
	if t.peaks() {
		l = append(l, "memory")
	}
	return l
}

func (t *table) counts() bool {
	for _, r := range t.rows {
		if r.go_ {
			return true
		}
	}
	return false
}

func (t *table) peaks() bool {
	for _, r := range t.rows {
		if r.peak > 0 {
			return true
		}
	}
	return false
}

// cell is "1.04 (0.44 s)", with the limit where there is one.
func (t *table) cell(r *row, col string) string {
	times := r.times[col]
	if len(times) == 0 {
		return ""
	}
	ratio := t.ratio(r, col)
	s := fmt.Sprintf("%.2f (%s)", ratio, short(median(times)))
	limit, ok := r.limits[col]
	switch {
	case ok && ratio > limit:
		s += fmt.Sprintf(", over %.2f", limit)
	case ok:
		s += fmt.Sprintf(", within %.2f", limit)
	}
	return s
}

func (r *row) allocations(cols []string) string {
	if !r.go_ {
		return ""
	}
	var l []string
	for _, c := range cols {
		if n, ok := r.allocs[c]; ok {
			l = append(l, fmt.Sprintf("%.3g", n))
		}
	}
	return strings.Join(l, " / ")
}

func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}

func bytes(n uint64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func align(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, s := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	for n, line := range lines {
		for i, s := range line {
			b.WriteString("| " + s + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(s)) + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, w := range widths {
				b.WriteString("|" + strings.Repeat("-", w+2))
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}
