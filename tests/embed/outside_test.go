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
		passes(t, goCommand(t, dir, "test", "-count=1", "-v", "-parallel=4", "./..."))
	})
	if os.Getuid() != 0 {
		return // that was an ordinary user
	}
	t.Run("as an ordinary user", func(t *testing.T) {
		build := goCommand(t, dir, "test", "-c", "-o", "lab.test", ".")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		run := exec.Command("./lab.test", "-test.v", "-test.parallel=4")
		run.Dir = dir
		run.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		passes(t, run)
	})
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
