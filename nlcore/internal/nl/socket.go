package nl

import (
	"fmt"
	"os"

	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

// openSocket opens and binds a socket and turns on what this package relies
// on. It returns the port number and the receive buffer that was granted.
func openSocket(protocol, buffer int, strict bool) (fd int, pid uint32, granted int, err error) {
	fd, err = unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
	if err != nil {
		return -1, 0, 0, os.NewSyscallError("socket", err)
	}
	pid, granted, err = setUp(fd, buffer, strict)
	if err != nil {
		unix.Close(fd)
		return -1, 0, 0, err
	}
	return fd, pid, granted, nil
}

func setUp(fd, buffer int, strict bool) (pid uint32, granted int, err error) {
	if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, uapi.NETLINK_EXT_ACK, 1); err != nil {
		return 0, 0, fmt.Errorf("extended acknowledgements (kernel 4.12): %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, uapi.NETLINK_CAP_ACK, 1); err != nil {
		return 0, 0, fmt.Errorf("capped acknowledgements (kernel 4.3): %w", err)
	}
	if strict {
		if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, uapi.NETLINK_GET_STRICT_CHK, 1); err != nil {
			return 0, 0, fmt.Errorf("strict checking (kernel 4.20; NoStrict does without): %w", err)
		}
	}
	// Buffers are a wish: without privileges in the first user namespace the
	// kernel caps them silently, so what counts is what we read back.
	setBuffer(fd, unix.SO_RCVBUFFORCE, unix.SO_RCVBUF, buffer)
	setBuffer(fd, unix.SO_SNDBUFFORCE, unix.SO_SNDBUF, defaultBuffer)
	granted, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF)
	if err != nil {
		return 0, 0, os.NewSyscallError("getsockopt SO_RCVBUF", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, 0, os.NewSyscallError("bind", err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return 0, 0, os.NewSyscallError("getsockname", err)
	}
	own, ok := name.(*unix.SockaddrNetlink)
	if !ok {
		return 0, 0, fmt.Errorf("getsockname: address of type %T", name)
	}
	return own.Pid, granted, nil
}

func setBuffer(fd, force, plain, size int) {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, plain, size)
	}
}

// send hands a datagram to the peer. For the kernel the call returns when all
// its requests are processed.
func (c *Conn) send(b []byte) error {
	if c.tracer != nil {
		c.tracer.Trace(Sent, b)
	}
	for {
		err := unix.Sendto(c.fd, b, 0, c.peer)
		switch err {
		case nil:
			return nil
		case unix.EINTR:
		case unix.EMSGSIZE:
			return fmt.Errorf("netlink send of %d bytes: larger than the socket's send buffer: %w", len(b), err)
		default:
			return fmt.Errorf("netlink send: %w", err)
		}
	}
}

// peek says whether a datagram or a socket error is there.
func peek(fd int) unix.Errno {
	for {
		_, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(fd), 0, 0,
			unix.MSG_PEEK|unix.MSG_DONTWAIT, 0, 0)
		if errno != unix.EINTR {
			return errno
		}
	}
}
