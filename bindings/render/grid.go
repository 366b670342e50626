package render

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nlsh/nlcore/attr"
)

// GridOptions say how a table is drawn.
type GridOptions struct {
	Color bool // headings bold, states coloured
	// Width is the columns of the screen; what does not fit on the right is
	// left out. 0 is no bound.
	Width int
}

// restWidth is the width that a cell of the generic columns takes at most.
const restWidth = 40

// Grid is rows of fields as an aligned table with headings, the columns named
// first and in this order; without any, all fields in the order in which they
// first appear. A column that no row has is left out. Each line ends in a
// newline; no rows are "".
func Grid(rows [][]attr.Pair, columns []string, o GridOptions) string {
	if len(columns) == 0 {
		columns = allColumns(rows)
	}
	cells, heads, numeric := collect(rows, columns)
	if len(heads) == 0 {
		return ""
	}
	widths := make([]int, len(heads))
	for i, h := range heads {
		widths[i] = utf8.RuneCountInString(h)
		for _, row := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	n := fitting(widths, o.Width)
	var b strings.Builder
	line(&b, heads[:n], widths, numeric, func(_ int, s string) string { return paint(o.Color, bold, s) })
	for _, row := range cells {
		line(&b, row[:n], widths, numeric, func(i int, s string) string { return paint(o.Color, stateColor(heads[i], row[i]), s) })
	}
	return b.String()
}

func allColumns(rows [][]attr.Pair) []string {
	var l []string
	for _, r := range rows {
		for _, p := range r {
			if !slices.Contains(l, p.Key) {
				l = append(l, p.Key)
			}
		}
	}
	return l
}

// collect makes the cells of the columns that any row has.
func collect(rows [][]attr.Pair, columns []string) (cells [][]string, heads []string, numeric []bool) {
	cells = make([][]string, len(rows))
	for _, col := range columns {
		column, any, numbers := make([]string, len(rows)), false, true
		for i, r := range rows {
			j := slices.IndexFunc(r, func(p attr.Pair) bool { return p.Key == col })
			if j < 0 {
				continue
			}
			any = true
			column[i] = cell(r[j].Val)
			k := r[j].Val.Kind()
			numbers = numbers && (k == attr.KindInt || k == attr.KindUint || k == attr.KindEnum && r[j].Val.Word() == "")
		}
		if !any {
			continue
		}
		heads, numeric = append(heads, col), append(numeric, numbers)
		for i := range rows {
			cells[i] = append(cells[i], column[i])
		}
	}
	return cells, heads, numeric
}

// cell is a value on one line, cut where it is long.
func cell(v attr.Value) string {
	s := v.String()
	if v.Kind() == attr.KindBool {
		s = map[bool]string{true: "yes", false: "no"}[v.Bool()]
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?' // an alias may hold anything, a terminal must not
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > restWidth {
		s = string([]rune(s)[:restWidth-1]) + "…"
	}
	return s
}

// fitting is how many columns the screen takes, at least one.
func fitting(widths []int, screen int) int {
	if screen <= 0 {
		return len(widths)
	}
	sum := 0
	for i, w := range widths {
		if sum += w; sum > screen && i > 0 {
			return i
		}
		sum += 2
	}
	return len(widths)
}

// line writes one row: numbers to the right, no blanks at its end.
func line(b *strings.Builder, cells []string, widths []int, numeric []bool, style func(int, string) string) {
	pending := 0
	for i, s := range cells {
		gap := widths[i] - utf8.RuneCountInString(s)
		if numeric[i] {
			pending += gap
			gap = 0
		}
		if s != "" {
			b.WriteString(strings.Repeat(" ", pending))
			b.WriteString(style(i, s))
			pending = 0
		}
		pending += gap + 2
	}
	b.WriteByte('\n')
}
