package script

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// prebuilt is an nlsh to test instead of one that TestMain builds: tests/vm
// gives it, for its guests have no compiler.
var prebuilt = flag.String("nlsh", "", "path of the nlsh to test; empty: build one")

// binary is the folder of the nlsh under test.
var binary string

func TestMain(m *testing.M) {
	flag.Parse()
	if *prebuilt != "" {
		binary = filepath.Dir(*prebuilt)
		os.Exit(m.Run())
	}
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "nlsh-script")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "nlsh"), "nlsh/cmd/nlsh").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("go build: %v\n%s", err, out)
	}
	binary = dir
	return m.Run(), nil
}

func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../scripts/examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", binary+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("EXAMPLES", examples)
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
	})
}

// exits CODE COMMAND... runs a command and demands its exit code; what it
// printed is for stdout and stderr, as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := err.(*exec.ExitError); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}
