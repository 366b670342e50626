package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// EtcDir holds a folder for each name whose files cover those of /etc for the
// programs of that namespace, as for `ip netns exec`.
const EtcDir = "/etc/netns"

// Exec runs start on a thread inside n, as Do does, with mounts of its own
// that a program started there (by exec.Cmd.Start) keeps: /sys shows the
// devices of n, and what is in EtcDir/name covers what /etc has under the
// same names; an empty name covers nothing. What is mounted or unmounted
// outside later is seen inside, never the other way round. Where n is the
// namespace of the process, /sys and /etc are right and start runs as in Do.
//
// A step before start that fails is an *ExecError. A user namespace in which
// the kernel refuses a fresh sysfs keeps the /sys it has, of which the sandbox
// warned. Unlike `ip netns exec`, which goes on, a file of EtcDir that cannot
// cover its namesake is an error: the program would read the wrong one.
//
// No thread keeps the mounts: the one that start ran on ends. So the kernel
// would take a program with a Pdeathsig for orphaned; do not set one.
func (n *NS) Exec(name string, start func() error) error {
	if name != "" {
		if err := CheckName(name); err != nil {
			return err
		}
	}
	var st unix.Stat_t
	if unix.Stat("/proc/self/ns/net", &st) == nil && n.id == (ID{st.Dev, st.Ino}) {
		return n.Do(start)
	}
	return lent(true, func() error {
		if err := n.enter(); err != nil {
			return err
		}
		if err := ownMounts(name); err != nil {
			return err
		}
		return start()
	})
}

// ExecError is a step of Exec that failed, so that nothing was started.
type ExecError struct {
	Step string // "mount /sys"
	Err  error
}

func (e *ExecError) Error() string { return e.Step + ": " + e.Err.Error() }

// Unwrap is the cause, an errno.
func (e *ExecError) Unwrap() error { return e.Err }

// ownMounts gives the calling thread, which is never used again, mounts of its
// own.
func ownMounts(name string) error {
	// The thread leaves the others' root and working directory with it.
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return &ExecError{"make a mount namespace", err}
	}
	// A slave: names deleted outside must not live on in here.
	if err := unix.Mount("", "/", "", unix.MS_SLAVE|unix.MS_REC, ""); err != nil {
		return &ExecError{"keep mounts inside", err}
	}
	if err := mountSys(); err != nil {
		return &ExecError{"mount /sys", err}
	}
	return bindEtc(name)
}

// mountSys mounts the sysfs of the thread's network namespace. Where /sys is
// locked in place (in a user namespace, EINVAL) it is covered.
func mountSys() error {
	const flags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	_ = unix.Unmount("/sys", unix.MNT_DETACH)
	err := unix.Mount("sysfs", "/sys", "sysfs", flags, "")
	if err == unix.EPERM { // a user namespace gets no more than it has
		err = unix.Mount("sysfs", "/sys", "sysfs", flags|unix.MS_RDONLY, "")
	}
	switch err {
	case unix.EBUSY, unix.ENOENT: // the same one is there; there is no /sys
		return nil
	case unix.EPERM, unix.EACCES:
		var st unix.Statfs_t
		if unix.Statfs("/sys", &st) == nil && st.Type == unix.SYSFS_MAGIC {
			return nil
		}
	}
	return err
}

// bindEtc covers the files in /etc.
func bindEtc(name string) error {
	if name == "" {
		return nil
	}
	dir := filepath.Join(EtcDir, name)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &ExecError{"read " + dir, err}
	}
	for _, e := range entries {
		from, to := filepath.Join(dir, e.Name()), filepath.Join("/etc", e.Name())
		if err := unix.Mount(from, to, "", unix.MS_BIND, ""); err != nil {
			return &ExecError{fmt.Sprintf("cover %s with %s", to, from), err}
		}
	}
	return nil
}
