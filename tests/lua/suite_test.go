package lua_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nlsh/lua"
	"nlsh/nlcore/netns/nstest"
)

// runTests runs the tests of a file, which all have to pass.
func runTests(t *testing.T, src string) {
	t.Helper()
	for i, n := 0, 1; i < n; i++ {
		in, _ := suiteOf(t, src)
		names, err := in.LoadTests(t.Context(), "x_test.lua")
		if err != nil {
			t.Fatal(err)
		}
		n = len(names)
		r, err := in.RunTest(t.Context(), i, nil)
		if err != nil || r.Err != nil || r.Skipped != "" {
			t.Errorf("%s: %v, %+v in\n%s", names[i], err, r, src)
		}
	}
}

// suiteOf is an interpreter in a fresh namespace whose x_test.lua is src.
func suiteOf(t *testing.T, src string) (*lua.Interp, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	in, err := lua.New(lua.Options{
		Netns: nstest.NewNS(t), PrivateNetns: true, Stdout: out,
		FS: fstest.MapFS{"x_test.lua": {Data: []byte(src)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in, out
}

// told is a file of tests as the runner sees it: what became of its first
// test and the parts of that, a line each.
func told(t *testing.T, src string) string {
	in, out := suiteOf(t, src)
	names, err := in.LoadTests(t.Context(), "x_test.lua")
	if err != nil {
		var skip *lua.SkipError
		return fmt.Sprintf("file: %v, skipped: %v", err, errors.As(err, &skip))
	}
	line := func(r lua.TestResult) {
		r.Took = 0
		fmt.Fprintf(out, "%d %s: %v %s\n", r.Depth, r.Name, r.Err, r.Skipped)
	}
	r, err := in.RunTest(t.Context(), 0, line)
	line(r)
	if err != nil {
		fmt.Fprintln(out, err)
	}
	fmt.Fprintf(out, "%q", names)
	return out.String()
}

func TestSuite(t *testing.T) {
	const later = ` test("b", function() error "never" end)`
	tests := []struct{ name, src, want string }{
		{"a test", `print "file" test("a", function() print "run" end)` + later, "file\nrun\n0 a: <nil> \n[\"a\" \"b\"]"},
		{"it runs after the file", `test("a", function() print(after) end) after = "end"` + later, "end\n0 a: <nil> \n[\"a\" \"b\"]"},
		{"it fails", `test("a", function() expect.eq(1, 2) end)`, "0 a: x_test.lua:1: expect eq: got 1, want 2 \n[\"a\"]"},
		{"setup", `test.setup(function() print "one" end) test.setup(function() print "two" end) test("a", function() print "run" end)`,
			"one\ntwo\nrun\n0 a: <nil> \n[\"a\"]"},
		{"setup fails", `test.setup(function() error "no" end) test("a", function() print "never" end)`, "0 a: x_test.lua:1: no \n[\"a\"]"},
		{"setup skips", `test.setup(function() test.need{ kernel=999 } end) test("a", function() end)`, ""},
		{"parts", `test("a", function() test("b", function() test("c", function() end) end) test("d", function() error "x" end) print "on" end)`,
			"2 a/b/c: <nil> \n1 a/b: <nil> \n1 a/d: x_test.lua:1: x \non\n0 a: 1 of 2 parts failed \n[\"a\"]"},
		{"a part of a part fails", `test("a", function() test("b", function() test("c", function() error "x" end) end) end)`,
			"2 a/b/c: x_test.lua:1: x \n1 a/b: 1 of 1 parts failed \n0 a: 1 of 1 parts failed \n[\"a\"]"},
		{"a part skips", `test("a", function() test("b", function() test.need{ program="no-such" } end) end)`,
			"1 a/b: <nil> needs the program no-such\n0 a: <nil> \n[\"a\"]"},
		{"os.exit", `test("a", function() test("b", function() os.exit(0) end) print "never" end)`,
			"1 a/b: exit status 0 \n0 a: exit status 0 \n[\"a\"]"},
		{"the file skips", `test.need{ program={ "cat", "no-such" } } test("a", function() end)`, "file: x_test.lua:1: skipped: needs the program no-such, skipped: true"},
		{"the file fails", `error "x"`, "file: x_test.lua:1: x, skipped: false"},
		{"needs that are there", `test.need{ kernel="3.10", program="cat", module={ "bridge" } } test("a", function() end)`, "0 a: <nil> \n[\"a\"]"},
		{"a module that is not there", `test("a", function() test.need{ module="nosuchkind" } end)`, "0 a: <nil> needs the kernel module nosuchkind\n[\"a\"]"},

		{"no name", `test(function() end)`, "file: x_test.lua:1: test: wants a name on one line, got a function, skipped: false"},
		{"no function", `test("a", {})`, "file: x_test.lua:1: test: \"a\" wants a function, got a table, skipped: false"},
		{"no need", `test.need{}`, "file: x_test.lua:1: test need: needs a field: kernel, module, program or root, skipped: false"},
		{"an unknown need", `test.need{ kernal="5" }`, "file: x_test.lua:1: test need: unknown field \"kernal\"; did you mean \"kernel\"?, skipped: false"},
		{"a wrong need", `test.need{ program=5 }`, "file: x_test.lua:1: test need: program wants a name or a list of names, got 5, skipped: false"},
		{"setup in a test", `test("a", function() test.setup(print) end)`, "0 a: x_test.lua:1: test setup: is called in the file, before its tests run \n[\"a\"]"},
		{"a test in setup", `test.setup(function() test("b", print) end) test("a", function() end)`,
			"0 a: x_test.lua:1: test: \"b\": a test is declared in the file or in another test, not in setup or defer \n[\"a\"]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if tt.name == "setup skips" {
				got := told(t, tt.src)
				if !strings.HasPrefix(got, "0 a: <nil> needs kernel 999, this is ") {
					t.Errorf("got %s", got)
				}
				return
			}
			if d := cmp.Diff(want, told(t, tt.src)); d != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, d)
			}
		})
	}
}

// TestSuiteOutside: other scripts are told how tests are run.
func TestSuiteOutside(t *testing.T) {
	want := "! t.lua:1: test: is for files of tests; run this one with: nlsh test FILE\n"
	for _, src := range []string{`test("a", print)`, `test.need{ kernel=5 }`, `test.setup(print)`} {
		if got := run(t, src); got != want {
			t.Errorf("%s: got %s", src, got)
		}
	}
}

// TestSuiteStops: a test ends with its context, and says how long it took.
func TestSuiteStops(t *testing.T) {
	in, _ := suiteOf(t, `test("a", function() sys.sleep(1000) end)`)
	if _, err := in.LoadTests(t.Context(), "x_test.lua"); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(10*time.Millisecond, in.Interrupt)
	r, err := in.RunTest(t.Context(), 0, nil)
	if err != nil || !errors.Is(r.Err, lua.ErrInterrupted) || r.Took <= 0 {
		t.Errorf("got %+v, %v", r, err)
	}
}
