package nl

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// Header is what a caller says of a request besides its body. The Conn adds
// NLM_F_REQUEST, NLM_F_ACK where it wants one, the length and the sequence
// number.
type Header struct {
	Type  uint16
	Flags uint16
}

// Message is one netlink message that was received.
type Message struct {
	Type  uint16
	Flags uint16
	Seq   uint32
	Pid   uint32
	// Data is the body. It aliases the receive buffer and is valid until the
	// next message is read or the function that was given it returns.
	Data []byte
}

// headerLen is the size of struct nlmsghdr.
const headerLen = unix.NLMSG_HDRLEN

// align rounds up to the netlink alignment of four bytes.
func align(n int) int { return (n + 3) &^ 3 }

// walker goes through the messages of a datagram.
type walker struct {
	b   []byte
	off int
}

// next returns the next message. After the last one ok is false. A length that
// does not fit is an error, after which nothing more can be read.
func (w *walker) next() (m Message, ok bool, err error) {
	rest := w.b[min(w.off, len(w.b)):]
	if len(rest) == 0 {
		return m, false, nil
	}
	if len(rest) < headerLen {
		return m, false, fmt.Errorf("netlink datagram of %d bytes: %d left at offset %d, too few for a header",
			len(w.b), len(rest), w.off)
	}
	size := int64(binary.NativeEndian.Uint32(rest))
	if size < headerLen || size > int64(len(rest)) {
		return m, false, fmt.Errorf("netlink datagram of %d bytes: message at offset %d says it has %d bytes, %d are left",
			len(w.b), w.off, size, len(rest))
	}
	w.off += align(int(size))
	return Message{
		Type:  binary.NativeEndian.Uint16(rest[4:]),
		Flags: binary.NativeEndian.Uint16(rest[6:]),
		Seq:   binary.NativeEndian.Uint32(rest[8:]),
		Pid:   binary.NativeEndian.Uint32(rest[12:]),
		Data:  rest[headerLen:size:size],
	}, true, nil
}

// walk gives each message of a datagram to take, until take wants no more.
func walk(b []byte, take func(Message) (more bool, err error)) (more bool, err error) {
	w := walker{b: b}
	for {
		m, ok, err := w.next()
		if err != nil || !ok {
			return err == nil, err
		}
		if more, err := take(m); err != nil || !more {
			return false, err
		}
	}
}
