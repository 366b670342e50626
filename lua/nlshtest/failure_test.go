package nlshtest_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nlsh/lua"
	"nlsh/lua/nlshtest"
)

// judged is a test whose end is looked at.
type judged struct {
	testing.TB
	log      strings.Builder
	failed   bool
	cleanups []func()
}

func (j *judged) Helper()                  {}
func (j *judged) Context() context.Context { return context.Background() }
func (j *judged) Output() io.Writer        { return &j.log }
func (j *judged) Cleanup(f func())         { j.cleanups = append(j.cleanups, f) }
func (j *judged) Error(args ...any)        { j.failed = true; fmt.Fprintln(&j.log, args...) }
func (j *judged) Fatal(args ...any)        { j.Error(args...); runtime.Goexit() }
func (j *judged) Fatalf(f string, a ...any) {
	j.Fatal(fmt.Sprintf(f, a...))
}

// judge runs f as a test and returns its log, up to a traceback.
func judge(t *testing.T, f func(t testing.TB)) (log string, failed bool) {
	t.Helper()
	j := &judged{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(j.cleanups) - 1; i >= 0; i-- {
				j.cleanups[i]()
			}
		}()
		f(j)
	}()
	<-done
	log, _, _ = strings.Cut(j.log.String(), "stack traceback:\n")
	return log, j.failed
}

func TestFailuresNameTheLine(t *testing.T) {
	script := func(src string) nlshtest.Option {
		return nlshtest.With(func(o *lua.Options) { o.FS = fstest.MapFS{"lab.lua": {Data: []byte(src)}} })
	}
	for _, c := range []struct {
		name, src, eval, log string
		failed               bool
	}{
		{"the script", "print(1)\n\nlink.set{ 'no0', mtu=1400 }", "", "1\nlab.lua:3: link set no0: there is no link no0 (ENODEV)\n", true},
		{"its syntax", "x =\n", "", "lab.lua:1: syntax error near '<eof>'\n", true},
		{"Eval", "x = 1", "x = 2\nerror('bad')", "eval:2: bad\n", true},
		{"an assertion in Eval", "x = 1", "expect.eq(x, 2)", "eval:1: expect eq: got 1, want 2\n", true},
		{"what is deferred", "defer(function() error 'late' end)", "", "lab.lua:1: late\n", true},
		{"os.exit with a code", "os.exit(3)", "", "exit status 3\n", true},
		{"os.exit(0)", "print(1) os.exit(0)", "print(2)", "1\n2\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log, failed := judge(t, func(t testing.TB) {
				lab := nlshtest.Run(t, "lab.lua", script(c.src))
				if c.eval != "" {
					lab.Eval(t, c.eval)
				}
			})
			if d := cmp.Diff([]any{c.log, c.failed}, []any{log, failed}); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

func TestUnknownNamespaceFails(t *testing.T) {
	log, failed := judge(t, func(t testing.TB) {
		nlshtest.Run(t, "testdata/lab.lua").Netns("h9")
	})
	want := "lab: network namespace h9: open: file does not exist\nlab is closed, no argument\n"
	if d := cmp.Diff([]any{want, true}, []any{log, failed}); d != "" {
		t.Error("-want +got:\n", d)
	}
	log, failed = judge(t, func(t testing.TB) {
		lab := nlshtest.Run(t, "testdata/lab.lua")
		if err := lab.Close(); err != nil {
			t.Error(err)
		}
		lab.Netns("h1")
	})
	want = "lab is closed, no argument\nlab: namespace \"h1\": the lab is closed\n"
	if d := cmp.Diff([]any{want, true}, []any{log, failed}); d != "" {
		t.Error("-want +got:\n", d)
	}
}
