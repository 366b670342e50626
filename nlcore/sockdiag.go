package nlcore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// Socket is a socket that others can reach: a TCP one that listens, or a
// UDP one that is bound and not connected.
type Socket struct {
	// Local is its address and port; an address of zeros is all addresses,
	// and those of IPv4 too where it is an IPv6 one and V6Only is not set.
	Local netip.AddrPort
	// V6Only says that an IPv6 socket takes no IPv4.
	V6Only bool
	// Link is the index of the link that it is bound to; 0 for all.
	Link uint32
	// UID is the user who made it.
	UID uint32
	// Inode is its number in /proc/PID/fd.
	Inode uint32
}

// Reached reports that packets to a are for the socket.
func (s *Socket) Reached(a netip.Addr) bool {
	local := s.Local.Addr()
	switch a = a.WithZone(""); {
	case !local.IsUnspecified():
		return local.Unmap() == a.Unmap()
	case local.Is6():
		return !s.V6Only || !a.Unmap().Is4()
	}
	return a.Unmap().Is4()
}

// Listening lists the sockets of a protocol, "tcp" or "udp", that are on a
// port; 0 is every port. The kernel is asked for those only
// (net/ipv4/inet_diag.c).
func (h *Handle) Listening(ctx context.Context, proto string, port uint16) ([]Socket, error) {
	number, state, err := diagProto(proto)
	if err != nil {
		return nil, err
	}
	var l []Socket
	for _, family := range []uint8{syscall.AF_INET, syscall.AF_INET6} {
		body := diagRequest(family, number, 1<<state, port)
		for m, err := range h.dumpOf(ctx, uapi.NETLINK_SOCK_DIAG, uapi.SOCK_DIAG_BY_FAMILY, raw(body)) {
			var s Socket
			if err == nil {
				s, err = decodeDiag(m)
			}
			if errors.Is(err, syscall.ENOENT) && family == syscall.AF_INET6 {
				break // a kernel without IPv6
			}
			if err != nil {
				return nil, explainOp("socket list", proto, err)
			}
			l = append(l, s)
		}
	}
	return l, nil
}

// The states of include/net/tcp_states.h, which udp_diag uses too.
const (
	stateClose  = 7 // a UDP socket that is not connected
	stateListen = 10
)

func diagProto(proto string) (number, state uint8, err error) {
	switch proto {
	case "tcp":
		return syscall.IPPROTO_TCP, stateListen, nil
	case "udp":
		return syscall.IPPROTO_UDP, stateClose, nil
	}
	return 0, 0, fmt.Errorf("socket list: protocol %q: not tcp or udp", proto)
}

const (
	diagRequestLen = 56 // struct inet_diag_req_v2
	diagMessageLen = 72 // struct inet_diag_msg
)

// diagRequest asks for the sockets in a set of states; the kernel compares
// the port where it is not 0.
func diagRequest(family, proto uint8, states uint32, port uint16) []byte {
	b := make([]byte, diagRequestLen)
	b[0], b[1] = family, proto
	binary.NativeEndian.PutUint32(b[4:], states)
	binary.BigEndian.PutUint16(b[8:], port)
	return b
}

// decodeDiag reads a struct inet_diag_msg and the attribute that says whether
// an IPv6 socket takes IPv4.
func decodeDiag(m nl.Message) (s Socket, err error) {
	b := m.Data
	if len(b) < diagMessageLen {
		return s, fmt.Errorf("socket list: message of %d bytes, at least %d are wanted", len(b), diagMessageLen)
	}
	addr := netip.AddrFrom4([4]byte(b[8:12]))
	if b[0] == syscall.AF_INET6 {
		addr = netip.AddrFrom16([16]byte(b[8:24]))
	}
	s.Local = netip.AddrPortFrom(addr, binary.BigEndian.Uint16(b[4:]))
	s.Link = binary.NativeEndian.Uint32(b[40:])
	s.UID = binary.NativeEndian.Uint32(b[64:])
	s.Inode = binary.NativeEndian.Uint32(b[68:])
	for rest := b[diagMessageLen:]; len(rest) >= 4; {
		n, typ := int(binary.NativeEndian.Uint16(rest)), binary.NativeEndian.Uint16(rest[2:])
		if n < 4 || n > len(rest) {
			return s, fmt.Errorf("socket list: attribute of %d bytes where %d are left", n, len(rest))
		}
		if typ == uapi.INET_DIAG_SKV6ONLY && n > 4 {
			s.V6Only = rest[4] != 0
		}
		rest = rest[min((n+3)&^3, len(rest)):]
	}
	return s, nil
}
