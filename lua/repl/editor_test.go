package repl

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeTerminal has a size and nothing else.
type fakeTerminal struct{ width, height int }

func (f *fakeTerminal) makeRaw() error   { return nil }
func (f *fakeTerminal) restore() error   { return nil }
func (f *fakeTerminal) size() (int, int) { return f.width, f.height }

// keyboard is a prompt in this process whose keys the test sends.
type keyboard struct {
	t      *testing.T
	interp *fakeInterp
	out    *output
	keys   *io.PipeWriter
	done   chan error
	cancel context.CancelCauseFunc
}

func startKeyboard(t *testing.T, change func(*Options)) *keyboard {
	t.Helper()
	r, w := io.Pipe()
	ctx, cancel := context.WithCancelCause(context.Background())
	k := &keyboard{t: t, interp: &fakeInterp{}, out: newOutput(), keys: w, done: make(chan error, 1), cancel: cancel}
	o := Options{Stdin: r, Stdout: k.out, Terminal: true, term: &fakeTerminal{80, 24}}
	if change != nil {
		change(&o)
	}
	go func() {
		k.done <- Run(ctx, k.interp, o)
		k.out.finish()
	}()
	t.Cleanup(func() {
		cancel(nil)
		w.Close()
	})
	k.out.expect(t, "nlsh> ")
	return k
}

func (k *keyboard) send(keys string) {
	k.t.Helper()
	if _, err := io.WriteString(k.keys, keys); err != nil {
		k.t.Fatal(err)
	}
}

// leave sends Ctrl-D and returns what ran.
func (k *keyboard) leave() []string {
	k.t.Helper()
	k.send("\x04")
	if err := k.wait(); err != nil {
		k.t.Fatalf("run: %v", err)
	}
	return k.interp.ran()
}

func (k *keyboard) wait() error {
	k.t.Helper()
	select {
	case err := <-k.done:
		return err
	case <-time.After(deadline):
		k.t.Fatal("the prompt did not end")
		return nil
	}
}

func TestKeys(t *testing.T) {
	const up, down, left, home, end = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[1~", "\x1b[4~"
	tests := []struct {
		name string
		keys string
		want []string
	}{
		{"a line", "a = 1\r", []string{"a = 1"}},
		{"blank lines run nothing", "\r  \r", nil},
		{"home and end of tmux", "bc" + home + "a" + end + "d\r", []string{"abcd"}},
		{"word left", "one two\x1b[1;5DX\r", []string{"one Xtwo"}},
		{"word right", "one two" + home + "\x1b[1;5CX\r", []string{"one Xtwo"}},
		{"delete", "abc" + left + "\x1b[3~\r", []string{"ab"}},
		{"unknown sequences vanish", "a\x1b[5~\x1b[24~\x1bOPb\r", []string{"ab"}},
		{"NUL and unmapped controls vanish", "a\x00b\x0fc\x1dd\r", []string{"abcd"}},
		{"an entry of three lines", "x do\ry\rend\r", []string{"x do\ny\nend"}},
		{"it is recalled whole", "x do\ry\rend\r" + up + "\r", []string{"x do\ny\nend", "x do\ny\nend"}},
		{"recall two up, one down", "a\rb\rc\r" + up + up + up + down + "\r", []string{"a", "b", "c", "b"}},
		{"recall starts at the end each time", "a\rb\r" + up + up + "\r" + up + "\r", []string{"a", "b", "a", "a"}},
		{"recall after an interrupt starts at the end", "a\rb\r" + up + up + "\x03" + up + "\r", []string{"a", "b", "b"}},
		{"recall an edited entry", "a\rb\r" + up + "c\r" + up + up + "\r", []string{"a", "b", "bc", "b"}},
		{"an entry that begins with a blank is not kept", "a\r b\r" + up + "\r", []string{"a", " b", "a"}},
		{"ctrl-c clears the line", "gone\x03kept\r", []string{"kept"}},
		{"ctrl-c clears the entry", "x do\ry\x03kept\r", []string{"kept"}},
		{"ctrl-d in a later line gives the entry up", "x do\r\x04kept\r", []string{"kept"}},
		{"ctrl-d in a line deletes", "ab" + left + "\x04\r", []string{"a"}},
		{"ctrl-r", "alpha\rbeta\r\x12alp\r", []string{"alpha", "beta", "alpha"}},
		{"ctrl-r ignores case", "alpha\rbeta\r\x12ALP\r", []string{"alpha", "beta", "alpha"}},
		{"ctrl-r finds a later line", "x do\rneedle\rend\rb\r\x12need\r", []string{"x do\nneedle\nend", "b", "x do\nneedle\nend"}},
		{"a paste is one entry", "\x1b[200~x do\r\ty\rend\r\x1b[201~\r", []string{"x do\n\ty\nend"}},
		{"a paste in the middle", "()" + left + "\x1b[200~a\nb\x1b[201~c\r", []string{"(a\nbc)"}},
		{"a short paste into a search", "alpha\rbeta\r\x12\x1b[200~alp\x1b[201~\r", []string{"alpha", "beta", "alpha"}},
		{"a long paste into a search is dropped", "alpha\rbeta\r\x12\x1b[200~al\rp\x1b[201~x\r", []string{"alpha", "beta", "x"}},
		{"a paste with escapes is text", "\x1b[200~a\x1b[Db\x03\x1b[201~\r", []string{"a[Db"}},
		{"a pasted stand-in is itself", "\x1b[200~a\n⏎\x1b[201~\r", []string{"a\n⏎"}},
		{"a typed stand-in is itself", "a⏎b\r", []string{"a⏎b"}},
		{"tabs that come with text are text", "a\tb\r", []string{"a\tb"}},
		{"alt-enter begins a line", "a\x1b\rb\r", []string{"a\nb"}},
		{"a completion inside an entry", "x do\rlink.d\t end\r", []string{"x do\nlink.d\t end"}},
		{"wide and combining runes", "\"漢字 é\"\r", []string{"\"漢字 é\""}},
		{"control sequences in UTF-8 vanish", "a\u009b31mb\r", []string{"a31mb"}},
		{"a command", ":time a\r", []string{"a"}},
		{"a command with an entry of two lines", ":time x do\rend\r", []string{"x do\nend"}},
		{"a label is no command", "::x::\r", []string{"::x::"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := startKeyboard(t, nil)
			k.send(tt.keys)
			if diff := cmp.Diff(tt.want, k.leave()); diff != "" {
				t.Errorf("entries run (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoneEscape(t *testing.T) {
	k := startKeyboard(t, nil)
	k.send("abc\x1b")
	k.send("def\r") // later than escapeWait or not: both mean no key is lost but d
	k.out.expect(t, "ran")
	k.leave()
}

func TestTab(t *testing.T) {
	k := startKeyboard(t, nil)
	k.send("x do\r")
	k.out.expect(t, "...> ")
	k.send("lin\t")
	k.out.expect(t, "link.")
	k.send("a\t")
	k.out.expect(t, "link.add")
	k.send("\t")
	got := k.out.expect(t, "its addresses")
	want := "link.add    function  make a link\nlink.addrs  function  its addresses"
	if len(got) < len(want) || got[len(got)-len(want):] != want {
		t.Errorf("list: got %q, want it to end in %q", got, want)
	}
	k.send("r\t")
	k.out.expect(t, "link.addrs")
	k.send("\x1b[D\x1b[D end \r")
	ran := k.leave()
	if diff := cmp.Diff([]string{"x do\nlink.add end rs"}, ran); diff != "" {
		t.Errorf("entries run (-want +got):\n%s", diff)
	}
	asked := []string{"x do\nlin|", "x do\nlink.a|", "x do\nlink.add|", "x do\nlink.addr|"}
	if diff := cmp.Diff(asked, k.interp.completions()); diff != "" {
		t.Errorf("completions asked for (-want +got):\n%s", diff)
	}
}

func TestHistoryAcrossSessions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sub", "history")
	keep := func(o *Options) { o.HistoryFile = file }
	k := startKeyboard(t, keep)
	k.send("x do\r\\n\rend\r secret\rlast\r")
	k.leave()
	k = startKeyboard(t, keep)
	k.send("\x1b[A\r\x1b[A\x1b[A\r")
	if diff := cmp.Diff([]string{"last", "x do\n\\n\nend"}, k.leave()); diff != "" {
		t.Errorf("entries run (-want +got):\n%s", diff)
	}
}

func TestEnds(t *testing.T) {
	t.Run("exit", func(t *testing.T) {
		k := startKeyboard(t, nil)
		k.send("exit\r")
		var exit *Exit
		if err := k.wait(); !errors.As(err, &exit) || exit.Code != 3 {
			t.Errorf("run: got %v, want exit 3", err)
		}
	})
	t.Run("quit", func(t *testing.T) {
		k := startKeyboard(t, nil)
		k.send(":q\r")
		if err := k.wait(); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Run("hang-up in a line", func(t *testing.T) {
		k := startKeyboard(t, nil)
		k.send("not finished")
		k.keys.Close()
		if err := k.wait(); err != nil {
			t.Errorf("run: %v", err)
		}
		if diff := cmp.Diff([]string(nil), k.interp.ran()); diff != "" {
			t.Errorf("entries run (-want +got):\n%s", diff)
		}
	})
	t.Run("cancelled in a line", func(t *testing.T) {
		k := startKeyboard(t, nil)
		k.send("not finished")
		k.out.expect(t, "finished")
		cause := errors.New("the terminal was lost")
		k.cancel(cause)
		if err := k.wait(); err != cause {
			t.Errorf("run: got %v, want %v", err, cause)
		}
		if diff := cmp.Diff([]string(nil), k.interp.ran()); diff != "" {
			t.Errorf("entries run (-want +got):\n%s", diff)
		}
	})
}

// TestLargePaste holds that drawing a paste costs what it is long, not the square
// of that, as it would if the library got it rune by rune.
func TestLargePaste(t *testing.T) {
	k := startKeyboard(t, nil)
	text := strings.Repeat("local name = call(argument, 'text') -- why\n", 500)
	k.send("\x1b[200~" + text + "\x1b[201~\r")
	if diff := cmp.Diff([]string{strings.TrimSpace(text)}, k.leave()); diff != "" {
		t.Errorf("entries run (-want +got):\n%s", diff)
	}
	if drawn := k.out.size(); drawn > 10*len(text) {
		t.Errorf("drawn: %d bytes for a paste of %d", drawn, len(text))
	}
}

func TestErrorsAndCommandsAreShown(t *testing.T) {
	k := startKeyboard(t, func(o *Options) { o.Color = true })
	k.send("fail no ^[[31mred\r:nope\r:load a.lua\r:help\r")
	k.out.expect(t, "\x1b[31mno ?[31mred\x1b[0m\n")
	k.out.expect(t, "\x1b[31mno command :nope; :help lists them\x1b[0m\n")
	k.out.expect(t, "loaded a.lua\n")
	k.out.expect(t, ":help [TOPIC]  list these commands, or print the help on a topic\n:load FILE     run a script here\n")
	k.leave()
}
