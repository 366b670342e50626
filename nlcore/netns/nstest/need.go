package nstest

import (
	"os"
	"testing"

	"nlsh/nlcore/netns"
)

// Need skips the test unless ok, with a text that names what is missing;
// under NLSH_REQUIRE=1 it fails the test instead.
func Need(t testing.TB, ok bool, what string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("NLSH_REQUIRE") == "1" {
		t.Fatalf("missing, and NLSH_REQUIRE=1: %s", what)
	}
	t.Skipf("missing: %s", what)
}

// Sandboxed is for a test that changes the namespace it runs in: it skips, or
// fails as Need does, unless Main could make a sandbox.
func Sandboxed(t testing.TB) {
	t.Helper()
	Need(t, refused == "", refused)
}

// NewNS makes a namespace without a name, with lo up, and closes it at the
// end of the test. Without a sandbox it skips or fails as Need does.
func NewNS(t testing.TB) *netns.NS {
	t.Helper()
	Sandboxed(t)
	n, err := netns.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	if err := n.LoUp(); err != nil {
		t.Fatal(err)
	}
	return n
}
