package embed

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	_ "nlsh/lua" // go test repeats this test when what it is made of changes
	"nlsh/nlcore/sandbox"
)

// TestOutsideModule copies a module to a temporary folder, with nlsh replaced by
// this project, and runs its tests as who runs these, and as an ordinary user
// where that is root. They hold parallel labs, from a sandbox of their own.
func TestOutsideModule(t *testing.T) {
	if sandbox.Inside() {
		t.Fatal("this test must not run in a sandbox: the module is to make its own")
	}
	dir := outside(t)
	t.Run("go test", func(t *testing.T) {
		passes(t, goCommand(t, dir, "test", "-o", "lab.test", "-count=1", "-v", "-parallel=4", "."))
	})
	t.Run("as an ordinary user", func(t *testing.T) { passes(t, ordinary(dir)) })
	t.Run("without Main", func(t *testing.T) {
		cmd := ordinary(dir, "-test.run=TestLab")
		cmd.Env = append(os.Environ(), "OUTSIDE_WITHOUT_MAIN=1")
		ends(t, cmd, 1, `operation not permitted; the package of this test needs: func TestMain\(m \*testing.M\) { nlshtest.Main\(m\) }`)
	})
	refused(t, dir)
}

// refused runs the labs where there can be no namespaces.
func refused(t *testing.T, dir string) {
	if out, err := exec.Command("unshare", "-Ur", "setpriv", "true").CombinedOutput(); err != nil {
		if os.Getenv("NLSH_REQUIRE") == "1" {
			t.Errorf("unshare and setpriv: %v: %s", err, out)
		}
		return
	}
	for _, c := range []struct {
		name, require, want string
		code                int
	}{
		{"where user namespaces are forbidden", "", `(?s)test.go:[0-9]+: missing: sandbox: create namespaces: [^\n]*user.max_user_namespaces=0 forbids user namespaces.*--- SKIP: TestLab/0 `, 0},
		{"where they are forbidden and required", "1", `(?s)test.go:[0-9]+: missing, and NLSH_REQUIRE=1: sandbox: create namespaces: [^\n]*user.max_user_namespaces=0 forbids user namespaces.*--- FAIL: TestLab/0 `, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The limit counts in a user namespace of its own only.
			cmd := exec.Command("unshare", "-Ur", "sh", "-c", "echo 0 >/proc/sys/user/max_user_namespaces; "+
				"exec setpriv --bounding-set=-all,+setfcap --inh-caps=-all ./lab.test -test.v -test.run=TestLab -test.parallel=4")
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "NLSH_REQUIRE="+c.require)
			ends(t, cmd, c.code, c.want)
		})
	}
}

// ordinary runs the compiled tests as an ordinary user: who runs these, or
// nobody where that is root.
func ordinary(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("./lab.test", append([]string{"-test.v", "-test.parallel=4"}, args...)...)
	cmd.Dir = dir
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return cmd
}

// ends runs cmd, which has to end with code and say want, a regular expression.
func ends(t *testing.T, cmd *exec.Cmd, code int, want string) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code || !regexp.MustCompile(want).Match(out) {
		t.Errorf("code %d, want %d and\n\t%s\ngot\n%s", got, code, want, out)
	}
}

// passes runs the tests of the module; a lab that was skipped is one that did
// not pass, unless the machine forbids sandboxes.
func passes(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	if why := regexp.MustCompile(`missing: .*`).Find(out); why != nil {
		t.Skip(string(why)) // under NLSH_REQUIRE=1 it has failed already
	}
	for _, name := range []string{"TestGreet", "TestLab", "TestLab/0", "TestLab/1", "TestLab/2"} {
		if !bytes.Contains(out, []byte("--- PASS: "+name+" (")) {
			t.Errorf("%s did not pass:\n%s", name, out)
		}
	}
}

// goCommand is the go command in dir, with what is on this machine.
func goCommand(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "PWD="+dir)
	return cmd
}

// outside is the module in a folder that everybody can read.
func outside(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	// What the go command reads below does not count for the cache of this
	// test's result; what the test reads does.
	if _, err := fs.Glob(os.DirFS(filepath.Join(root, "lua/nlshtest")), "*.go"); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "nlsh-outside-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("testdata/outside")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": strings.Replace(string(text), "NLSH", root, 1), "go.sum": string(sums)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
