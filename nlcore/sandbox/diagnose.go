package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// The steps that the diagnosis tells apart.
const (
	stepNamespaces = "create namespaces"
	stepProc       = "mount /proc"
)

// Error says in one line that no sandbox could be made, why, and what helps.
// It unwraps to the errno of the call that failed.
type Error struct {
	Step   string // what was being done: "create namespaces", "mount /proc"
	Cause  string // why the kernel refused
	Remedy string // what the user can do; empty if unknown
	Err    error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("sandbox: %s: %v: %s", e.Step, e.Err, e.Cause)
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// caller is what the diagnosis needs to know of the process that asked.
type caller struct {
	privileged bool // no user namespace was made
	euid       int
	setfcap    bool // may map root into a user namespace
}

// explain makes the *Error for a failed step, with what the machine's
// settings say.
func explain(step string, err error, privileged bool) error {
	setfcap, capErr := hasCaps(unix.CAP_SETFCAP)
	c := caller{privileged: privileged, euid: os.Geteuid(), setfcap: setfcap || capErr != nil}
	return diagnose(step, err, c, os.DirFS("/proc/sys"))
}

// diagnose finds cause and remedy from the errno and, below sysctls, the
// settings that forbid namespaces.
func diagnose(step string, err error, c caller, sysctls fs.FS) *Error {
	var errno unix.Errno
	if errors.As(err, &errno) {
		err = errno
	}
	e := &Error{Step: step, Err: err}
	switch {
	case (errno == unix.EPERM || errno == unix.EACCES) && !c.privileged:
		e.Cause, e.Remedy = refusedUser(step, c, sysctls)
	case errno == unix.EPERM || errno == unix.EACCES:
		e.Cause, e.Remedy = "a security module or a seccomp filter refuses it to root", "allow it there, or run outside the container"
	case errno == unix.ENOSPC || errno == unix.EUSERS:
		e.Cause, e.Remedy = limit(c, sysctls)
	case errno == unix.EINVAL && step == stepNamespaces && !c.privileged && setting(sysctls, "user/max_user_namespaces") == "":
		e.Cause, e.Remedy = "the kernel is built without user namespaces", "run as root"
	case errno == unix.EINVAL && step == stepNamespaces:
		e.Cause, e.Remedy = "the kernel lacks network, mount, UTS or pid namespaces", "use a kernel that has them"
	default:
		e.Cause = "unexpected"
	}
	return e
}

// refusedUser is the diagnosis for EPERM and EACCES where a user namespace
// was needed. AppArmor lets it be made and refuses what is done in it, so the
// settings are looked at whatever the step.
func refusedUser(step string, c caller, sysctls fs.FS) (cause, remedy string) {
	const asRoot = "run as root, or: "
	switch {
	case setting(sysctls, "kernel/unprivileged_userns_clone") == "0":
		return "kernel.unprivileged_userns_clone=0 forbids user namespaces", asRoot + "sysctl -w kernel.unprivileged_userns_clone=1"
	case setting(sysctls, "kernel/apparmor_restrict_unprivileged_userns") == "1":
		return "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1)", asRoot + "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
	case c.euid == 0 && !c.setfcap:
		return "this root has neither CAP_SYS_ADMIN with CAP_NET_ADMIN nor CAP_SETFCAP", "give the container CAP_SYS_ADMIN and CAP_NET_ADMIN, or run as an ordinary user"
	case step == stepProc:
		return "parts of /proc are covered, as containers do, so the kernel grants no fresh one", "run outside the container, or start it with --security-opt systempaths=unconfined"
	}
	return "a container's seccomp filter or a security module forbids user namespaces", "run as root with CAP_SYS_ADMIN and CAP_NET_ADMIN, or outside the container"
}

// limit is the diagnosis where the kernel has reached a number.
func limit(c caller, sysctls fs.FS) (cause, remedy string) {
	for _, kind := range []string{"user", "net", "mnt", "pid", "uts"} {
		if kind == "user" && c.privileged {
			continue
		}
		if setting(sysctls, "user/max_"+kind+"_namespaces") == "0" {
			return fmt.Sprintf("user.max_%s_namespaces=0 forbids %s namespaces", kind, kind), fmt.Sprintf("sysctl -w user.max_%s_namespaces=10000", kind)
		}
	}
	return "too many namespaces exist, or they are nested deeper than 32", "raise the limits user.max_*_namespaces"
}

// setting reads one sysctl, "" if there is none.
func setting(sysctls fs.FS, name string) string {
	b, err := fs.ReadFile(sysctls, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
