package nl_test

import (
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/netns/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// dial connects to the kernel, in the sandbox of the test binary.
func dial(t testing.TB, o *nl.Options) *nl.Conn {
	t.Helper()
	nstest.Sandboxed(t)
	c, err := nl.Dial(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
