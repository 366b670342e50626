package probe

import (
	"encoding/binary"

	"nlsh/nlcore/internal/uapi"
)

const (
	icmpHeader = 8
	cookieSize = 8
)

// echoRequest builds an ICMP echo request of a family. The data begins with
// as much of the cookie as fits; the rest counts up.
func echoRequest(v6 bool, id, seq uint16, cookie uint64, size int) []byte {
	b := make([]byte, icmpHeader+size)
	b[0] = uapi.ICMP_ECHO
	if v6 {
		b[0] = uapi.ICMPV6_ECHO_REQUEST
	}
	binary.BigEndian.PutUint16(b[4:], id)
	binary.BigEndian.PutUint16(b[6:], seq)
	copy(b[icmpHeader:], binary.BigEndian.AppendUint64(nil, cookie))
	for i := icmpHeader + cookieSize; i < len(b); i++ {
		b[i] = byte(i - icmpHeader)
	}
	if !v6 { // the kernel computes ICMPv6's, which covers the addresses
		binary.BigEndian.PutUint16(b[2:], checksum(b))
	}
	return b
}

// checksum is the Internet checksum (RFC 1071) of b.
func checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// stripIPv4 cuts off the IPv4 header a raw socket delivers and returns its
// time to live.
func stripIPv4(b []byte) (icmp []byte, ttl int, ok bool) {
	if len(b) < 20 || b[0]>>4 != 4 {
		return nil, 0, false
	}
	n := int(b[0]&15) * 4
	if n < 20 || len(b) < n {
		return nil, 0, false
	}
	return b[n:], int(b[8]), true
}

// echoSeq returns the sequence number of an ICMP message if it is of the given
// type and, where checkID, has the identifier.
func echoSeq(icmp []byte, typ byte, checkID bool, id uint16) (seq uint16, ok bool) {
	if len(icmp) < icmpHeader || icmp[0] != typ || icmp[1] != 0 {
		return 0, false
	}
	if checkID && binary.BigEndian.Uint16(icmp[4:]) != id {
		return 0, false
	}
	return binary.BigEndian.Uint16(icmp[6:]), true
}

// hasCookie says whether an echo's data begins with the cookie, or with as
// much of it as the message has room for.
func hasCookie(icmp []byte, cookie uint64) bool {
	data := icmp[icmpHeader:]
	want := binary.BigEndian.AppendUint64(nil, cookie)
	n := min(len(data), cookieSize)
	return string(data[:n]) == string(want[:n])
}
