package lua

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	glua "github.com/yuin/gopher-lua"
)

// kernelError is an error as nlcore's are.
type kernelError struct {
	op      string
	refused bool
	errno   syscall.Errno
}

func (e *kernelError) Error() string { return e.op + " failed" }
func (e *kernelError) Refused() bool { return e.refused }
func (e *kernelError) Unwrap() error { return e.errno }
func (e *kernelError) LuaField(name string) (any, bool) {
	switch name {
	case "op":
		return e.op, true
	case "object":
		return "", true
	case "index":
		return 3, true
	case "errors":
		return []error{errors.New("one"), &kernelError{op: "two"}}, true
	}
	return nil, false
}

// withFailures adds functions that raise Go errors.
func withFailures(in *Interp) {
	in.setGlobals(map[string]glua.LGFunction{
		"refuse":  func(L *glua.LState) int { raise(L, &kernelError{"link add", true, syscall.EEXIST}); return 0 },
		"mistake": func(L *glua.LState) int { raise(L, &kernelError{"link add", false, 0}); return 0 },
		"nofile": func(L *glua.LState) int {
			raise(L, &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT})
			return 0
		},
		"crash": func(L *glua.LState) int { var p *Interp; return p.Depth },
	})
}

func TestErrorObjects(t *testing.T) {
	in, out := newInterp(t, Options{})
	withFailures(in)
	err := in.Run(t.Context(), "t", `local ok, e = pcall(function()
  refuse()
end)
print(ok, e, type(e))
print(e.op, e.object, e.errno, e.index, e.message, e.nothing)
print(#e.errors, tostring(e.errors[1]), e.errors[2].op)
print(e.traceback)
print("failed: " .. e .. "!", #tostring(e))
local _, again = pcall(error, e) print(again == e, rawequal(again, e))
_, again = pcall(assert, nil, e) print(rawequal(again, e))
_, again = pcall(function() local function f() error(e, 2) end f() end) print(rawequal(again, e), again.traceback == e.traceback)
print(select(2, pcall(nofile)).errno, select(2, pcall(nofile)))
print(coroutine.resume(coroutine.create(function() refuse() end)))
print(pcall(coroutine.wrap(function() refuse() end)))
print(xpcall(refuse, function(x) return x.op end))`)
	if err != nil {
		t.Fatal(err)
	}
	want := `false	t:2: link add failed	userdata
link add	nil	EEXIST	3	link add failed	nil
2	one	two
stack traceback:
	[C]: in function 'refuse'
	t:2: in function <t:1>
	[C]: in function 'pcall'
	t:1: in main chunk
failed: t:2: link add failed!	20
true	true
true
true	true
ENOENT	open x: no such file or directory
false	t:13: link add failed
false	t:14: link add failed
false	link add
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestGoSeesErrors(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      Error // without Err
		check     func(error) bool
	}{
		{"go error", "local function f()\n refuse()\nend\nf()",
			Error{"t", 2, "t:2: link add failed", "stack traceback:\n\t[C]: in function 'refuse'\n\tt:2: in function 'f'\n\tt:4: in main chunk", nil},
			func(err error) bool {
				var k *kernelError
				return errors.Is(err, syscall.EEXIST) && errors.As(err, &k) && k.op == "link add"
			}},
		{"through a coroutine", "local f = coroutine.wrap(function() refuse() end)\nf()",
			Error{"t", 1, "t:1: link add failed", "stack traceback:\n\t[C]: in function 'refuse'\n\tt:1: in function <t:1>\n\t[C]: in function 'f'\n\tt:2: in main chunk", nil},
			func(err error) bool { return errors.Is(err, syscall.EEXIST) }},
		{"raised again", "local ok, e = pcall(refuse)\nerror(e)",
			Error{"t", 1, "link add failed", "stack traceback:\n\t[C]: ?\n\t[C]: in function 'pcall'\n\tt:1: in main chunk", nil},
			func(err error) bool { return errors.Is(err, syscall.EEXIST) }},
		{"text", "error('boom')", Error{"t", 1, "t:1: boom", "stack traceback:\n\t[C]: in function 'error'\n\tt:1: in main chunk", nil}, nil},
		{"text raised again", "local ok, e = pcall(function() error('boom') end)\n\nerror(e, 0)",
			Error{"t", 1, "t:1: boom", "stack traceback:\n\t[C]: in function 'error'\n\tt:1: in function <t:1>\n\t[C]: in function 'pcall'\n\tt:1: in main chunk", nil}, nil},
		{"level 2", "local function f() error('boom', 2) end\n\nf()", Error{"t", 3, "t:3: boom", "stack traceback:\n\t[C]: in function 'error'\n\tt:1: in function 'f'\n\tt:3: in main chunk", nil}, nil},
		{"table", "error(setmetatable({}, {__tostring = function() return 'as text' end}))", Error{"t", 1, "as text", "stack traceback:\n\t[C]: in function 'error'\n\tt:1: in main chunk", nil}, nil},
		{"plain table", "error({})", Error{"t", 1, "(error object is a table value)", "stack traceback:\n\t[C]: in function 'error'\n\tt:1: in main chunk", nil}, nil},
		{"nil", "error()", Error{"t", 1, "(error object is a nil value)", "stack traceback:\n\t[C]: in function 'error'\n\tt:1: in main chunk", nil}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in, _ := newInterp(t, Options{})
			withFailures(in)
			err := in.Run(t.Context(), "t", tt.src)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if tt.check != nil && !tt.check(err) {
				t.Errorf("the Go error is not seen in %#v", e.Err)
			}
			got := *e
			got.Err = nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	in, _ := newInterp(t, Options{})
	for src, want := range map[string]SyntaxError{
		"x = = 1":                         {"t", 1, "syntax error near '='", false},
		"\n\nif x then\n":                 {"t", 3, "syntax error near '<eof>'", true},
		"break":                           {"t", 1, "no loop to break", false},
		"goto x":                          {"t", 2, "no visible label 'x' for <goto> at line 1", false},
		"x = 'a\nb'":                      {"t", 1, "unterminated string near 'a'", false},
		"x = " + strings.Repeat("(", 300): {"t", 1, "blocks and brackets nested deeper than 200", false},
	} {
		var got *SyntaxError
		if err := in.Run(t.Context(), "t", src); !errors.As(err, &got) {
			t.Errorf("%q: got %v", src, err)
			continue
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Errorf("%q: %s", src, diff)
		}
	}
}

func TestExit(t *testing.T) {
	for src, code := range map[string]int{
		"os.exit()": 0, "os.exit(3)": 3, "os.exit(true)": 0, "os.exit(false)": 1, "os.exit(256 + 4)": 4,
		"pcall(os.exit, 5)":                           5,
		"xpcall(function() os.exit(6) end, print)":    6,
		"try(os.exit, 7)":                             7,
		"coroutine.wrap(function() os.exit(8) end)()": 8,
		"pcall(coroutine.resume, coroutine.create(function() os.exit(9) end))": 9,
		"table.sort({1, 2}, function() os.exit(10) end)":                       10,
	} {
		in, _ := newInterp(t, Options{})
		var exit *ExitError
		if err := in.Run(t.Context(), "t", src+" print('not reached')"); !errors.As(err, &exit) || exit.Code != code {
			t.Errorf("%s: got %v, want code %d", src, err, code)
		}
	}
}

// TestGoPanics holds that a defect in a builtin is no error a script can
// swallow.
func TestGoPanics(t *testing.T) {
	for _, src := range []string{
		"crash()", "pcall(crash)", "pcall(pcall, crash)", "xpcall(crash, print)", "try(crash)", "coroutine.wrap(crash2)()",
		"coroutine.resume(coroutine.create(function() crash() end))", "pcall(coroutine.wrap(function() crash() end))",
	} {
		in, out := newInterp(t, Options{})
		withFailures(in)
		err := in.Run(t.Context(), "t", "function crash2() crash() end\nlocal x = 1 defer(function() print('deferred', x) end) "+src+" print('not reached')")
		var internal *InternalError
		if !errors.As(err, &internal) || !strings.Contains(internal.Error(), "nil pointer") {
			t.Errorf("%s: got %v", src, err)
		}
		if out.String() != "deferred\t1\n" {
			t.Errorf("%s printed %q", src, out.String())
		}
		if err := in.Run(t.Context(), "t", "print(pcall(error, 'still works'))"); err != nil {
			t.Error(err)
		}
	}
}

func TestTry(t *testing.T) {
	in, out := newInterp(t, Options{})
	withFailures(in)
	err := in.Run(t.Context(), "t", `
print(try(function(...) return "r", ... end, 1, nil, 3))
local r, e = try(refuse)
print(r, e.errno)
r, e = try(nofile)
print(r, e.errno)
print(pcall(try, mistake))
print(pcall(try, function() local x; x.y = 1 end))
print(pcall(try, error, "text", 0))
print(pcall(try))
print(select("#", try(function() end)))`)
	if err != nil {
		t.Fatal(err)
	}
	want := `r	1	nil	3
nil	EEXIST
nil	ENOENT
false	link add failed
false	t:8: attempt to index local 'x' (a nil value)
false	text
false	bad argument #1 to 'try' (value expected)
0
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestRaiseOutsideScript(t *testing.T) {
	in, _ := newInterp(t, Options{})
	withFailures(in)
	_, err := in.Call(context.Background(), in.L.GetGlobal("refuse"))
	var e *Error
	if !errors.Is(err, syscall.EEXIST) || !errors.As(err, &e) || e.Message != "link add failed" || e.Line != 0 {
		t.Errorf("got %#v", err)
	}
}
