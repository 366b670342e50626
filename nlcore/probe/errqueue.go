package probe

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"

	"nlsh/nlcore/internal/uapi"
)

// A trouble is an entry of the socket's error queue.
type trouble struct {
	from   netip.Addr // zero: this host's own kernel
	reason string
	seq    uint16
	ours   bool // the packet it speaks of is one of this socket's, seq says which
}

// sizeofExtendedErr is struct sock_extended_err (linux/errqueue.h): the errno,
// origin, type, code and a byte of padding, info, data; the offender's socket
// address follows.
const sizeofExtendedErr = 16

// nextTrouble reads one entry without waiting; the error is EAGAIN when there
// is none. ok is false for an entry that does not concern this socket.
func (s *socket) nextTrouble() (t trouble, ok bool, err error) {
	n, oobn, _, _, err := unix.Recvmsg(s.fd, s.buf, s.oob, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if err != nil {
		return t, false, err
	}
	msgs, err := unix.ParseSocketControlMessage(s.oob[:oobn])
	if err != nil {
		return t, false, nil // the kernel's own bytes, cut short: nothing to tell
	}
	for _, m := range msgs {
		if !(m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_RECVERR ||
			m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_RECVERR) || len(m.Data) < sizeofExtendedErr {
			continue
		}
		t, ok = s.parseTrouble(m.Data, s.buf[:n])
		return t, ok, nil
	}
	return t, false, nil
}

// parseTrouble reads an extended error and the packet that caused it.
func (s *socket) parseTrouble(e, packet []byte) (trouble, bool) {
	var t trouble
	errno := unix.Errno(binary.NativeEndian.Uint32(e[0:]))
	origin, typ, code := e[4], e[5], e[6]
	info := binary.NativeEndian.Uint32(e[8:])
	switch origin {
	case uapi.SO_EE_ORIGIN_ICMP:
		t.reason = reason4(typ, code, info)
	case uapi.SO_EE_ORIGIN_ICMP6:
		t.reason = reason6(typ, code, info)
	case uapi.SO_EE_ORIGIN_LOCAL:
		// What sendto returned too, and there it is counted.
		return t, false
	default:
		t.reason = errno.Error()
	}
	t.from = offender(e[sizeofExtendedErr:])
	if needsZone(t.from) {
		t.from = t.from.WithZone(s.dst.Zone())
	}
	request := byte(uapi.ICMP_ECHO)
	if s.v6 {
		request = uapi.ICMPV6_ECHO_REQUEST
	}
	t.seq, t.ours = echoSeq(packet, request, s.raw, s.id)
	return t, t.ours
}

// offender reads the socket address behind an extended error.
func offender(sa []byte) netip.Addr {
	if len(sa) < 2 {
		return netip.Addr{}
	}
	switch family := binary.NativeEndian.Uint16(sa); {
	case family == uapi.AF_INET && len(sa) >= 8:
		return netip.AddrFrom4([4]byte(sa[4:8]))
	case family == uapi.AF_INET6 && len(sa) >= 24:
		return netip.AddrFrom16([16]byte(sa[8:24]))
	}
	return netip.Addr{}
}

// controlTTL finds the time to live or hop limit a packet arrived with.
func controlTTL(oob []byte) (int, bool) {
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0, false
	}
	for _, m := range msgs {
		if m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_TTL ||
			m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_HOPLIMIT {
			if len(m.Data) >= 4 {
				return int(int32(binary.NativeEndian.Uint32(m.Data))), true
			}
		}
	}
	return 0, false
}
