package repl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// translation is what a translator made of some reads.
type translation struct {
	Keys    string
	Pastes  []string
	Waiting bool
}

func translateAll(reads []string) translation {
	var got translation
	var keys keyTranslator
	keys.onPaste = func(text string) { got.Pastes = append(got.Pastes, text) }
	for _, r := range reads {
		got.Keys += string(keys.translate([]byte(r)))
	}
	got.Waiting = keys.waiting()
	return got
}

func TestTranslate(t *testing.T) {
	long := strings.Repeat("x", inlinePaste+1)
	mark := string(pasteMark)
	tests := []struct {
		name  string
		reads []string
		want  translation
	}{
		{"text", []string{"a = é\r"}, translation{Keys: "a = é\r"}},
		{"home and end, all kinds", []string{"\x1b[H\x1b[1~\x1b[7~\x1bOH\x1b[F\x1b[4~\x1b[8~\x1bOF"}, translation{Keys: "\x01\x01\x01\x01\x05\x05\x05\x05"}},
		{"words", []string{"\x1b[1;5D\x1b[5D\x1bb\x1b[1;5C\x1bf\x1b\x7f"}, translation{Keys: "\x1bb\x1bb\x1bb\x1bf\x1bf\x1b\x7f"}},
		{"a sequence in three reads", []string{"a\x1b", "[1", "~b"}, translation{Keys: "a\x01b"}},
		{"unfinished", []string{"a\x1b["}, translation{Keys: "a", Waiting: true}},
		{"unknown ones vanish", []string{"\x1b[15;2~\x1b[<0;1;1M\x1bz\x1b[Ia"}, translation{Keys: "a"}},
		{"F1 of the Linux console", []string{"\x1b[[Aa"}, translation{Keys: "a"}},
		{"two escapes", []string{"\x1b\x1b[Aa"}, translation{Keys: "\x10a"}},
		{"escape and a letter beyond ASCII", []string{"\x1bé"}, translation{Keys: "é"}},
		{"a control inside a sequence", []string{"\x1b[1\ra"}, translation{Keys: "\ra"}},
		{"a sequence without end is dropped", []string{"\x1b[" + strings.Repeat("1", maxSequence) + "a", "b"}, translation{Keys: "b"}},
		{"controls", []string{"\x00\x01\x0f\x16\x1c\x1da"}, translation{Keys: "\x01a"}},
		{"TAB alone", []string{"lin\t", "\t\t"}, translation{Keys: "lin\t\t\t"}},
		{"TAB and Enter", []string{"lin\t\r"}, translation{Keys: "lin\t\r"}},
		{"tabs before text", []string{"\t\ta"}, translation{Keys: strings.Repeat(string(tabMark), 2) + "a"}},
		{"a short paste", []string{"\x1b[200~a b\x1b[201~c"}, translation{Keys: "a bc"}},
		{"a long paste", []string{"\x1b[200~" + long + "\x1b[201~"}, translation{Keys: mark, Pastes: []string{long}}},
		{"two pastes", []string{"\x1b[200~a\rb\x1b[201~-\x1b[200~\tc\x1b[201~"}, translation{Keys: mark + "-" + mark, Pastes: []string{"a\rb", "\tc"}}},
		{"line ends at the end go", []string{"\x1b[200~a\r\n\r\n\x1b[201~"}, translation{Keys: "a"}},
		{"an empty paste", []string{"\x1b[200~\r\x1b[201~a"}, translation{Keys: "a"}},
		{"a paste in many reads", strings.Split("\x1b[200~a\nb\x1b[201~c", ""), translation{Keys: mark + "c", Pastes: []string{"a\nb"}}},
		{"a paste does not wait", []string{"\x1b[200~a\x1b"}, translation{}},
		{"what looks like the end", []string{"\x1b[200~a\x1b[20", "x\x1b[201~"}, translation{Keys: mark, Pastes: []string{"a\x1b[20x"}}},
		{"too large", []string{"\x1b[200~", strings.Repeat("a", maxPaste), "bcdefghij", "\x1b[201~k"}, translation{Keys: "k"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, translateAll(tt.reads)); diff != "" {
				t.Errorf("translation (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzTranslate holds that keys do not depend on how reads cut them (tabs do,
// by design), and that nothing the editor cannot take comes out.
func FuzzTranslate(f *testing.F) {
	f.Add([]byte("a\x1b[1~\x1b[200~x\ry\x1b[201~\x1b"), uint8(3))
	f.Add([]byte("\x1b[[A\x1bOP\x1b\x1b[1;5D"), uint8(1))
	f.Fuzz(func(t *testing.T, in []byte, cut uint8) {
		src := strings.ReplaceAll(string(in), "\t", "")
		at := min(int(cut), len(src))
		whole, cuts := translateAll([]string{src}), translateAll([]string{src[:at], src[at:]})
		if len(src) <= maxSequence {
			if diff := cmp.Diff(whole, cuts); diff != "" {
				t.Errorf("cut at %d (-whole +cut):\n%s", at, diff)
			}
		}
		for _, c := range []byte(whole.Keys) {
			if c < 0x20 && c != escape && !strings.Contains(editorKeys, string(rune(c))) {
				t.Errorf("key %#x reaches the editor", c)
			}
		}
	})
}

func TestBuffer(t *testing.T) {
	tests := []struct{ name, text, buffer, back string }{
		{"plain", "a = 1", "a = 1", "a = 1"},
		{"line ends", "a\nb\r\nc\rd", "a⏎b⏎c⏎d", "a\nb\nc\nd"},
		{"tab", "a\tb", "a\U0010ffffb", "a\tb"},
		{"literal stand-in", "a⏎\n", "a\U0010fffe⏎", "a⏎\n"},
		{"controls go", "a\x00\x1b\x7f\u0085b", "ab", "ab"},
		{"reserved runes go", "a\U0010fffe\U0010ffff\U0001fffe\U0001ffffb", "ab", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := toBuffer(tt.text)
			if string(got) != tt.buffer {
				t.Errorf("toBuffer: got %q, want %q", string(got), tt.buffer)
			}
			if back := fromBuffer(got); back != tt.back {
				t.Errorf("fromBuffer: got %q, want %q", back, tt.back)
			}
		})
	}
}
