package witness

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCoverage: the committed page is what the rows say.
func TestCoverage(t *testing.T) {
	places, facts, _, _ := all(t)
	want, err := os.ReadFile(filepath.Join(root, "docs", "coverage.gen.md"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), Table(Cover(places, facts))); d != "" {
		t.Errorf("docs/coverage.gen.md is not what the rows say: make coverage\n-committed +rows:\n%s", d)
	}
}

// TestCover counts an enum by hand: IFA_* of Linux 7.3 has 12 attributes, all
// of which nlcore has.
func TestCover(t *testing.T) {
	places, facts, _, _ := all(t)
	for _, c := range Cover(places, facts) {
		if c.Kernel == 0 {
			t.Errorf("%s of %s has no facts", c.Set, c.Header)
		}
		if c.Set != "IFA" {
			continue
		}
		want := Coverage{Header: "if_addr.h", Set: "IFA", Kernel: 12, Written: 8, Read: 4}
		if d := cmp.Diff(want, c); d != "" {
			t.Errorf("-by hand +counted:\n%s", d)
		}
	}
}
