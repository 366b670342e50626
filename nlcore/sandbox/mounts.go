package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// markSource is the source of the tmpfs on /run by which Inside knows a
// sandbox.
const markSource = "nlsh-sandbox"

// Inside says whether this process is in a sandbox that Run made, whoever
// started the process in it.
func Inside() bool {
	b, err := os.ReadFile("/proc/self/mountinfo")
	return err == nil && marked(string(b))
}

// marked looks for our mount in the text of a mountinfo file, whose lines are
// "id parent dev root mountpoint options... - type source options".
func marked(mountinfo string) bool {
	for line := range strings.Lines(mountinfo) {
		left, right, ok := strings.Cut(line, " - ")
		l, r := strings.Fields(left), strings.Fields(right)
		if ok && len(l) > 4 && l[4] == "/run" && len(r) > 1 && r[0] == "tmpfs" && r[1] == markSource {
			return true
		}
	}
	return false
}

// makePrivate stops mounts from propagating out, before the first is made.
func makePrivate() error {
	return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
}

// mountKernelFS mounts a fresh /proc or /sys. In a user namespace the kernel
// grants no more than the mount that is there: where that is read-only a
// read-only one, where parts of it are covered none at all (fs/namespace.c,
// mount_too_revealing).
func mountKernelFS(kind, target string, r *reply) error {
	const flags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC
	err := unix.Mount(kind, target, kind, flags, "")
	if err != unix.EPERM {
		return err
	}
	if unix.Mount(kind, target, kind, flags|unix.MS_RDONLY, "") != nil {
		return err
	}
	r.Warnings = append(r.Warnings, fmt.Sprintf("%s is read-only, as it is outside", target))
	return nil
}

// optional turns the refusal of a mount into a warning.
func optional(err error, target string, r *reply) error {
	if err == unix.EPERM || err == unix.EACCES {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s shows the machine's devices, because the kernel refuses to mount a fresh one (%v)", target, err))
		return nil
	}
	return err
}

// mountRun covers /run with a tmpfs and binds back what was there, but for
// netns, which `ip netns` makes anew.
func mountRun(r *reply) error {
	old, err := os.Open("/run")
	if err != nil {
		return err
	}
	defer old.Close()
	entries, err := old.ReadDir(-1)
	if err != nil {
		return err
	}
	if err := unix.Mount(markSource, "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=0755"); err != nil {
		return err
	}
	// The descriptor still leads to the covered directory.
	below := fmt.Sprintf("/proc/self/fd/%d", old.Fd())
	for _, e := range entries {
		if e.Name() == "netns" {
			continue
		}
		err := bindBack(filepath.Join(below, e.Name()), filepath.Join("/run", e.Name()), e.Type())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.Warnings = append(r.Warnings, fmt.Sprintf("/run/%s is missing inside: %v", e.Name(), err))
		}
	}
	return nil
}

// bindBack makes to what from is: a copy of a symbolic link, else the same
// file or directory with all that is mounted below it.
func bindBack(from, to string, mode fs.FileMode) error {
	var err error
	switch {
	case mode&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	case mode.IsDir():
		err = os.Mkdir(to, 0o755)
	default:
		err = os.WriteFile(to, nil, 0o644)
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(from, to, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		os.Remove(to)
		return fmt.Errorf("bind: %w", err)
	}
	return nil
}
