package nstest

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// What an ordinary user may not do inside a user namespace either. These skip
// under NLSH_REQUIRE=1 too: the gate runs the same tests as root.

// NeedTun skips where /dev/net/tun is closed to this user, as it is on
// machines that keep it for root.
func NeedTun(t testing.TB) {
	t.Helper()
	f, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
	switch {
	case errors.Is(err, fs.ErrPermission):
		t.Skip("/dev/net/tun is closed to this user")
	case err == nil:
		f.Close()
	}
}

// NeedUsers skips where the user namespace maps one user alone, so that the
// kernel refuses the numbers of others.
func NeedUsers(t testing.TB) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		t.Fatal(err)
	}
	if f := strings.Fields(string(b)); len(f) == 3 && f[2] == "1" {
		t.Skip("this user namespace maps one user alone")
	}
}
