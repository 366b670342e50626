package sandbox_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns/nstest"
)

// The kernel itself refuses here, in a user namespace whose limits count for
// nobody else. `setpriv` takes away all capabilities but the one to map root.
func TestRunRefused(t *testing.T) {
	nstest.Sandboxed(t)
	unchanged(t)
	for _, tool := range []string{"bash", "setpriv", "unshare"} {
		_, err := exec.LookPath(tool)
		nstest.Need(t, err == nil, tool)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const poor = "exec setpriv --bounding-set=-all,+setfcap --inh-caps=-all"
	for _, c := range []struct {
		name, limits, want, how string
	}{
		{"user namespaces", "echo 0 >/proc/sys/user/max_user_namespaces", "sandbox: create namespaces: no space left on device: user.max_user_namespaces=0 forbids user namespaces; sysctl -w user.max_user_namespaces=10000\n", poor},
		{"network namespaces, with capabilities", "echo 0 >/proc/sys/user/max_net_namespaces", "sandbox: create namespaces: no space left on device: user.max_net_namespaces=0 forbids net namespaces; sysctl -w user.max_net_namespaces=10000\n", "exec"},
		{"root without capabilities", ":", "sandbox: create namespaces: operation not permitted: this root has neither CAP_SYS_ADMIN with CAP_NET_ADMIN nor CAP_SETFCAP; give the container CAP_SYS_ADMIN and CAP_NET_ADMIN, or run as an ordinary user\n", "exec setpriv --bounding-set=-all --inh-caps=-all"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var msg strings.Builder
			script := c.limits + `; ` + c.how + ` bash -c 'exec -a ` + helperName + ` "$0" run sh -c true' "$0"`
			cmd := exec.Command("unshare", "-Ur", "sh", "-c", script, self)
			cmd.Stderr = &msg
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			got := result{Code: wait(t, cmd)}
			got.Out = msg.String()
			if d := cmp.Diff(result{98, c.want}, got); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}
