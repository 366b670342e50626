package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The folder of a run that was killed goes, that of one that runs stays.
func TestWorkFolder(t *testing.T) {
	p := &project{dir: t.TempDir()}
	const gone = "run.999999999" // above the largest process id
	parent := fmt.Sprintf("run.%d", os.Getppid())
	for _, dir := range []string{gone + "/root", parent, "root"} {
		if err := os.MkdirAll(p.cached("vm/"+dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := p.workFolder()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(p.cached("vm"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range entries {
		got[e.Name()] = true
	}
	if d := cmp.Diff(map[string]bool{"root": true, parent: true, filepath.Base(dir): true}, got); d != "" {
		t.Error("-want +got:\n", d)
	}
}
