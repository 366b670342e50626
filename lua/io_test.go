package lua

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIO(t *testing.T) {
	file := "local name = os.tmpname() local f = assert(io.open(name, 'w')) f:write('one\\n', 2, '\\n3.5 0x10 -4e2 x\\n\\nlast') f:close() "
	done := " os.remove(name)"
	var programs []program
	for i, src := range []string{
		file + `for l in io.lines(name) do print(l) end` + done,
		file + `local f = io.open(name) print(f:read()) print(f:read("*n", "*n", "*n", "*n", "*n")) print(f:read(2, 0, "*l", "*a")) print(f:read("*a"), f:read("*l"), f:read(0), f:read(1)) f:close()` + done,
		file + `local f = io.open(name) print(f:seek("end"), f:seek("set", 4), f:read(1), f:seek(), f:seek("cur", -2), f:read(3)) f:close()` + done,
		file + `local f = io.open(name, "r+") f:read() f:seek("cur", 0) f:write("TWO") f:seek("set") print(f:read("*a")) f:close()` + done,
		file + `local f = io.open(name, "a+") f:write("more") f:seek("set") print(#f:read("*a")) f:close()` + done,
		file + `local f = io.open(name) for a in f:lines() do print(a) break end print(f:read()) f:close() print(pcall(f.read, f)) print(io.type(f), io.type(5))` + done,
		file + `io.input(name) print(io.read(), io.read("*n")) io.close(io.input()) io.input(io.stdin)` + done,
		file + `local o = io.output() io.output(name) io.write("x") io.close() io.output(o) for l in io.lines(name) do print(l) end` + done,
		file + `local f = io.open(name) print(f:write("x"))` + done,
		file + `local f = io.open(name, "w") print(f:read()) print(f:write(1, "a"), f:flush(), f:setvbuf("no")) f:close()` + done,
		`print(io.open("/nonexistent/x"))`, `print(io.open("/nonexistent/x", "w"))`,
		`print(pcall(function() io.lines("/nonexistent/x") end))`, `print(pcall(function() io.output():write({}) end))`,
		`local f = io.tmpfile() f:write("abc") f:seek("set", 1) print(f:read("*a")) f:close()`,
		`print(os.execute("exit 3"), os.execute("exit 0"), os.execute())`,
		`local f = io.popen("echo a; echo b") print(f:read(), f:read("*a")) print(f:close())`,
		`local f = io.popen("cat >/dev/null", "w") print(io.type(f)) f:write("x") print(f:close()) print(io.type(f))`,
		`local f = io.popen("yes") print(f:read()) print(f:close())`,
		`for l in io.popen("echo x; echo y"):lines() do print(l) end`,
		`print(tostring(io.stdout):match("^file %("), io.type(io.stdout)) print(pcall(function() io.open("x", "r"):nope() end))`,
	} {
		programs = append(programs, program{fmt.Sprint(i), src})
	}
	sameAsPUC(t, programs)
}

func TestStreamsAreOurs(t *testing.T) {
	var stdout, stderr bytes.Buffer
	in, _ := newInterp(t, Options{Stdin: strings.NewReader("first\nsecond\n42 rest"), Stdout: &stdout, Stderr: &stderr})
	err := in.Run(t.Context(), "t", `
print("p", 1, nil, setmetatable({}, {__tostring = function() return "T" end}))
io.write("w", 2, "\n") io.stdout:write("s\n") io.stderr:write("e\n")
print(io.read(), io.stdin:read("*l"), io.read("*n"), io.read("*a"), io.read())
print(io.close(io.stdout)) print(io.stdout:close())
os.execute("echo child; echo child error >&2")
print(pcall(print, setmetatable({}, {__tostring = function() return 5 end})))`)
	if err != nil {
		t.Fatal(err)
	}
	want := "p\t1\tnil\tT\nw2\ns\nfirst\tsecond\t42\t rest\tnil\nnil\tcannot close standard file\nnil\tcannot close standard file\nchild\n5\ntrue\n"
	if diff := cmp.Diff(want, stdout.String()); diff != "" {
		t.Error(diff)
	}
	if got, want := stderr.String(), "e\nchild error\n"; got != want {
		t.Errorf("stderr %q, want %q", got, want)
	}
}
