package netns

import (
	"errors"
	"fmt"

	vns "github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// OfFd opens the namespace behind a descriptor once more; fd stays the
// caller's.
func OfFd(fd int) (*NS, error) {
	if fd < 0 {
		return nil, errors.New("network namespace: no descriptor")
	}
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("network namespace: descriptor %d: %w", fd, err)
	}
	return fromHandle(vns.NsHandle(own), "", "")
}
