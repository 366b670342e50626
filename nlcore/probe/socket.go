package probe

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"nlsh/nlcore/internal/uapi"
)

// A socket sends echo requests to one destination and reads what comes back.
type socket struct {
	fd     int
	v6     bool
	raw    bool // else a datagram ICMP socket: the kernel owns the identifier
	id     uint16
	cookie uint64
	dst    netip.Addr
	to     unix.Sockaddr
	source unix.Sockaddr // to be bound before the first send; nil if none or done
	size   int
	buf    []byte
	oob    []byte
}

// openSocket makes the socket in the namespace of the calling thread.
func openSocket(dst netip.Addr, o *PingOptions) (*socket, error) {
	s := &socket{
		v6: dst.Is6(), dst: dst, size: o.Size,
		id: uint16(rand.Uint32()), cookie: rand.Uint64(),
		buf: make([]byte, 1<<16), oob: make([]byte, 512),
	}
	fail := func(what string, err error) (*socket, error) {
		return nil, fmt.Errorf("ping %s: %s: %w", dst, what, err)
	}
	family, proto := unix.AF_INET, unix.IPPROTO_ICMP
	if s.v6 {
		family, proto = unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	const flags = unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK
	fd, err := unix.Socket(family, unix.SOCK_RAW|flags, proto)
	s.raw = err == nil
	if errors.Is(err, unix.EPERM) {
		fd, err = unix.Socket(family, unix.SOCK_DGRAM|flags, proto)
		if errors.Is(err, unix.EACCES) {
			return fail("no socket", fmt.Errorf("needs CAP_NET_RAW or a group within net.ipv4.ping_group_range: %w", err))
		}
	}
	if err != nil {
		return fail("no socket", err)
	}
	s.fd = fd
	if err := s.setup(o); err != nil {
		s.close()
		return fail("socket", err)
	}
	return s, nil
}

func (s *socket) close() { unix.Close(s.fd) }

// setup sets the socket's options and addresses.
func (s *socket) setup(o *PingOptions) error {
	if o.Device != "" {
		if err := unix.BindToDevice(s.fd, o.Device); err != nil {
			return fmt.Errorf("device %s: %w", o.Device, err)
		}
	}
	if o.Mark != 0 {
		if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_MARK, int(o.Mark)); err != nil {
			return fmt.Errorf("mark %d (needs CAP_NET_ADMIN): %w", o.Mark, err)
		}
	}
	type option struct{ level, name, value int }
	opts := []option{{unix.SOL_SOCKET, unix.SO_BROADCAST, 1}}
	if s.v6 {
		opts = append(opts, option{unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1}, option{unix.IPPROTO_IPV6, unix.IPV6_RECVHOPLIMIT, 1})
		if o.TTL != 0 {
			opts = append(opts, option{unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS, o.TTL}, option{unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, o.TTL})
		}
		if o.DontFragment {
			opts = append(opts, option{unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_DO}, option{unix.IPPROTO_IPV6, unix.IPV6_DONTFRAG, 1})
		}
	} else {
		opts = append(opts, option{unix.IPPROTO_IP, unix.IP_RECVERR, 1}, option{unix.IPPROTO_IP, unix.IP_RECVTTL, 1})
		if o.TTL != 0 {
			opts = append(opts, option{unix.IPPROTO_IP, unix.IP_TTL, o.TTL}, option{unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, o.TTL})
		}
		if o.DontFragment {
			opts = append(opts, option{unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DO})
		}
	}
	for _, op := range opts {
		if err := unix.SetsockoptInt(s.fd, op.level, op.name, op.value); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	if err := s.filter(); err != nil {
		return err
	}
	return s.addresses(o)
}

// filter keeps all but echo replies from a raw socket, which otherwise gets a
// copy of every ICMP packet of the namespace.
func (s *socket) filter() error {
	switch {
	case !s.raw:
		return nil
	case s.v6:
		var f unix.ICMPv6Filter
		for i := range f.Data {
			f.Data[i] = ^uint32(0)
		}
		f.Data[uapi.ICMPV6_ECHO_REPLY/32] &^= 1 << (uapi.ICMPV6_ECHO_REPLY % 32)
		return os.NewSyscallError("setsockopt", unix.SetsockoptICMPv6Filter(s.fd, unix.IPPROTO_ICMPV6, uapi.ICMPV6_FILTER, &f))
	default:
		return os.NewSyscallError("setsockopt", unix.SetsockoptInt(s.fd, unix.SOL_RAW, uapi.ICMP_FILTER, ^(1<<uapi.ICMP_ECHOREPLY)))
	}
}

// addresses works out where to send and what to bind.
func (s *socket) addresses(o *PingOptions) error {
	if !s.v6 {
		s.to = &unix.SockaddrInet4{Addr: s.dst.As4()}
		if o.Source.IsValid() {
			s.source = &unix.SockaddrInet4{Addr: o.Source.As4()}
		}
		return nil
	}
	to := &unix.SockaddrInet6{Addr: s.dst.As16()}
	zone := s.dst.Zone()
	if zone == "" {
		zone = o.Device
	}
	if zone != "" {
		index, err := s.linkIndex(zone)
		if err != nil {
			return err
		}
		to.ZoneId = index
	}
	s.to = to
	if o.Source.IsValid() {
		from := &unix.SockaddrInet6{Addr: o.Source.As16()}
		if needsZone(o.Source) {
			from.ZoneId = to.ZoneId
		}
		s.source = from
	}
	return nil
}

// linkIndex finds a link by name or number in the socket's own namespace.
func (s *socket) linkIndex(zone string) (uint32, error) {
	if n, err := strconv.ParseUint(zone, 10, 31); err == nil {
		return uint32(n), nil
	}
	ifr, err := unix.NewIfreq(zone)
	if err != nil {
		return 0, fmt.Errorf("link %q: %w", zone, err)
	}
	if err := unix.IoctlIfreq(s.fd, unix.SIOCGIFINDEX, ifr); err != nil {
		return 0, fmt.Errorf("link %s: %w", zone, err)
	}
	return ifr.Uint32(), nil
}

// send sends one request. What an earlier probe left as the socket's pending
// error is not this one's: it is taken away by the first try.
func (s *socket) send(seq uint16) error {
	if s.source != nil {
		if err := unix.Bind(s.fd, s.source); err != nil {
			return err
		}
		s.source = nil
	}
	p := echoRequest(s.v6, s.id, seq, s.cookie, s.size)
	// Reading SO_ERROR clears it.
	if _, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR); err != nil {
		return err
	}
	return unix.Sendto(s.fd, p, 0, s.to)
}

// An answer is an echo reply as it came.
type answer struct {
	from  netip.Addr
	seq   uint16
	ttl   int
	bytes int
}

// receive reads one packet without waiting. ok is false for one that is not
// ours; the error is EAGAIN when there is none.
func (s *socket) receive() (a answer, ok bool, err error) {
	n, oobn, _, from, err := unix.Recvmsg(s.fd, s.buf, s.oob, unix.MSG_DONTWAIT)
	if err != nil {
		return a, false, err
	}
	icmp := s.buf[:n]
	typ := byte(uapi.ICMPV6_ECHO_REPLY)
	if !s.v6 {
		typ = uapi.ICMP_ECHOREPLY
	}
	if s.raw && !s.v6 {
		if icmp, a.ttl, ok = stripIPv4(icmp); !ok {
			return a, false, nil
		}
	}
	a.seq, ok = echoSeq(icmp, typ, s.raw, s.id)
	if !ok || !hasCookie(icmp, s.cookie) {
		return a, false, nil
	}
	a.bytes = len(icmp)
	a.from = s.addr(from)
	if ttl, found := controlTTL(s.oob[:oobn]); found {
		a.ttl = ttl
	}
	return a, true, nil
}

// addr turns a socket address into an Addr, with the zone's name as the caller
// gave it where it is a link-local one.
func (s *socket) addr(sa unix.Sockaddr) netip.Addr {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrFrom4(sa.Addr)
	case *unix.SockaddrInet6:
		a := netip.AddrFrom16(sa.Addr)
		if needsZone(a) {
			a = a.WithZone(s.dst.Zone())
		}
		return a
	}
	return netip.Addr{}
}
