package nstest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns/nstest"
)

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
