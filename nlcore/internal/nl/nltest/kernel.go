package nltest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

// Kernel is the scripted end. Its methods end the script by failing the test.
type Kernel struct {
	tb   testing.TB
	fd   int
	pid  uint32
	conn *nl.Conn
	rest []Request
}

// Request is one that the Conn sent.
type Request struct {
	Type, Flags uint16
	Seq         uint32
	// Raw is the whole message with its header.
	Raw []byte
}

// Dial returns a Conn whose kernel is the script, which runs in a goroutine of
// its own. The options' Protocol and Peer are set by Dial, nil is the defaults.
// At the end of the test the Conn is closed and the script must have returned:
// one that still waits for a request fails the test.
func Dial(tb testing.TB, o *nl.Options, script func(*Kernel)) *nl.Conn {
	tb.Helper()
	fd, pid := socket(tb)
	k := &Kernel{tb: tb, fd: fd, pid: pid}
	with := nl.Options{}
	if o != nil {
		with = *o
	}
	with.Protocol, with.Peer = unix.NETLINK_USERSOCK, pid
	conn, err := nl.Dial(&with)
	if err != nil {
		unix.Close(fd)
		tb.Fatal(err)
	}
	k.conn = conn
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		script(k)
	}()
	tb.Cleanup(func() {
		// What the script waits for now comes as an end of the stream.
		stop(tb, fd, pid)
		<-ended
		conn.Close()
		if k.fd >= 0 {
			unix.Close(k.fd)
		}
	})
	return conn
}

// socket opens a bound socket.
func socket(tb testing.TB) (fd int, pid uint32) {
	tb.Helper()
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_USERSOCK)
	if err != nil {
		tb.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		tb.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		tb.Fatal(err)
	}
	return fd, name.(*unix.SockaddrNetlink).Pid
}

// end is the message type that tells a waiting script that the test is over.
const end = 0xffff

func stop(tb testing.TB, fd int, pid uint32) {
	from, _ := socket(tb)
	defer unix.Close(from)
	// The script may be gone, with its socket: then there is nobody to tell.
	_ = unix.Sendto(from, message(end, 0, 0, nil), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: pid})
}

// Next returns the Conn's next request; those of one datagram come one by one.
func (k *Kernel) Next() Request {
	b := make([]byte, 1<<20)
	for len(k.rest) == 0 {
		n, _, err := unix.Recvfrom(k.fd, b, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			k.fail("read a request: %v", err)
		}
		k.split(b[:n])
	}
	r := k.rest[0]
	k.rest = k.rest[1:]
	if r.Type == end {
		k.fail("the script waits for a request that never comes")
	}
	return r
}

// split checks the framing as the kernel does, but says what is wrong.
func (k *Kernel) split(b []byte) {
	order := binary.NativeEndian
	for len(b) > 0 {
		size := uapi.NLMSG_HDRLEN + 1
		if len(b) >= uapi.NLMSG_HDRLEN {
			size = int(order.Uint32(b))
		}
		if size < uapi.NLMSG_HDRLEN || size > len(b) || (size+3)&^3 > len(b) {
			k.fail("request with bad framing: % x", b)
		}
		k.rest = append(k.rest, Request{
			Type: order.Uint16(b[4:]), Flags: order.Uint16(b[6:]), Seq: order.Uint32(b[8:]),
			Raw: append([]byte(nil), b[:size]...),
		})
		b = b[(size+3)&^3:]
	}
}

// Send sends a datagram to the Conn as it is.
func (k *Kernel) Send(b []byte) {
	if err := unix.Sendto(k.fd, b, 0, k.to()); err != nil {
		k.fail("send to the connection: %v", err)
	}
}

// SendAsStranger sends a datagram to the Conn from another socket.
func (k *Kernel) SendAsStranger(b []byte) {
	fd, _ := socket(k.tb)
	defer unix.Close(fd)
	if err := unix.Sendto(fd, b, 0, k.to()); err != nil {
		k.fail("send to the connection: %v", err)
	}
}

// Multicast sends a datagram to the members of a group, from 1 to 32. Where a
// member has no room, its next read says ENOBUFS. A multicast has a second,
// unicast receiver, port zero, which user sockets never have: it is refused.
func (k *Kernel) Multicast(group uint32, b []byte) {
	err := unix.Sendto(k.fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: 1 << (group - 1)})
	if err != nil && !errors.Is(err, unix.ENOBUFS) && !errors.Is(err, unix.ECONNREFUSED) {
		k.fail("multicast: %v", err)
	}
}

// Die closes the kernel's socket.
func (k *Kernel) Die() {
	unix.Close(k.fd)
	k.fd = -1
}

func (k *Kernel) to() *unix.SockaddrNetlink {
	return &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: k.conn.Pid()}
}

// fail ends the script; the Conn is closed so that the test does not wait.
func (k *Kernel) fail(format string, args ...any) {
	k.tb.Error("nltest: " + fmt.Sprintf(format, args...))
	k.conn.Close()
	runtime.Goexit()
}
