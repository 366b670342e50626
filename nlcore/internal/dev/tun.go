package dev

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"nlsh/nlcore/internal/uapi"
)

// TunPath is the device that makes tun and tap links.
const TunPath = "/dev/net/tun"

// Tun describes a persistent tun or tap link.
type Tun struct {
	Name  string // "" lets the kernel choose: tun0 or tap0 and up
	Flags uint16 // uapi.IFF_TUN or IFF_TAP, with IFF_NO_PI and its like
	Index int32  // 0 lets the kernel choose
	Owner *uint32
	Group *uint32
}

// CreateTun makes the link in the network namespace of the calling thread and
// lets it persist. It must not exist: a link of that name is EEXIST. Where it
// fails nothing is left. It returns the link's name.
func CreateTun(t *Tun) (name string, err error) {
	// Not os.OpenFile: it would wait for the device in the poller.
	fd, err := unix.Open(TunPath, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", TunPath, err)
	}
	// Closing takes a link away that does not persist.
	defer unix.Close(fd)
	if t.Index != 0 {
		if err := unix.IoctlSetPointerInt(fd, unix.TUNSETIFINDEX, int(t.Index)); err != nil {
			return "", os.NewSyscallError("ioctl TUNSETIFINDEX", err)
		}
	}
	if name, err = attach(fd, t); err != nil {
		return "", err
	}
	if t.Owner != nil {
		if err := unix.IoctlSetInt(fd, unix.TUNSETOWNER, int(*t.Owner)); err != nil {
			return "", os.NewSyscallError("ioctl TUNSETOWNER", err)
		}
	}
	if t.Group != nil {
		if err := unix.IoctlSetInt(fd, unix.TUNSETGROUP, int(*t.Group)); err != nil {
			return "", os.NewSyscallError("ioctl TUNSETGROUP", err)
		}
	}
	if err := unix.IoctlSetInt(fd, unix.TUNSETPERSIST, 1); err != nil {
		return "", os.NewSyscallError("ioctl TUNSETPERSIST", err)
	}
	return name, nil
}

// attach creates the link and binds fd to it.
func attach(fd int, t *Tun) (string, error) {
	ifr, err := unix.NewIfreq(t.Name)
	if err != nil {
		return "", fmt.Errorf("name %q: %w", t.Name, err)
	}
	ifr.SetUint16(t.Flags | uapi.IFF_TUN_EXCL)
	switch err := unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr); err {
	case nil:
		return ifr.Name(), nil
	case unix.EBUSY: // so the kernel says that the name is taken
		return "", os.NewSyscallError("ioctl TUNSETIFF", unix.EEXIST)
	default:
		return "", os.NewSyscallError("ioctl TUNSETIFF", err)
	}
}
