package repl

import "sync"

// styles are the terminal's attributes for each kind of token; they are chosen
// from the eight basic colours, which every theme makes readable.
var styles = [...]string{
	tokenKeyword:  "\x1b[1;34m",
	tokenConstant: "\x1b[35m",
	tokenNumber:   "\x1b[36m",
	tokenString:   "\x1b[32m",
	tokenComment:  "\x1b[2m",
}

const (
	styleError   = "\x1b[31m"
	stylePrompt  = "\x1b[1m"
	styleDim     = "\x1b[2m"
	styleReverse = "\x1b[7m"
	styleEnd     = "\x1b[0m"
)

// painter draws the line buffer. What it adds takes no cell, so that the editing
// library, which counts the buffer's own, puts the cursor in the right place.
type painter struct {
	color bool

	mu    sync.Mutex
	start lexState
}

func newPainter(color bool) *painter { return &painter{color: color} }

// begin says which lines of the entry come before the one that will be painted.
func (p *painter) begin(before string) {
	_, state := lex([]rune(before), lexState{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start = state
}

// render is line as it is to be shown.
func (p *painter) render(line []rune) []rune {
	out := make([]rune, 0, len(line))
	if !p.color {
		for _, r := range line {
			out = append(out, drawn(r))
		}
		return out
	}
	p.mu.Lock()
	start := p.start
	p.mu.Unlock()
	tokens, _ := lex(line, start)
	for _, t := range tokens {
		out = paintToken(out, line[t.from:t.to], styles[t.kind])
	}
	return out
}

// paintToken appends text in style; the stand-ins of newlines are dim, so that
// they differ from such a rune in the text.
func paintToken(out, text []rune, style string) []rune {
	out = append(out, []rune(style)...)
	for _, r := range text {
		if r == newlineMark {
			out = append(out, []rune(styleEnd+styleDim+string(r)+styleEnd+style)...)
			continue
		}
		out = append(out, drawn(r))
	}
	if style != "" {
		out = append(out, []rune(styleEnd)...)
	}
	return out
}

// style wraps text in a style where colours are allowed.
func (p *painter) style(style, text string) string {
	if !p.color {
		return text
	}
	return style + text + styleEnd
}

func (p *painter) reverse(text string) string { return p.style(styleReverse, text) }
