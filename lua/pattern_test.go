package lua

import (
	"errors"
	"strings"
	"testing"
)

var errStop = errors.New("stop")

// goOn is a poll that never stops a match.
func goOn() error { return nil }

// TestPatternPolls holds that a match which would backtrack for ever asks whether to go on, and stops when told.
func TestPatternPolls(t *testing.T) {
	subject := strings.Repeat("a", 3000)
	for _, tc := range []struct{ name, pattern string }{
		{"greedy", strings.Repeat("a*", 30) + "b"},
		{"lazy", strings.Repeat("a-", 30) + "b"},
		{"optional", strings.Repeat("a?", 300) + strings.Repeat("a", 3000)},
		{"captures", strings.Repeat("(a*)", 30) + "b"},
		{"back references", "(a*)%1%1b" + strings.Repeat("a*", 20)},
		{"balance", strings.Repeat("a*%bab", 20)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			left := 10
			m := newMatcher(subject, tc.pattern, func() error {
				if left--; left == 0 {
					return errStop
				}
				return nil
			})
			start, end, err := m.search(0, false)
			if tc.name == "back references" || tc.name == "balance" {
				// These end by themselves; what matters is that they asked on the way.
				if start >= 0 || left == 10 {
					t.Errorf("start %d, end %d, err %v, asked %d times", start, end, err, 10-left)
				}
				return
			}
			if !errors.Is(err, errStop) || start != -1 {
				t.Errorf("start %d, end %d, err %v, want %v", start, end, err, errStop)
			}
		})
	}
}

// TestPatternDepth holds that the recursion of a match is bounded and that the bound is far away.
func TestPatternDepth(t *testing.T) {
	for _, tc := range []struct {
		name  string
		items int
		want  error
	}{
		{"at the bound", maxPatternDepth - 1, nil},
		{"beyond it", maxPatternDepth + 1, errPatternDepth},
		{"far beyond it", 1000000, errPatternDepth},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMatcher("x", strings.Repeat("a?", tc.items), goOn)
			start, _, err := m.search(0, true)
			if !errors.Is(err, tc.want) || (err == nil) != (start == 0) {
				t.Errorf("start %d, err %v, want %v", start, err, tc.want)
			}
		})
	}
}

// FuzzPattern holds that every pattern ends within its poll budget, never panics, and reports places inside the subject.
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"hello world", "(%w+) (%w+)"}, {"aaaa", "a*a*a*b"}, {"x(y)", "%b()"}, {"a", "[a"}, {"a", "%"}, {"THE END", "%f[%a]%a"},
		{"abab", "(ab)%1"}, {"a", "()a()"}, {"a]", "[^]]"}, {"\x00", "%z"}, {"a", "[%"}, {"a", "[a-%]"}, {"", "(()"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, src, pat string) {
		left := 50
		m := newMatcher(src, pat, func() error {
			if left--; left <= 0 {
				return errStop
			}
			return nil
		})
		for pos := 0; pos <= len(src); {
			start, end, err := m.search(pos, false)
			if err != nil || start < 0 {
				break
			}
			if start < pos || end < start || end > len(src) {
				t.Fatalf("match from %d to %d of a subject of %d bytes, searched from %d", start, end, len(src), pos)
			}
			for i := range m.results() {
				text, position, err := m.result(i, start, end)
				if err == nil && position == 0 && !strings.Contains(src, text) {
					t.Fatalf("capture %d is %q, which is not in %q", i, text, src)
				}
			}
			pos = max(end, start+1)
		}
		if left < 0 {
			t.Fatalf("went on %d polls after it was told to stop", -left)
		}
	})
}
