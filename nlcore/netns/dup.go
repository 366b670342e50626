package netns

import (
	"fmt"

	vns "github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// Dup opens the same namespace again, with the same name and path; each is
// closed by itself.
func (n *NS) Dup() (*NS, error) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	fd, err := unix.FcntlInt(uintptr(n.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("network namespace %s: dup: %w", n.Path(), err)
	}
	return &NS{id: n.id, name: n.name, path: n.path, fd: vns.NsHandle(fd)}, nil
}
