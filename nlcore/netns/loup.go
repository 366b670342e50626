package netns

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// LoUp sets the loopback device of n up, by which it gets 127.0.0.1 and ::1.
// It uses an ioctl, because this package lies below netlink. It needs
// CAP_NET_ADMIN in n.
func (n *NS) LoUp() error {
	return n.Do(func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("lo up: socket: %w", err)
		}
		defer unix.Close(fd)
		req, err := unix.NewIfreq("lo")
		if err != nil {
			return fmt.Errorf("lo up: %w", err)
		}
		if err := unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, req); err != nil {
			return fmt.Errorf("lo up: read flags: %w", err)
		}
		req.SetUint16(req.Uint16() | unix.IFF_UP)
		if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, req); err != nil {
			return fmt.Errorf("lo up: set flags: %w", err)
		}
		return nil
	})
}
