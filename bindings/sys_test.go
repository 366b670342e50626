package bindings_test

import (
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSysExec(t *testing.T) {
	t.Setenv("NLSH_TEST_KEPT", "kept")
	runScripts(t, []script{
		{"a program", `local r = sys.exec{ "echo", "a b", "$HOME" } print(r.stdout, r.stderr == "", r.code, r.signal)`, "a b $HOME\n true 0 nil\n"},
		{"numbers as arguments", `print(sys.exec{ "echo", 5201, 0.5 })`, "5201 0.5\n\n"},
		{"a command", `print(sys.exec "echo $((1+2)); echo oops >&2".stdout)`, "3\n\n"},
		{"a command with options", `print(sys.exec("exit 3", { check=false }).code)`, "3\n"},
		{"input", `print(sys.exec{ "wc", "-c", stdin=(("x"):rep(1000000)) })`, "1000000\n\n"},
		{"input that is not read", `print(sys.exec{ "true", stdin=(("x"):rep(1000000)) }.code)`, "0\n"},
		{"no input", `print(sys.exec{ "cat" }.stdout == "")`, "true\n"},
		{"output as bytes", `print(#sys.exec{ "head", "-c", 300000, "/dev/zero" }.stdout)`, "300000\n"},
		{"directory", `print(sys.exec{ "pwd", cwd="/proc" })`, "/proc\n\n"},
		{"environment", `print(sys.exec{ "sh", "-c", "echo $NLSH_TEST_KEPT $B $C", env={ B="b", C=3 } })`, "kept b 3\n\n"},
		{"environment, one away", `print(sys.exec{ "sh", "-c", "echo [$NLSH_TEST_KEPT]", env={ NLSH_TEST_KEPT=false } })`, "[]\n\n"},
		{"there", pair + `print(h1:exec{ "ls", "/proc/self/fd/0" }.code, sys.exec{ "cat", "/proc/net/dev", netns="h2" }.stdout:match "e%d", h1.sys.exec{ "cat", "/proc/net/dev" }.stdout:match "e%d")`, "0 e2 e1\n"},
		{"devices there", pair + `print(h1:exec("cd /sys/class/net; ls -d lo e*").stdout, sys.exec{ "ls", "/sys/class/net/e2/operstate", netns="h2" }.code)`, "e1\nlo\n 0\n"},
		{"a background program is waited for while it holds the output", `print(sys.exec "(echo late) & echo early".stdout:len())`, "11\n"},

		{"a failure", `print(refused(function() sys.exec{ "sh", "-c", "echo out; echo oops >&2; echo more >&2; exit 3" } end, "op", "object", "code", "stdout", "stderr"))`,
			"sys exec sh: exit status 3: oops sys exec sh 3 out\n oops\nmore\n true\n"},
		{"a failure without words", `print(refused(function() sys.exec "false" end))`, "sys exec false: exit status 1 true\n"},
		{"a failure there", `netns.add "h1" sys.exec{ "false", netns="h1" }`, "! sys exec false in h1: exit status 1\n"},
		{"ended by a signal", `print(refused(function() sys.exec{ "sh", "-c", "kill -TERM $$" } end, "code", "signal"))`, "sys exec sh: ended by SIGTERM 143 SIGTERM true\n"},
		{"a signal unchecked", `local r = sys.exec("kill -9 $$", { check=false }) print(r.code, r.signal)`, "137 SIGKILL\n"},
		{"killed in time", `print(refused(function() sys.exec{ "sh", "-c", "echo begun; sleep 1000 & sleep 1000", timeout="200ms" } end, "stdout", "code"))`,
			"sys exec sh: killed after 200ms begun\n 137 true\n"},
		{"what it left is killed in time", `print(refused(function() sys.exec("sleep 1000 & echo $!", { timeout="1s" }) end, "code"))`,
			"sys exec sleep 1000 & echo $!: killed after 1s 0 true\n"},
		{"in time", `print(sys.exec{ "true", timeout="60s" }.code)`, "0\n"},
		{"no such program", `print(refused(function() sys.exec{ "no-such-program", "x" } end))`, "sys exec no-such-program: no such program in PATH (ENOENT) true\n"},
		{"no such file", `print(refused(function() sys.exec{ "/no/such" } end))`, "sys exec /no/such: no such program or directory (ENOENT) true\n"},
		{"no such directory", `print(refused(function() sys.exec{ "true", cwd="/no/such" } end))`, "sys exec true: no such program or directory (ENOENT) true\n"},
		{"no program", `print(refused(function() sys.exec{ "/etc/passwd" } end))`, "sys exec /etc/passwd: permission denied true\n"},
		{"nothing", `print(refused(function() sys.exec() end))`, "sys exec: needs program (text) false\n"},
		{"an empty name", `sys.exec{ "" }`, "! sys exec: program wants a name, got an empty string\n"},
		{"a zero byte", `sys.exec{ "echo", "a\0b" }`, "! sys exec: program word 2 has a zero byte\n"},
		{"two strings", `sys.exec("ls", "-l")`, "! sys exec: a program with arguments is a table: sys.exec{ \"ls\", \"-l\" }\n"},
		{"a table as argument", `sys.exec{ "ls", {} }`, "! sys exec: program wants a text, got a table\n"},
		{"a hole", `sys.exec{ "ls", nil, "x" }`, "! sys exec: has a hole: element 2 is nil, element 3 is not\n"},
		{"an unknown field", `sys.exec{ "ls", timout=1 }`, "! sys exec: unknown field \"timout\"; did you mean \"timeout\"?\n"},
		{"a wrong variable", `sys.exec{ "ls", env={ ["A=B"]=1 } }`, "! sys exec: env wants names of variables as keys, got \"A=B\"\n"},
		{"a wrong value", `sys.exec{ "ls", env={ A=true } }`, "! sys exec: env A wants a string, a number or false, got true\n"},
	})
}

// TestSysExecGroup ends the script's context and looks for what is left.
func TestSysExecGroup(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	if err := syscall.Mkfifo(dir+"/begun", 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.ctx = ctx
	ended := make(chan error, 1)
	go func() {
		f, err := os.Open(dir + "/begun")
		if err == nil {
			_, err = io.ReadFull(f, make([]byte, len("begun")))
			cancel()
		}
		if err == nil {
			_, err = io.Copy(io.Discard, f) // until the last that holds it has ended
			f.Close()
		}
		ended <- err
	}()
	got := w.run(`sys.exec "exec 3>` + dir + `/begun; sleep 1000 & echo begun >&3; wait"`)
	if !strings.Contains(got, "context canceled") {
		t.Errorf("got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// limited is a world whose scripts hold short strings.
type limited struct{ *world }

func (limited) StringLimit() int { return 1000 }

func TestSysExecOutputLimit(t *testing.T) {
	w := newWorld(t)
	w.L = newState(t, limited{&world{host: w.host}})
	start := time.Now()
	got := w.run(`print(#sys.exec{ "head", "-c", 1000, "/dev/zero" }.stdout)
		print(refused(function() sys.exec{ "yes" } end))
		print(refused(function() sys.exec{ "sh", "-c", "yes >&2" } end))`)
	want := "1000\nsys exec yes: killed: it printed more than 1000 bytes true\nsys exec sh: killed: it printed more than 1000 bytes true\n"
	if got != want {
		t.Errorf("got %q", got)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}
