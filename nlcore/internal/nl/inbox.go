package nl

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// inboxSize is what the kernel fills at most in one step of a dump, so
	// what nearly every datagram fits into.
	inboxSize = 32 << 10
	// spillSize is as large as a datagram of the kernel can be: it is one
	// kmalloc, which ends at 4 MiB.
	spillSize = 4 << 20
)

// inbox is where datagrams are received without ever cutting one off. What
// does not fit into the first buffer goes on into a second one, which is
// mapped memory: it costs nothing until the kernel writes there. Asking for
// the size first would cost a second system call for each datagram, a third
// of the time of a small request.
type inbox struct {
	first []byte
	spill []byte
	from  unix.RawSockaddrNetlink
	parts [2]unix.Iovec
	head  unix.Msghdr
}

func (in *inbox) open() error {
	spill, err := unix.Mmap(-1, 0, spillSize, unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return fmt.Errorf("receive buffer: %w", os.NewSyscallError("mmap", err))
	}
	in.first, in.spill = make([]byte, inboxSize), spill
	for i, b := range [][]byte{in.first, in.spill} {
		in.parts[i].Base = &b[0]
		in.parts[i].SetLen(len(b))
	}
	in.head.Name = (*byte)(unsafe.Pointer(&in.from))
	in.head.Iov = &in.parts[0]
	in.head.SetIovlen(len(in.parts))
	return nil
}

func (in *inbox) close() { _ = unix.Munmap(in.spill) }

// take reads the next datagram, if one is there, and the port of its sender.
// The bytes are valid until the next call. It is a system call by number
// because unix.Recvmsg allocates the address.
func (in *inbox) take(fd int) (b []byte, from uint32, errno unix.Errno) {
	for {
		in.head.Namelen = unix.SizeofSockaddrNetlink
		n, _, errno := unix.Syscall(unix.SYS_RECVMSG, uintptr(fd),
			uintptr(unsafe.Pointer(&in.head)), unix.MSG_DONTWAIT)
		switch {
		case errno == unix.EINTR:
			continue
		case errno != 0:
			return nil, 0, errno
		case in.head.Flags&unix.MSG_TRUNC != 0:
			return nil, 0, unix.EMSGSIZE
		case int(n) <= len(in.first):
			return in.first[:n], in.from.Pid, 0
		}
		// The mapping must not leave this type: it ends with the Conn.
		over := in.spill[:int(n)-len(in.first)]
		b = make([]byte, 0, n)
		b = append(append(b, in.first...), over...)
		_ = unix.Madvise(in.spill, unix.MADV_DONTNEED)
		return b, in.from.Pid, 0
	}
}
