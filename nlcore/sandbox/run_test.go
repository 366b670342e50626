package sandbox_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns/nstest"
)

// result is how a helper ended.
type result struct {
	Code int
	Out  string
}

// sh runs a script in a sandbox inside the test's own.
func sh(t *testing.T, script string) result {
	t.Helper()
	cmd, out := start(t, "run", "sh", "-c", script)
	r := result{Out: rest(t, out)}
	r.Code = wait(t, cmd)
	return r
}

// wait is the exit code.
func wait(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	err := cmd.Wait()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// outside is what a sandbox must not change around it.
func outside(t *testing.T) string {
	t.Helper()
	b, err := exec.Command("sh", "-c", "ip netns list; ip -j link; cat /proc/self/mountinfo; ls -l /run; hostname; ps -e -o comm= | grep -c sleep").CombinedOutput()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return string(b)
}

func unchanged(t *testing.T) {
	t.Helper()
	before := outside(t)
	t.Cleanup(func() {
		if d := cmp.Diff(before, outside(t)); d != "" {
			t.Error("outside before and after, -before +after:\n", d)
		}
	})
}

func TestRun(t *testing.T) {
	unchanged(t)
	for _, c := range []struct {
		name, script string
		want         result
	}{
		{"exit code", "exit 7", result{7, ""}},
		{"killed", "kill -9 $$", result{137, ""}},
		{"own pid namespace", "tr '\\0' ' ' </proc/1/cmdline; echo; cd /proc; ls -d [0-9]* | head -1; [ $$ -lt 100 ] && echo low", result{0, "nlsh-sandbox-init \n1\nlow\n"}},
		{"root", "id -u", result{0, "0\n"}},
		{"lo up and nothing else", "ip -br link", result{0, "lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> \n"}},
		// Where bonds are known, a control file of theirs is among the devices.
		{"own sysfs", "ip link add br0 type bridge; ls /sys/class/net | grep -v bonding_masters; stat -f -c %T /sys", result{0, "br0\nlo\nsysfs\n"}},
		{"host name", "hostname; hostname other; hostname", result{0, "box\nother\n"}},
		{"ip netns", "ip netns add h1; ip netns add h2; ip netns list | sort; ip netns exec h1 ip -br link; ip netns del h1; ip netns", result{0, "h1\nh2\nlo               DOWN           00:00:00:00:00:00 <LOOPBACK> \nh2\n"}},
		{"names are not inherited", "ls /run | grep -c netns", result{1, "0\n"}},
		{"sysctl", "echo 1 > /proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward", result{0, "1\n"}},
		{"no descriptor of ours", "readlink /proc/$$/fd/* | grep -c socket", result{1, "0\n"}},
		{"orphans are reaped", "mkfifo /run/p; pid=$(sh -c 'sh -c \"read x </run/p\" >/dev/null & echo $!'); echo go >/run/p; while kill -0 $pid 2>/dev/null; do :; done; echo reaped; exit 5", result{5, "reaped\n"}},
		// Reading the output to its end waits for the last process that has it.
		{"nothing survives", "setsid sleep 1000 & setsid sh -c 'trap \"\" TERM INT HUP; sleep 1000' & exit 3", result{3, ""}},
		{"environment", "cat /proc/$$/environ | tr '\\0' '\\n' | grep ^PATH=", result{0, "PATH=" + os.Getenv("PATH") + "\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, sh(t, c.script)); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

// /run shows what was there: files, pipes, links and mounts, but netns. What
// is mounted inside does not come out, though the mount there is shared.
func TestRunShowsRun(t *testing.T) {
	nstest.Sandboxed(t)
	prepare := "cd /run; mkdir -p t/sub; echo text >t/file; echo top >t.top; ln -s t/file t.link; mkfifo t.fifo; mount -t tmpfs deep t/sub; mount --make-shared t/sub; echo deep >t/sub/x; mkdir t/sub/m; ip netns add visible"
	clean := "cd /run; ip netns del visible; umount t/sub; rm -r t t.top t.link t.fifo"
	if out, err := exec.Command("sh", "-ec", prepare).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("sh", "-ec", clean).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	unchanged(t)
	got := sh(t, "cd /run; cat t/file t.top t.link t/sub/x; readlink t.link; [ -p t.fifo ] && echo pipe; ip netns; ls /run | grep -c netns; mkdir /run/mine; ip netns add mine; mount -t tmpfs in t/sub/m && echo mounted")
	want := result{0, "text\ntop\ntext\ndeep\nt/file\npipe\n0\nmounted\n"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}

// A sandbox in a sandbox is one more, and the program knows that it is inside.
func TestRunNests(t *testing.T) {
	unchanged(t)
	cmd, out := start(t, "run", "run", "run", "inside")
	got := result{Out: rest(t, out)}
	got.Code = wait(t, cmd)
	if d := cmp.Diff(result{0, "true\n"}, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}

// With the parent killed nothing inside goes on, wherever it had got to.
func TestRunParentKilled(t *testing.T) {
	unchanged(t)
	script := "ip netns add left; ip link add br0 type bridge; echo ready; setsid sleep 1000 & sleep 1000"
	t.Run("at work", func(t *testing.T) {
		cmd, out := start(t, "run", "sh", "-c", script)
		if got := readLine(t, out); got != "ready\n" {
			t.Fatalf("got %q", got)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		rest(t, out)
		if got := wait(t, cmd); got != -1 {
			t.Errorf("exit code %d of a killed process", got)
		}
	})
	// A first line in the output shows that init's setup may have begun.
	t.Run("in setup", func(t *testing.T) {
		for range 20 {
			cmd, out := start(t, "run", "sh", "-c", script)
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			rest(t, out)
			wait(t, cmd)
		}
	})
}

// A done context kills everything inside.
func TestRunCancelled(t *testing.T) {
	unchanged(t)
	nstest.Sandboxed(t)
	cmd := helperCmd("cancel", "sh", "-c", "trap '' TERM INT HUP; echo ready; setsid sleep 1000 & while :; do sleep 1000; done")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	cmd.Stderr = &text
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	in.Close()
	got := result{Code: wait(t, cmd)}
	got.Out = text.String()
	if d := cmp.Diff(result{98, "sandbox: context canceled\n"}, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}

// Signals to the parent reach the program, whose own choice it is what to do.
func TestRunRelays(t *testing.T) {
	unchanged(t)
	for _, c := range []struct {
		sig  syscall.Signal
		want result
	}{
		{syscall.SIGHUP, result{1, "hangup\n"}},
		{syscall.SIGINT, result{2, "interrupt\n"}},
		{syscall.SIGQUIT, result{3, "quit\n"}},
		{syscall.SIGTERM, result{15, "terminated\n"}},
	} {
		t.Run(c.sig.String(), func(t *testing.T) {
			cmd, out := start(t, "run", "signal")
			if got := readLine(t, out); got != "ready\n" {
				t.Fatalf("got %q", got)
			}
			if err := cmd.Process.Signal(c.sig); err != nil {
				t.Fatal(err)
			}
			got := result{Out: rest(t, out)}
			got.Code = wait(t, cmd)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}
