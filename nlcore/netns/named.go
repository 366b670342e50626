package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Dir is where iproute2 and we keep named namespaces, one file each.
const Dir = "/run/netns"

// CheckName says whether name can be the name of a namespace: one path
// element of at most 255 bytes.
func CheckName(name string) error {
	var why string
	switch {
	case name == "":
		why = "empty"
	case name == "." || name == "..":
		why = "stands for a directory"
	case strings.ContainsAny(name, "/\x00"):
		why = "contains a slash or a zero byte"
	case len(name) > 255:
		why = fmt.Sprintf("%d bytes, at most 255 are allowed", len(name))
	default:
		return nil
	}
	return fmt.Errorf("network namespace name %q: %s: %w", name, why, unix.EINVAL)
}

// NewNamed makes a namespace as `ip netns add` does: its lo is down, and it
// stays until DeleteNamed. Dir is made a shared mount point first if it is
// none, so that namespaces made here are seen in mount namespaces that follow
// this one. The error wraps fs.ErrExist if the name is taken. After an error
// nothing is left of it.
func NewNamed(name string) (*NS, error) {
	var n *NS
	err := reserve(name, func(path string) (err error) {
		if n, err = New(); err != nil {
			return err
		}
		if err := pin(n, path); err != nil {
			return errors.Join(err, n.Close())
		}
		n.path, n.name = path, name
		return nil
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// GiveName gives n a name, as NewNamed does with a new one; n itself does not
// know it.
func (n *NS) GiveName(name string) error {
	return reserve(name, func(path string) error { return pin(n, path) })
}

// reserve makes the file of a name for fill to pin a namespace on; it goes
// again where that fails.
func reserve(name string, fill func(path string) error) error {
	if err := CheckName(name); err != nil {
		return err
	}
	path := filepath.Join(Dir, name)
	err := shareDir()
	if err == nil {
		var f *os.File
		if f, err = os.OpenFile(path, os.O_RDONLY|os.O_CREATE|os.O_EXCL, 0); err == nil {
			f.Close()
			if err = fill(path); err != nil {
				os.Remove(path)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("network namespace %s: create: %w", name, err)
	}
	return nil
}

// pin mounts n on path, by its descriptor: the path it was opened at may be
// another's by now.
func pin(n *NS, path string) error {
	if err := unix.Mount(fmt.Sprintf("/proc/self/fd/%d", n.Fd()), path, "none", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount on %s: %w", path, err)
	}
	return nil
}

// shareDir makes Dir a shared mount point. The lock is the one iproute2
// takes: without it two first callers would stack two mounts, and names made
// through the lower one would vanish.
func shareDir() error {
	if err := os.Mkdir(Dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	dir, err := os.Open(Dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", Dir, err)
	}
	err = share()
	if !errors.Is(err, unix.EINVAL) {
		return err
	}
	// EINVAL: not a mount point yet.
	if err := unix.Mount(Dir, Dir, "none", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("mount %s on itself: %w", Dir, err)
	}
	return share()
}

func share() error {
	if err := unix.Mount("", Dir, "none", unix.MS_SHARED|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("make %s a shared mount: %w", Dir, err)
	}
	return nil
}

// DeleteNamed takes the name away, as `ip netns delete` does; the namespace
// itself goes when nothing else holds it. A file without a namespace is
// removed too. The error wraps fs.ErrNotExist if there is no such name.
func DeleteNamed(name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	path := filepath.Join(Dir, name)
	// EINVAL: nothing is mounted there, the file alone remains.
	if err := unix.Unmount(path, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW); err != nil && err != unix.EINVAL {
		return fmt.Errorf("network namespace %s: delete: unmount: %w", name, err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("network namespace %s: delete: %w", name, err)
	}
	return nil
}

// Names lists the named namespaces, sorted; none if Dir does not exist. As
// with `ip netns list`, files whose namespace is gone are among them.
func Names() ([]string, error) {
	entries, err := os.ReadDir(Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("network namespaces: list: %w", err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}
