package testrun_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nlsh/lua/testrun"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, f := range []string{"a_test.lua", "b.lua", "sub/c_test.lua", "sub/deep/d_test.lua", ".git/e_test.lua", "empty/x.lua"} {
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		paths string
		want  []string
		err   error
	}{
		{"", []string{"a_test.lua", "sub/c_test.lua", "sub/deep/d_test.lua"}, nil},
		{"b.lua", []string{"b.lua"}, nil},
		{"sub ./a_test.lua sub/c_test.lua", []string{"sub/c_test.lua", "sub/deep/d_test.lua", "a_test.lua"}, nil},
		{".git", []string{".git/e_test.lua"}, nil},
		{"empty", nil, testrun.ErrNoTests},
		{"a_test.lua nosuch", nil, os.ErrNotExist},
	} {
		got, err := testrun.Find(strings.Fields(tt.paths))
		if !errors.Is(err, tt.err) {
			t.Errorf("%q: %v", tt.paths, err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%q (-want +got):\n%s", tt.paths, d)
		}
	}
}

// results are one of each sort.
var results = []*testrun.Result{
	{File: "a_test.lua", Name: "fine", Took: 1234 * time.Millisecond, Output: []byte("hello\n")},
	{File: "a_test.lua", Name: "group/part", Depth: 1, Failure: "a_test.lua:3: oops", Trace: "stack traceback:\n\tx"},
	{File: "a_test.lua", Name: "group", Failure: "1 of 1 parts failed", Output: []byte("bytes \xff\nno end")},
	{File: "b_test.lua", Skipped: "needs root"},
	{File: "c_test.lua", Name: "#hash", Failure: "stopped", Interrupted: true},
}

func printed(p testrun.Printer) {
	for _, r := range results {
		p.Result(r)
	}
	p.Done(&testrun.Summary{Passed: 1, Failed: 1, Skipped: 1, Took: 2 * time.Second, Interrupted: true})
}

func TestPretty(t *testing.T) {
	var out strings.Builder
	printed(&testrun.Pretty{To: &out})
	want := `ok    a_test.lua: fine (1.23s)
  FAIL  a_test.lua: group/part (0.00s)
        a_test.lua:3: oops
        stack traceback:
        	x
FAIL  a_test.lua: group (0.00s)
      1 of 1 parts failed
      printed:
        bytes ?
        no end
skip  b_test.lua (needs root)
stop  c_test.lua: #hash (0.00s)
      stopped
1 passed, 1 failed, 1 skipped, interrupted in 2.00s
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	out.Reset()
	(&testrun.Pretty{To: &out, Verbose: true}).Result(results[0])
	if want := "ok    a_test.lua: fine (1.23s)\n      printed:\n        hello\n"; out.String() != want {
		t.Errorf("verbose: got %q", out.String())
	}
}

func TestTAP(t *testing.T) {
	var out strings.Builder
	printed(&testrun.TAP{To: &out})
	want := `TAP version 13
ok 1 - a_test.lua: fine
# not ok a_test.lua: group/part
# a_test.lua:3: oops
not ok 2 - a_test.lua: group
# 1 of 1 parts failed
# bytes ?
# no end
ok 3 - b_test.lua # SKIP needs root
not ok 4 - c_test.lua: \#hash
# stopped
Bail out! interrupted
1..4
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
