package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/chzyer/readline"
)

const (
	pasteModeOn  = "\x1b[?2004h"
	pasteModeOff = "\x1b[?2004l"
	clearScreen  = "\x1b[H\x1b[2J"
)

// recallLimit is how many entries the editing library keeps for recall; ours in
// history.go is the limit that counts.
const recallLimit = 1 << 20

// terminalEditor edits lines on a terminal with the readline library. That reads
// keys in a goroutine of its own, which calls filterKey, afterKey, Do and the
// painter; all of them only while readLine waits.
type terminalEditor struct {
	out     io.Writer
	term    terminal
	source  io.Closer
	keys    *keyReader
	rl      *readline.Instance
	screen  *screen
	paint   *painter
	history *history
	tab     completer

	// prompt is styled; before is what readLine got.
	prompt, before string
	// edit is what a TAB made of the line; afterKey puts it in place, since the
	// library itself can only insert.
	edit *edit
	// width is the one the library knows, resized tells it of another.
	width   int
	resized func()
	dirty   bool
}

func newTerminalEditor(o Options, complete completer, h *history) (*terminalEditor, error) {
	term, source, err := openTerminal(o)
	if err != nil {
		return nil, err
	}
	e := &terminalEditor{
		out: o.Stdout, term: term, source: source, keys: newKeyReader(source),
		screen: &screen{out: o.Stdout}, paint: newPainter(o.Color), history: h, tab: complete,
		resized: func() {},
	}
	e.width, _ = term.size()
	e.rl, err = readline.NewEx(&readline.Config{
		Stdin: e.keys, Stdout: e.screen, Stderr: o.Stderr,
		HistoryLimit: recallLimit, DisableAutoSaveHistory: true, HistorySearchFold: true,
		AutoComplete: e, Painter: e, FuncFilterInputRune: e.filterKey,
		Listener:        readline.FuncListener(e.afterKey),
		InterruptPrompt: "^C", EOFPrompt: "\n",
		FuncGetWidth:       func() int { return e.width },
		FuncOnWidthChanged: func(f func()) { e.resized = f },
		FuncIsTerminal:     func() bool { return true },
		FuncMakeRaw:        term.makeRaw, FuncExitRaw: term.restore,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("repl: start the editor: %w", err), e.keys.Close(), source.Close())
	}
	for _, entry := range h.entries {
		if err := e.rl.SaveHistory(string(toBuffer(entry))); err != nil {
			return nil, errors.Join(err, e.close())
		}
	}
	return e, nil
}

func (e *terminalEditor) readLine(ctx context.Context, prompt, before string) (string, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	e.adoptWidth()
	e.begin(prompt, before)
	e.freshLine()
	_, _ = io.WriteString(e.out, pasteModeOn)
	stop := context.AfterFunc(ctx, func() { _ = e.keys.Close() })
	defer stop()
	line, err := e.rl.Readline()
	_, _ = io.WriteString(e.out, pasteModeOff)
	e.history.leaveRecall(e.rl)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, readline.ErrInterrupt):
		return "", errInterrupted // err comes with the line; it is not to be run
	case err != nil:
		return "", err
	case e.keys.atEnd():
		// The library takes the end of its input for Enter. The user did not
		// press it: the terminal hung up in the middle of a line.
		return "", io.EOF
	}
	return fromBuffer([]rune(line)), nil
}

// begin prepares for one line. Half a row is the most a prompt gets.
func (e *terminalEditor) begin(prompt, before string) {
	prompt = fit(prompt, max(e.width/2, 2))
	e.screen.begin(textWidth(prompt), e.width)
	e.prompt = e.paint.style(stylePrompt, prompt)
	if before != "" {
		e.prompt = e.paint.style(styleDim, prompt)
	}
	e.rl.SetPrompt(e.prompt)
	e.before, e.edit = before, nil
	e.paint.begin(before)
}

// Paint implements readline.Painter. The library writes what it returns next.
func (e *terminalEditor) Paint(line []rune, pos int) []rune {
	e.screen.announce(line, pos)
	return e.paint.render(line)
}

// filterKey handles the keys that the library does not know or gets wrong. To
// swallow one it returns CharBell, which does nothing: the library's own way
// leaves a token behind that makes it read on after the next Enter and so take
// the input of the program that runs then.
func (e *terminalEditor) filterKey(r rune) (rune, bool) {
	e.adoptWidth()
	switch r {
	case readline.CharCtrlZ:
		e.suspend()
		return readline.CharBell, true
	case readline.CharCtrlL:
		_, _ = io.WriteString(e.out, clearScreen)
		e.rl.Refresh()
		return readline.CharBell, true
	case newlineKey:
		return newlineMark, true
	case newlineMark:
		return literalMark, true
	case pasteMark:
		if e.rl.Operation.IsSearchMode() {
			e.keys.takePaste()
			return readline.CharBell, true
		}
	case literalMark:
		return readline.CharBell, true
	}
	if r >= 0x80 && unicode.IsControl(r) {
		return readline.CharBell, true
	}
	return r, true
}

// adoptWidth tells the library of a new screen width. Doing it between two keys,
// not when the signal comes, keeps it out of the library's way, which takes no
// lock for it.
func (e *terminalEditor) adoptWidth() {
	if w, _ := e.term.size(); w != e.width {
		e.width = w
		e.screen.resize(w)
		e.resized()
	}
}

func (e *terminalEditor) suspend() {
	_, _ = io.WriteString(e.out, pasteModeOff+"\n")
	if err := suspend(e.term); err != nil {
		_, _ = fmt.Fprintf(e.out, "suspend: %v\n", err)
	}
	_, _ = io.WriteString(e.out, pasteModeOn)
	e.rl.Refresh()
}

// afterKey is called after each key, and may replace the line.
func (e *terminalEditor) afterKey(line []rune, pos int, key rune) ([]rune, int, bool) {
	switch key {
	case pasteMark:
		text := toBuffer(e.keys.takePaste())
		if pos == 0 || line[pos-1] != pasteMark {
			return nil, 0, false
		}
		return splice(line, pos-1, pos, text), pos - 1 + len(text), true
	case readline.CharTab:
		if done := e.edit; done != nil {
			e.edit = nil
			return done.line, done.pos, true
		}
	}
	return nil, 0, false
}

// Do implements readline.AutoCompleter. It leaves the change of the line to
// afterKey and always offers the library nothing.
func (e *terminalEditor) Do(line []rune, pos int) ([][]rune, int) {
	done := e.tab(e.before, line, pos)
	e.edit = &done
	if len(done.list) > 0 {
		e.list(line, done.list)
	}
	return nil, 0
}

// list prints what could complete line, below it.
func (e *terminalEditor) list(line []rune, cands []Candidate) {
	width, height := e.term.size()
	var b strings.Builder
	b.WriteString(e.prompt)
	b.WriteString(string(e.paint.render(line)))
	b.WriteString("\n")
	for _, row := range candidateRows(cands, width, height-2) {
		b.WriteString(row)
		b.WriteString("\n")
	}
	_, _ = io.WriteString(e.rl.Stdout(), b.String())
}

func (e *terminalEditor) remember(entry string) error {
	return e.history.remember(entry, e.rl)
}

func (e *terminalEditor) ran() { e.dirty = true }

// freshLine makes sure that the prompt starts on a line of its own, below output
// that did not end its line. It cannot know, since programs write to the
// terminal too, so it writes a mark and blanks up to the screen's width: after
// a finished line they stay on one row, which the prompt then takes; else they
// push the cursor to the next.
func (e *terminalEditor) freshLine() {
	if !e.dirty {
		return
	}
	e.dirty = false
	_, _ = io.WriteString(e.out, e.paint.reverse("%")+strings.Repeat(" ", e.width-1)+"\r")
}

// close lets go of the terminal. The library's own Close would leave a goroutine
// behind, and hangs while its input blocks.
func (e *terminalEditor) close() error {
	err := errors.Join(e.keys.Close(), e.source.Close())
	return errors.Join(err, e.rl.Config.Stdin.Close(), e.rl.Terminal.Close())
}

// splice is line with what stands between from and to replaced.
func splice(line []rune, from, to int, with []rune) []rune {
	out := make([]rune, 0, len(line)+len(with))
	out = append(out, line[:from]...)
	out = append(out, with...)
	return append(out, line[to:]...)
}
