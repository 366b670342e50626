package lua_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"nlsh/lua"
	"nlsh/nlcore/netns/nstest"
)

// TestWaiting runs what waits, and processes beside the script.
func TestWaiting(t *testing.T) {
	runAll(t, []script{
		{"sleep", `local t = os.time() sys.sleep(0) sys.sleep "1ms" sys.sleep(0.001) print(os.time() - t <= 5)`, "true\n"},
		{"sleep how long", `print(pcall(sys.sleep, "soon"))`, "false sys sleep: time wants seconds, or text such as \"500ms\", got \"soon\"\n"},
		{"sleep, negative", `sys.sleep(-1)`, "! t.lua:1: sys sleep: time wants seconds, or text such as \"500ms\", got -1\n"},

		{"wait returns all values", `local n = 0 print(sys.wait(function() n = n + 1 if n == 3 then return n, "x" end end, "60s"))`, "3 x\n"},
		{"wait calls once at least", `print(sys.wait(function() return 1 end, 0))`, "1\n"},
		{"wait in vain", `local ok, e = try(sys.wait, function() return false end, "5ms") print(ok, e, e.op)`,
			"nil sys wait: not within 5ms: the last value was false sys wait\n"},
		{"wait without a value", `sys.wait(function() end, "1ms")`, "! t.lua:1: sys wait: not within 1ms: nothing was returned\n"},
		{"a refusal is not yet", `local n = 0 print(sys.wait(function() n = n + 1 if n < 3 then link.get "nosuch" end return n end, "60s"))`, "3\n"},
		{"the last refusal is told", `sys.wait(function() link.get "nosuch" end, "1ms")`,
			"! t.lua:1: sys wait: not within 1ms: the last error was: t.lua:1: link get nosuch: no such device (ENODEV)\n"},
		{"a mistake is raised at once", `local n = 0 print(pcall(sys.wait, function() n = n + 1 error "mistake" end, "60s")) print(n)`,
			"false t.lua:1: mistake\n1\n"},
		{"a wrong field is raised at once", `sys.wait(function() link.get{ "lo", mtuu=1 } end, "60s")`,
			"! t.lua:1: link get lo: unknown field \"mtuu\"; did you mean \"mtu\"?\n"},
		{"os.exit ends a wait", `sys.wait(function() os.exit(3) end, "60s")`, "! exit status 3\n"},
		{"wait for no function", `sys.wait(true)`, "! t.lua:1: sys wait: f wants a function, got true\n"},

		{"kernel", `print(sys.kernel() == io.open "/proc/sys/kernel/osrelease":read "*l", sys.kernel "2.6", sys.kernel "999.1.1", sys.kernel(999))`, "true true false false\n"},
		{"kernel of a wrong version", `print(pcall(sys.kernel, "5.x"))`, "false sys kernel: version wants up to three numbers such as \"5.3\", got \"5.x\"\n"},
		{"modprobe in a sandbox", `local ok, e = try(sys.modprobe, "no_such_module") print(e, e.errno)`,
			"sys modprobe no_such_module: not in a sandbox (EPERM); load it outside first: modprobe no_such_module EPERM\n"},
		{"modprobe of no module", `sys.modprobe "-r"`, "! t.lua:1: sys modprobe: module wants a module's name, got \"-r\"\n"},
	})
}

func TestSpawn(t *testing.T) {
	runAll(t, []script{
		{"waited for", `local p = sys.spawn{ "echo", "a b" } local r = p:wait() print(r.stdout, r.code, p.stdout == r.stdout, p.code, p:running())`, "a b\n 0 true 0 false\n"},
		{"again", `local p = sys.spawn "exit 3" print(p:wait{ check=false }.code, p:wait{ check=false }.code)`, "3 3\n"},
		{"beside", `local p = sys.spawn{ "cat" } print(p:running(), p.pid > 1, p.stdout, tostring(p):match "^cat %(process %d+%)$" ~= nil)`, "true true nil true\n"},
		{"input", `print(sys.spawn{ "tr", "a", "b", stdin="banana" }:wait().stdout)`, "bbnbnb\n"},
		{"there", `local h1 = netns.add "h1" h1.link.add{ "b1", type="bridge" }
			print(h1.sys.spawn{ "cat", "/proc/net/dev" }:wait().stdout:match "b1", sys.spawn{ "cat", "/proc/net/dev", netns=h1 }:wait().stdout:match "b1", sys.spawn{ "cat", "/proc/net/dev" }:wait().stdout:match "b1")`, "b1 b1 nil\n"},
		{"killed", `local p = sys.spawn{ "sleep", 1000 } print(p:kill()) local r = p:wait() print(r.code, r.signal, p:kill())`, "true\n143 SIGTERM false\n"},
		{"killed with all it started", `local p = sys.spawn "sleep 1000 & sleep 1000" p:kill "KILL" print(p:wait().signal, p.signal)`, "SIGKILL SIGKILL\n"},
		{"a signal by number", `local p = sys.spawn{ "sleep", 1000 } p:kill(9) print(p:wait().signal)`, "SIGKILL\n"},
		{"no such signal", `sys.spawn{ "sleep", 1000 }:kill "NOSUCH"`, "! t.lua:1: process kill: signal wants a name such as \"TERM\", or a number from 1 to 64, got \"NOSUCH\"\n"},
		{"it failed", `local p = sys.spawn "echo oops >&2; exit 3" local ok, e = try(p.wait, p) print(e, e.code, e.stderr)`,
			"process wait echo oops >&2; exit 3: exit status 3: oops 3 oops\n\n"},
		{"somebody else killed it", `local p = sys.spawn "kill -9 $$" print(try(p.wait, p))`, "nil process wait kill -9 $$: ended by SIGKILL\n"},
		{"still running", `local p = sys.spawn{ "sleep", 1000 } print(try(p.wait, p, { timeout="1ms" })) print(p:running())`,
			"nil process wait sleep: still runs after 1ms\ntrue\n"},
		{"its time", `local p = sys.spawn{ "sleep", 1000, timeout="1s" } print(try(p.wait, p)) print(p.signal)`,
			"nil process wait sleep: killed after 1s\nSIGKILL\n"},
		{"no time", `sys.spawn{ "sleep", 1000, timeout=0 }`, "! t.lua:1: sys spawn sleep: killed after 0s\n"},
		{"no such program", `print(try(sys.spawn, { "no-such-program" }))`, "nil sys spawn no-such-program: no such program in PATH (ENOENT)\n"},
		{"two strings", `sys.spawn("ls", "-l")`, "! t.lua:1: sys spawn: a program with arguments is a table: sys.spawn{ \"ls\", \"-l\" }\n"},
		{"no program", `sys.spawn{}`, "! t.lua:1: sys spawn: needs program (text)\n"},
		{"an unknown field", `sys.spawn{ "ls", timout=1 }`, "! t.lua:1: sys spawn: unknown field \"timout\"; did you mean \"timeout\"?\n"},
		{"no colon", `local p = sys.spawn{ "true" } p.wait{ timeout=1 }`, "! t.lua:1: process wait: is called with a colon: p:wait(...)\n"},
		{"a field that is not there", `print(sys.spawn{ "true" }.stdou)`, "! t.lua:1: process true: no field \"stdou\"; did you mean \"stdout\"?\n"},
		{"a namespace that is gone", `local h1 = netns.add "h1" local s = h1.sys h1:del() s.spawn{ "true" }`, "! t.lua:1: namespace h1 was deleted\n"},
	})
}

// TestSpawnEnds holds that what a script started ends with it, and only then.
func TestSpawnEnds(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "held")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := lua.New(lua.Options{Netns: nstest.NewNS(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	// The shell and what it started hold the FIFO.
	if _, err := in.Eval(t.Context(), `sys.spawn "exec 3>`+fifo+`; sleep 1000 & wait"`); err != nil {
		t.Fatal(err)
	}
	held, err := os.Open(fifo) // waits for the shell
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, held) // until the last that holds it has ended
		ended <- err
	}()
	values, err := in.Eval(t.Context(), `sys.spawn{ "sleep", 1000 }:running()`)
	if err != nil || values[0].String() != "true" {
		t.Fatalf("the next line: %v, %v", values, err)
	}
	select {
	case <-ended:
		t.Fatal("it ended with the line that started it")
	default:
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("it lives on")
	}
	// No zombie is left: this process has no child.
	var ws syscall.WaitStatus
	if pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG, nil); err != syscall.ECHILD {
		t.Errorf("wait4: %d, %v", pid, err)
	}
}
