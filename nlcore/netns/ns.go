package netns

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	vns "github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// ID tells namespaces apart: the device and inode of the namespace file, as
// stat reports them. Two descriptors of one namespace have equal IDs. The
// kernel may give an ID again after the namespace is gone.
type ID struct{ Dev, Ino uint64 }

// NS is an open network namespace, which lives at least as long as it is
// open. It is safe for concurrent use; Close it once.
type NS struct {
	id   ID
	name string
	path string

	mu sync.RWMutex
	fd vns.NsHandle // -1 after Close
}

// Current opens the namespace of the calling thread. Unless the goroutine is
// locked to its thread, that is the namespace of the process.
func Current() (*NS, error) {
	h, err := vns.GetFromPath(threadPath)
	if err != nil {
		return nil, fmt.Errorf("network namespace of the current thread: open: %w", err)
	}
	return fromHandle(h, "", "")
}

// Named opens the namespace that `ip netns` knows under name. The error wraps
// fs.ErrNotExist if there is none.
func Named(name string) (*NS, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	return open(filepath.Join(Dir, name), name)
}

// AtPath opens the namespace whose file is at path, for instance
// /proc/7/ns/net. A file of another sort is not opened but is an error.
func AtPath(path string) (*NS, error) { return open(path, "") }

// OfPid opens the namespace of the main thread of process pid, counted in the
// pid namespace that /proc shows.
func OfPid(pid int) (*NS, error) { return open(fmt.Sprintf("/proc/%d/ns/net", pid), "") }

// open refuses what is no namespace file before it opens it, because opening
// a pipe blocks and opening a device may do anything.
func open(path, name string) (*NS, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return nil, fmt.Errorf("network namespace %s: %w", path, err)
	}
	if fs.Type != unix.NSFS_MAGIC {
		if name != "" {
			return nil, fmt.Errorf("network namespace %s: a plain file, its namespace is gone; `ip netns delete %s` removes it: %w", path, name, unix.EINVAL)
		}
		return nil, fmt.Errorf("network namespace %s: not a namespace file: %w", path, unix.EINVAL)
	}
	h, err := vns.GetFromPath(path)
	if err != nil {
		return nil, fmt.Errorf("network namespace %s: open: %w", path, err)
	}
	return fromHandle(h, path, name)
}

// fromHandle takes h over, also when it fails.
func fromHandle(h vns.NsHandle, path, name string) (*NS, error) {
	kind, err := unix.IoctlRetInt(int(h), unix.NS_GET_NSTYPE)
	if err != nil || kind != unix.CLONE_NEWNET {
		h.Close()
		return nil, fmt.Errorf("network namespace %s: not a network namespace: %w", path, unix.EINVAL)
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(h), &st); err != nil {
		h.Close()
		return nil, fmt.Errorf("network namespace %s: stat: %w", path, err)
	}
	return &NS{id: ID{st.Dev, st.Ino}, name: name, path: path, fd: h}, nil
}

// ID identifies the namespace; it stays valid after Close.
func (n *NS) ID() ID { return n.id }

// Name is the name under which n was opened or made, "" if none.
func (n *NS) Name() string { return n.name }

// Path opens n once more: the path it was opened at, else one below
// /proc/<pid of this process>/fd, which works only until Close.
func (n *NS) Path() string {
	if n.path != "" {
		return n.path
	}
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n.Fd())
}

// Fd is the descriptor, for use with netlink attributes that take one; -1
// after Close. It stays n's: do not close it.
func (n *NS) Fd() int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return int(n.fd)
}

// Close closes the descriptor. The namespace goes when nothing else holds it.
// A second Close returns os.ErrClosed.
func (n *NS) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.fd.IsOpen() {
		return fmt.Errorf("network namespace %s: %w", n.path, os.ErrClosed)
	}
	err := n.fd.Close()
	n.fd = vns.None()
	return err
}
