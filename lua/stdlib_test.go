package lua

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStdlibAsPUC runs every line of testdata/stdlib as a program under lua5.1 and under our libraries and compares what both
// write, messages included.
func TestStdlibAsPUC(t *testing.T) {
	files, err := filepath.Glob("testdata/stdlib/*.lua")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no programs")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".lua"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			programs := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			want, got := runPUC(t, programs), runOurs(t, programs)
			for i, p := range programs {
				t.Run(fmt.Sprint(i+1), func(t *testing.T) {
					if diff := cmp.Diff(want[i], got[i]); diff != "" {
						t.Errorf("%s:%d: %s\n(-lua5.1 +ours)\n%s", file, i+1, p, diff)
					}
				})
			}
		})
	}
}
