package repl

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLex(t *testing.T) {
	tests := []struct {
		name, before, src string
		want              string // K keyword, C constant, N number, S string, c comment, . other
	}{
		{"a statement", "", "local x = nil", "KKKKK.....CCC"},
		{"words that contain keywords", "", "ending fort", "..........."},
		{"numbers", "", "0x1F 1e-5 .5 1..2", "NNNN.NNNN.NN.N.NN"},
		{"minus is no part", "", "x-1", "..N"},
		{"strings", "", `"a\"b" 'c'`, "SSSSSS.SSS"},
		{"an unfinished string ends with its line", "", "'a⏎nil", "SSSCCC"},
		{"an escaped newline does not end it", "", "'a\\⏎b' x", "SSSSSS.."},
		{"a comment", "", "x --nil⏎nil", "..ccccc.CCC"},
		{"a long comment", "", "--[[a⏎b]]nil", "cccccccccCCC"},
		{"a long string of a level", "", "[==[a]]b]==]nil", "SSSSSSSSSSSSCCC"},
		{"an index is no string", "", "a[b[1]]", "....N.."},
		{"a string from the line before", "x = [[a\n", "nil]] nil", "SSSSS.CCC"},
		{"a comment of a level from the line before", "--[=[\n", "]] ]=]1", "ccccccN"},
		{"an escaped newline before", "x = 'a\\\n", "nil'1", "SSSSN"},
		{"the line before ended its comment", "-- x\n", "nil", "CCC"},
	}
	letters := map[tokenKind]string{
		tokenOther: ".", tokenKeyword: "K", tokenConstant: "C", tokenNumber: "N", tokenString: "S", tokenComment: "c",
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, state := lex([]rune(tt.before), lexState{})
			tokens, _ := lex([]rune(tt.src), state)
			got, at := "", 0
			for _, tok := range tokens {
				if tok.from != at || tok.to <= tok.from {
					t.Errorf("token %+v: want one that begins at %d", tok, at)
				}
				at = tok.to
				got += strings.Repeat(letters[tok.kind], tok.to-tok.from)
			}
			if diff := cmp.Diff(tt.src+"\n"+tt.want, tt.src+"\n"+got); diff != "" {
				t.Errorf("kinds (-want +got):\n%s", diff)
			}
		})
	}
}

var attributes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// FuzzRender holds what the editing library relies on: what is drawn takes the
// cells that the line counts, rune for rune.
func FuzzRender(f *testing.F) {
	for _, s := range []string{"local x = 'a' -- b", "x⏎y\U0010ffff\U0010fffe[[", "漢字 1e+ ]==]", "^C\n"} {
		f.Add(s, "[[", true)
		f.Add(s, "", false)
	}
	f.Fuzz(func(t *testing.T, line, before string, color bool) {
		line = strings.ReplaceAll(line, "\x1b", "")
		p := newPainter(color)
		p.begin(before)
		text := attributes.ReplaceAllString(string(p.render([]rune(line))), "")
		want := strings.Map(drawn, line)
		if diff := cmp.Diff(want, text); diff != "" {
			t.Errorf("text drawn (-want +got):\n%s", diff)
		}
		if textWidth(text) != textWidth(line) {
			t.Errorf("cells: got %d, want %d", textWidth(text), textWidth(line))
		}
	})
}

func TestRenderColors(t *testing.T) {
	p := newPainter(true)
	got := string(p.render([]rune("if 'a'⏎")))
	if want := "\x1b[1;34mif\x1b[0m \x1b[32m'a'\x1b[0m\x1b[0m\x1b[2m⏎\x1b[0m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
