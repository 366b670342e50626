package nl

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Options say how [Dial] opens a connection. The zero value, and nil, mean
// rtnetlink with every protection on.
type Options struct {
	// Protocol is the netlink protocol. Zero is NETLINK_ROUTE.
	Protocol int
	// NoStrict opens the connection without strict checking of dump requests,
	// for kernels before 4.20, which refuse it. There filters of a dump are
	// ignored by the kernel.
	NoStrict bool
	// Buffer is the socket's receive buffer in bytes, as far as the caller's
	// privileges allow. Zero is 1 MiB, which is also the send buffer.
	Buffer int
	// Tracer sees each datagram. Nil means none.
	Tracer Tracer
	// Warned is called with the kernel's words on a request that it accepted:
	// the Error has Errno zero. Its goroutine is the request's or, in a batch,
	// one of the Conn's. It must not use the Conn. Nil drops them.
	Warned func(*Error)
	// Peer is the port of the one who answers. Zero is the kernel; only tests,
	// with a scripted kernel at the other end, name another.
	Peer uint32
}

// defaultBuffer holds the refusals of several full packs at once.
const defaultBuffer = 1 << 20

// Conn is a netlink socket. It is safe for concurrent use: each request has
// the socket alone until it is answered, and the others wait, as long as their
// contexts allow. A system call that the kernel is working on (a send, which
// the kernel processes before it returns) cannot be interrupted by a context.
type Conn struct {
	fd       int
	pid      uint32
	protocol int
	peer     *unix.SockaddrNetlink
	tracer   Tracer
	warned   func(*Error)
	most     int // requests a pack

	owner  chan struct{} // holds one token while a call owns the socket
	closed atomic.Bool
	done   chan struct{} // closed with the Conn
	fdLock sync.RWMutex  // held for reading by calls that use fd unowned

	joined  atomic.Bool   // a member of multicast groups
	undone  atomic.Uint32 // sequence number of a dump that was left early
	waiting waiter

	// These belong to the owner.
	seq uint32
	in  inbox

	spareLock sync.Mutex
	spare     []*pack
}

// Dial opens a connection in the network namespace of the calling thread, with
// extended acknowledgements and strict checking on. Nil options are the
// defaults. A kernel without strict checking (before 4.20) is an error unless
// NoStrict is set.
func Dial(o *Options) (*Conn, error) {
	if o == nil {
		o = &Options{}
	}
	buffer := o.Buffer
	if buffer <= 0 {
		buffer = defaultBuffer
	}
	fd, pid, granted, err := openSocket(o.Protocol, buffer, !o.NoStrict)
	if err != nil {
		return nil, fmt.Errorf("netlink socket of protocol %d: %w", o.Protocol, err)
	}
	c := &Conn{
		fd:       fd,
		pid:      pid,
		protocol: o.Protocol,
		peer:     &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: o.Peer},
		tracer:   o.Tracer,
		warned:   o.Warned,
		most:     packSize(granted),
		owner:    make(chan struct{}, 1),
		done:     make(chan struct{}),
	}
	if err := c.in.open(); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("netlink socket of protocol %d: %w", o.Protocol, err)
	}
	return c, nil
}

// Pid is the port number that the kernel gave the socket. It is the process id
// only by habit.
func (c *Conn) Pid() uint32 { return c.pid }

// Protocol is the netlink protocol that the connection speaks.
func (c *Conn) Protocol() int { return c.protocol }

// Close closes the connection. Calls that wait return [ErrClosed], and so does
// every later call; a call that the kernel is working on ends first. Closing
// again does nothing.
func (c *Conn) Close() error {
	if !c.closed.CompareAndSwap(false, true) {
		return nil
	}
	close(c.done)
	c.waiting.wake()
	c.closeUnowned()
	return nil
}

// acquire waits until the socket is the caller's.
func (c *Conn) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("netlink request: %w", err)
	}
	select {
	case c.owner <- struct{}{}:
	default:
		select {
		case c.owner <- struct{}{}:
		case <-c.done:
			return errClosed()
		case <-ctx.Done():
			return fmt.Errorf("netlink request waiting for its turn: %w", ctx.Err())
		}
	}
	if c.closed.Load() {
		c.release()
		return errClosed()
	}
	return nil
}

// release gives the socket back, and closes it where Close came meanwhile.
func (c *Conn) release() {
	<-c.owner
	if c.closed.Load() {
		c.closeUnowned()
	}
}

// closeUnowned closes the descriptors if nobody owns the socket. The token is
// never given back, so it happens once; if somebody owns it, their release
// comes here. This way a descriptor is never closed under a system call, and
// closing from inside a dump's loop does not wait for itself.
func (c *Conn) closeUnowned() {
	select {
	case c.owner <- struct{}{}:
	default:
		return
	}
	c.fdLock.Lock()
	defer c.fdLock.Unlock()
	c.waiting.close()
	c.in.close()
	unix.Close(c.fd)
	c.fd = -1
}
