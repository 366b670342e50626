package repl

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tmux is a prompt on a terminal whose screen can be read: the outside witness
// of what a user sees.
type tmux struct {
	t     *testing.T
	in    io.WriteCloser
	lines chan string
}

// startTmux runs the prompt in a tmux of its own, driven through its control
// mode, which says when something was drawn.
func startTmux(t *testing.T, width, height int) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("NLSH_REQUIRE") == "1" {
			t.Fatal("tmux is required: apt-get install tmux")
		}
		t.Skip("no tmux: apt-get install tmux")
	}
	dir := t.TempDir()
	cmd := exec.Command("tmux", "-u", "-S", filepath.Join(dir, "socket"), "-f", "/dev/null", "-C",
		"new-session", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height),
		fmt.Sprintf("exec '%s' role prompt '%s'", os.Args[0], filepath.Join(dir, "history")))
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "TMUX") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	m := &tmux{t: t, in: in, lines: make(chan string)}
	stop := make(chan struct{})
	go func() {
		defer close(m.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			select {
			case m.lines <- s.Text():
			case <-stop:
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		_, _ = io.WriteString(in, "kill-server\n") // an error means it has ended
		if err := cmd.Wait(); err != nil {
			t.Errorf("tmux: %v", err)
		}
	})
	m.command(fmt.Sprintf("refresh-client -C %d,%d", width, height))
	return m
}

// next is the next line that tmux says.
func (m *tmux) next(limit <-chan time.Time, waitingFor string) string {
	m.t.Helper()
	select {
	case line, ok := <-m.lines:
		if !ok {
			m.t.Fatalf("tmux ended; waiting for %s", waitingFor)
		}
		return line
	case <-limit:
		m.t.Fatalf("not within %v: %s", deadline, waitingFor)
	}
	return ""
}

// command returns what a tmux command prints.
func (m *tmux) command(command string) []string {
	m.t.Helper()
	// The answer to the start of the session may still come; a mark tells ours.
	if _, err := fmt.Fprintf(m.in, "%s\ndisplay-message -p done\n", command); err != nil {
		m.t.Fatal(err)
	}
	var out []string
	limit := time.After(deadline)
	for {
		switch line := m.next(limit, command); {
		case line == "done":
			return out
		case !strings.HasPrefix(line, "%"):
			out = append(out, line)
		}
	}
}

// send presses keys: names as tmux knows them, or text in quotes.
func (m *tmux) send(keys ...string) {
	m.t.Helper()
	for _, k := range keys {
		if text, ok := strings.CutPrefix(k, "'"); ok {
			m.command("send-keys -l '" + text)
			continue
		}
		m.command("send-keys " + k)
		if k == "Enter" {
			m.prompted()
		}
	}
}

// prompted waits for an empty prompt: what is typed while an entry runs is
// echoed by the terminal.
func (m *tmux) prompted() {
	m.t.Helper()
	limit := time.After(deadline)
	for {
		got := m.screen()
		if n := len(got); n > 0 && (got[n-1] == "nlsh> |" || got[n-1] == " ...> |") {
			return
		}
		m.changed(limit, cmp.Diff([]string{"an empty prompt"}, got))
	}
}

// expect waits until the screen, with "|" where the cursor is, is want.
func (m *tmux) expect(want ...string) {
	m.t.Helper()
	limit := time.After(deadline)
	for {
		got := m.screen()
		if cmp.Equal(want, got) {
			return
		}
		m.changed(limit, cmp.Diff(want, got))
	}
}

// changed waits until something is drawn.
func (m *tmux) changed(limit <-chan time.Time, diff string) {
	m.t.Helper()
	for {
		if strings.HasPrefix(m.next(limit, "the screen (-want +got):\n"+diff), "%output") {
			return
		}
	}
}

func (m *tmux) screen() []string {
	m.t.Helper()
	lines := m.command(`capture-pane -p ; display-message -p "at #{cursor_x} #{cursor_y}"`)
	var x, y int
	if _, err := fmt.Sscanf(lines[len(lines)-1], "at %d %d", &x, &y); err != nil {
		m.t.Fatalf("cursor: %v in %q", err, lines)
	}
	lines = lines[:len(lines)-1]
	row := pad(lines[y], x)
	for i := range row {
		if textWidth(row[:i]) == x {
			lines[y] = row[:i] + "|" + row[i:]
			break
		}
	}
	if textWidth(row) == x {
		lines[y] = row + "|"
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func TestScreen(t *testing.T) {
	tests := []struct {
		name string
		keys []string
		want []string
	}{
		{"home on the second row", []string{"'above'", "Enter", "'aaaaaaaaaabbbbbbbbbbcccccccccc'", "Home"},
			[]string{"nlsh> above", `ran "above"`, "nlsh> |aaaaaaaaaabbbb", "bbbbbbcccccccccc"}},
		{"inserting on the first of three rows", []string{"'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd'", "Home", "C-Right", "C-Left", "Right", "'X'"},
			[]string{"nlsh> aX|aaaaaaaaabbb", "bbbbbbbccccccccccddd", "ddddddd"}},
		{"the end of a full row", []string{"'aaaaaaaaaabbbb'"}, []string{"nlsh> aaaaaaaaaabbbb", "|"}},
		{"left from a full row", []string{"'aaaaaaaaaabbbb'", "Left"}, []string{"nlsh> aaaaaaaaaabbb|b"}},
		{"wide runes", []string{"'漢字漢字'", "Left", "Left", "Left", "'x'"}, []string{"nlsh> 漢x|字漢字"}},
		{"combining runes", []string{"'e\u0301a\u0301b'", "Left", "'x'"}, []string{"nlsh> e\u0301a\u0301x|b"}},
		{"output without an end", []string{"'part abc'", "Enter", "'x'"}, []string{"nlsh> part abc", "abc%", "nlsh> x|"}},
		{"output of a full row without an end", []string{"'part aaaaaaaaaaaaaaa'", "Enter"},
			[]string{"nlsh> part aaaaaaaaa", "aaaaaa", "aaaaaaaaaaaaaaa%", "nlsh> |"}},
		{"a list keeps the line", []string{"'link.'", "Tab"},
			[]string{"nlsh> link.", "link.add    funct..", "link.addrs  funct..", "link.del    funct..", "nlsh> link.|"}},
		{"an entry recalled", []string{"'a do'", "Enter", "'end'", "Enter", "Up"},
			[]string{"nlsh> a do", " ...> end", `ran "a do\nend"`, "nlsh> a do⏎end|"}},
		{"ctrl-c", []string{"'abc'", "C-c"}, []string{"nlsh> abc^C", "nlsh> |"}},
		{"ctrl-l", []string{"'a'", "Enter", "'b'", "C-l"}, []string{"nlsh> b|"}},
		{"search", []string{"'alpha'", "Enter", "C-r", "'lph'"}, []string{"nlsh> alpha", `ran "alpha"`, "nlsh> a|lpha", "bck-i-search: lph"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := startTmux(t, 20, 12)
			m.expect("nlsh> |")
			m.send(tt.keys...)
			m.expect(tt.want...)
		})
	}
}

func TestScreenPaste(t *testing.T) {
	m := startTmux(t, 40, 12)
	m.expect("nlsh> |")
	file := filepath.Join(t.TempDir(), "paste")
	writeFile(t, file, "x do\n\ty⏎\nend\n", 0o600)
	m.command("load-buffer '" + file + "'")
	m.command("paste-buffer -p")
	m.expect("nlsh> x do⏎ y⏎⏎end|")
	m.send("Enter")
	m.expect("nlsh> x do⏎ y⏎⏎end", `ran "x do\n\ty⏎\nend"`, "nlsh> |")
}

func TestScreenResize(t *testing.T) {
	m := startTmux(t, 40, 12)
	m.expect("nlsh> |")
	m.send("'aaaaaaaaaabbbbbbbbbbcccccccccc'")
	m.expect("nlsh> aaaaaaaaaabbbbbbbbbbcccccccccc|")
	m.command("refresh-client -C 20,12")
	m.send("Home", "'x'")
	m.expect("nlsh> x|aaaaaaaaaabbb", "bbbbbbbcccccccccc")
}
