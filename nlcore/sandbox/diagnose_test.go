package sandbox

import (
	"errors"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// The settings are those of Debian (unprivileged_userns_clone), Ubuntu 24.04
// (apparmor_restrict_unprivileged_userns) and every kernel (user/max_*).
func TestDiagnose(t *testing.T) {
	sysctls := func(pairs ...string) fstest.MapFS {
		m := fstest.MapFS{"user/max_user_namespaces": {Data: []byte("96364\n")}}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1] + "\n")}
		}
		return m
	}
	user, root := caller{euid: 1000}, caller{privileged: true, setfcap: true}
	start := func(e unix.Errno) error { return fmt.Errorf("fork/exec /proc/self/exe: %w", e) }
	for _, c := range []struct {
		name    string
		step    string
		err     error
		caller  caller
		sysctls fstest.MapFS
		want    string
	}{
		{"debian switch", stepNamespaces, start(unix.EPERM), user, sysctls("kernel/unprivileged_userns_clone", "0"),
			"sandbox: create namespaces: operation not permitted: kernel.unprivileged_userns_clone=0 forbids user namespaces; run as root, or: sysctl -w kernel.unprivileged_userns_clone=1"},
		{"debian switch on", stepNamespaces, start(unix.EPERM), user, sysctls("kernel/unprivileged_userns_clone", "1"),
			"sandbox: create namespaces: operation not permitted: a container's seccomp filter or a security module forbids user namespaces; run as root with CAP_SYS_ADMIN and CAP_NET_ADMIN, or outside the container"},
		{"apparmor, mapping", stepNamespaces, start(unix.EACCES), user, sysctls("kernel/apparmor_restrict_unprivileged_userns", "1"),
			"sandbox: create namespaces: permission denied: AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1); run as root, or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"},
		{"apparmor, mount", "make mounts private", unix.EACCES, user, sysctls("kernel/apparmor_restrict_unprivileged_userns", "1"),
			"sandbox: make mounts private: permission denied: AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1); run as root, or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"},
		{"masked proc", stepProc, unix.EPERM, user, sysctls(),
			"sandbox: mount /proc: operation not permitted: parts of /proc are covered, as containers do, so the kernel grants no fresh one; run outside the container, or start it with --security-opt systempaths=unconfined"},
		{"poor root", stepNamespaces, start(unix.EPERM), caller{}, sysctls(),
			"sandbox: create namespaces: operation not permitted: this root has neither CAP_SYS_ADMIN with CAP_NET_ADMIN nor CAP_SETFCAP; give the container CAP_SYS_ADMIN and CAP_NET_ADMIN, or run as an ordinary user"},
		{"real root", "mount /proc", unix.EACCES, root, sysctls("kernel/apparmor_restrict_unprivileged_userns", "1"),
			"sandbox: mount /proc: permission denied: a security module or a seccomp filter refuses it to root; allow it there, or run outside the container"},
		{"user limit", stepNamespaces, start(unix.ENOSPC), user, sysctls("user/max_user_namespaces", "0"),
			"sandbox: create namespaces: no space left on device: user.max_user_namespaces=0 forbids user namespaces; sysctl -w user.max_user_namespaces=10000"},
		{"user limit is nothing to root", stepNamespaces, start(unix.ENOSPC), root, sysctls("user/max_user_namespaces", "0", "user/max_pid_namespaces", "0"),
			"sandbox: create namespaces: no space left on device: user.max_pid_namespaces=0 forbids pid namespaces; sysctl -w user.max_pid_namespaces=10000"},
		{"used up", stepNamespaces, start(unix.EUSERS), user, sysctls(),
			"sandbox: create namespaces: too many users: too many namespaces exist, or they are nested deeper than 32; raise the limits user.max_*_namespaces"},
		{"no user namespaces built", stepNamespaces, start(unix.EINVAL), user, fstest.MapFS{},
			"sandbox: create namespaces: invalid argument: the kernel is built without user namespaces; run as root"},
		{"no pid namespaces built", stepNamespaces, start(unix.EINVAL), root, sysctls(),
			"sandbox: create namespaces: invalid argument: the kernel lacks network, mount, UTS or pid namespaces; use a kernel that has them"},
		{"no errno", "check namespaces", errors.New("init shares a namespace with its parent"), user, sysctls(),
			"sandbox: check namespaces: init shares a namespace with its parent: unexpected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := diagnose(c.step, c.err, c.caller, c.sysctls)
			if d := cmp.Diff(c.want, got.Error()); d != "" {
				t.Error("-want +got:\n", d)
			}
			var errno unix.Errno
			if errors.As(c.err, &errno) && !errors.Is(got, errno) {
				t.Errorf("the error does not unwrap to %v", errno)
			}
		})
	}
}

// The lines are of this machine (Linux 6.18), inside and outside a sandbox.
func TestMarked(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       bool
	}{
		{"ours", "178 130 0:48 / /run rw,nosuid,nodev,relatime - tmpfs nlsh-sandbox rw,mode=755\n", true},
		{"ours, shared", "178 130 0:48 / /run rw,nosuid,nodev,relatime shared:1 - tmpfs nlsh-sandbox rw,mode=755\n", true},
		{"the system's", "28 26 0:25 / /run rw,relatime - tmpfs tmpfs rw,mode=755\n", false},
		{"elsewhere", "178 130 0:48 / /mnt rw,relatime - tmpfs nlsh-sandbox rw,mode=755\n", false},
		{"other sort", "178 130 8:1 / /run rw,relatime - ext4 nlsh-sandbox rw\n", false},
		{"bind of a part", "180 178 0:48 /x /run/netns rw - tmpfs nlsh-sandbox rw\n", false},
		{"short", "178 - tmpfs\n\n - \n", false},
		{"none", "", false},
	} {
		if got := marked("21 26 0:20 / /proc rw,relatime - proc proc rw\n" + c.line); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
