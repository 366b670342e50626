package nstest_test

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

// play makes TestPlayed do something, in a test binary that a test starts.
var play = flag.String("play", "", "what TestPlayed does")

func TestMain(m *testing.M) { nstest.Main(m) }

// A namespace from NewNS has one device, lo, and it is up.
func TestNewNS(t *testing.T) {
	type link struct {
		Ifname string
		Flags  []string
	}
	var got []link
	nstest.IPJSON(t, nstest.NewNS(t), &got, "link")
	want := []link{{"lo", []string{"LOOPBACK", "UP", "LOWER_UP"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("ip link, -want +got:\n", d)
	}
}

// numbers are what differs from run to run in a test binary's output.
var numbers = regexp.MustCompile(`\d+\.\d+s|\d+`)

// coverage is printed by a binary built with -cover.
var coverage = regexp.MustCompile(`(?m)^coverage: .*\n`)

// options of a tmpfs depend on the kernel and on whether a user namespace is
// in use.
var options = regexp.MustCompile(`(tmpfs left rw).*`)

// rerun runs this test binary with -play, through a shell script in which
// "$@" is that call, and returns its exit code and output without numbers.
func rerun(t *testing.T, script, what string, more ...string) (code int, out string) {
	t.Helper()
	nstest.Sandboxed(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-c", script, "sh", self, "-test.run=^TestPlayed$", "-play=" + what}, more...)
	cmd := exec.Command("sh", args...)
	// The script decides on ours; under -race a process would take 1 s to end.
	cmd.Env = append(os.Environ(), "NLSH_REQUIRE=", "NLSH_IP=", "GORACE=atexit_sleep_ms=0")
	b, err := cmd.CombinedOutput()
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		code = exited.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return code, numbers.ReplaceAllString(coverage.ReplaceAllString(string(b), ""), "N")
}

// Each thing that can be left behind is found and fails the run.
func TestMainFindsLeaks(t *testing.T) {
	for _, c := range []struct {
		what string
		code int
		want string
	}{
		{"nothing", 0, "PASS\n"},
		{"failure", 1, "--- FAIL: TestPlayed (N)\n    played_test.go:N: as told\nFAIL\n"},
		{"descriptor", 1, "PASS\nnstest: left over after the tests:\n\tdescriptor N: net:[N]\n"},
		{"thread", 1, "PASS\nnstest: left over after the tests:\n\tthread N in net:[N], the process is in net:[N]\n"},
		{"name", 1, "PASS\nnstest: left over after the tests:\n\tnamed namespace left\n"},
		{"mount", 1, "PASS\nnstest: left over after the tests:\n\tmount N N N:N / /run/left rw,relatime - tmpfs left rw\n"},
	} {
		t.Run(c.what, func(t *testing.T) {
			code, out := rerun(t, `"$@"`, c.what)
			out = options.ReplaceAllString(out, "$1")
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if d := cmp.Diff(c.want, out); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
	if err := netns.DeleteNamed("left"); err != nil {
		t.Error(err)
	}
	if out, err := exec.Command("sh", "-c", "umount /run/left && rmdir /run/left").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// unmarked starts the call where nothing shows that it is in a sandbox. Only
// the mount on top of /run is taken away: one below may be the machine's own,
// which a user namespace cannot part with.
const unmarked = `exec unshare -m sh -c 'umount -l /run && "$@"' sh "$@"`

// refusing does the same where no namespace can be made: the limits are those
// of a user namespace of its own.
const refusing = `exec unshare -m sh -c 'umount -l /run; exec unshare -Ur sh -c "echo 0 >/proc/sys/user/max_net_namespaces; exec \"\$@\"" sh "$@"' sh "$@"`

// Outside a sandbox Main makes one; where it cannot, tests that need one skip
// with cause and remedy, or fail under NLSH_REQUIRE=1.
func TestMainEnters(t *testing.T) {
	const cause = "sandbox: create namespaces: no space left on device: user.max_net_namespaces=N forbids net namespaces; sysctl -w user.max_net_namespaces=N\n"
	for _, c := range []struct {
		name, script, what string
		code               int
		want               string
	}{
		{"inherits inside", `"$@"`, "where", 0, "=== RUN   TestPlayed\n    played_test.go:N: as before\n--- PASS: TestPlayed (N)\nPASS\n"},
		{"enters outside", unmarked, "where", 0, "=== RUN   TestPlayed\n    played_test.go:N: child of init\n--- PASS: TestPlayed (N)\nPASS\n"},
		{"exit code", unmarked, "failure", 1, "=== RUN   TestPlayed\n    played_test.go:N: as told\n--- FAIL: TestPlayed (N)\nFAIL\n"},
		{"leak", unmarked, "name", 1, "=== RUN   TestPlayed\n--- PASS: TestPlayed (N)\nPASS\nnstest: left over after the tests:\n\tnamed namespace left\n"},
		{"refused", refusing, "needs", 0, "=== RUN   TestPlayed\n    played_test.go:N: missing: " + cause + "--- SKIP: TestPlayed (N)\nPASS\n"},
		{"refused but required", "export NLSH_REQUIRE=1; " + refusing, "needs", 1, "=== RUN   TestPlayed\n    played_test.go:N: missing, and NLSH_REQUIRE=N: " + cause + "--- FAIL: TestPlayed (N)\nFAIL\n"},
		{"refused, not needed", refusing, "nothing", 0, "=== RUN   TestPlayed\n--- PASS: TestPlayed (N)\nPASS\n"},
		{"no ip", "export PATH=/none; " + `"$@"`, "ip", 0, "=== RUN   TestPlayed\n    played_test.go:N: missing: iprouteN (exec: \"ip\": executable file not found in $PATH): install it or set NLSH_IP\n--- SKIP: TestPlayed (N)\nPASS\n"},
		{"chosen ip", "export NLSH_IP=/bin/echo; " + `"$@"`, "ip", 0, "=== RUN   TestPlayed\n    played_test.go:N: \"link show\\n\"\n--- PASS: TestPlayed (N)\nPASS\n"},
		{"failing ip", "export NLSH_IP=/bin/false; " + `"$@"`, "ip", 1, "=== RUN   TestPlayed\n    played_test.go:N: ip link show: exit status N: \n--- FAIL: TestPlayed (N)\nFAIL\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out := rerun(t, c.script, c.what, "-test.v")
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if d := cmp.Diff(c.want, out); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}

// Fuzzing workers are in the sandbox of the process that started them.
func TestMainFuzzes(t *testing.T) {
	code, out := rerun(t, unmarked, "", "-test.fuzz=^FuzzPlayed$", "-test.fuzztime=50x", "-test.parallel=2", "-test.fuzzcachedir="+t.TempDir())
	if code != 0 || !strings.Contains(out, "\nPASS\n") || !strings.Contains(out, "execs: ") {
		t.Errorf("exit code %d, output:\n%s", code, out)
	}
}
