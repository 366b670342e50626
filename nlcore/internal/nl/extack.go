package nl

import (
	"encoding/binary"
	"strings"

	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

// extAck returns the attributes behind an acknowledgement, or nothing. The
// request that an uncapped error carries stands before them.
func extAck(m Message) []byte {
	if m.Flags&uapi.NLM_F_ACK_TLVS == 0 {
		return nil
	}
	at := int64(4)
	if m.Type == uapi.NLMSG_ERROR {
		at += headerLen
		if m.Flags&uapi.NLM_F_CAPPED == 0 && int64(len(m.Data)) >= at {
			if size := int64(binary.NativeEndian.Uint32(m.Data[4:])); size > headerLen {
				at = 4 + (size+3)&^3
			}
		}
	}
	if at >= int64(len(m.Data)) {
		return nil
	}
	return m.Data[at:]
}

// readExtAck reads as many attributes as are well formed: an error whose words
// are cut off is still the error.
func (e *Error) readExtAck(b []byte) {
	eachAttr(b, func(kind uint16, value []byte) {
		switch kind {
		case uapi.NLMSGERR_ATTR_MSG:
			text, _, _ := strings.Cut(string(value), "\x00")
			e.Message = strings.TrimSpace(text)
		case uapi.NLMSGERR_ATTR_OFFS, uapi.NLMSGERR_ATTR_MISS_TYPE, uapi.NLMSGERR_ATTR_MISS_NEST:
			if len(value) >= 4 {
				e.setNumber(kind, binary.NativeEndian.Uint32(value))
			}
		}
	})
}

// eachAttr gives the attributes of b to f, up to the first malformed one. Those
// of objects are read by the attribute layer; this is for the little that
// netlink itself says.
func eachAttr(b []byte, f func(kind uint16, value []byte)) {
	order := binary.NativeEndian
	for len(b) >= unix.SizeofNlAttr {
		size := int(order.Uint16(b))
		if size < unix.SizeofNlAttr || size > len(b) {
			return
		}
		f(order.Uint16(b[2:])&^(uapi.NLA_F_NESTED|uapi.NLA_F_NET_BYTEORDER), b[unix.SizeofNlAttr:size])
		b = b[min(align(size), len(b)):]
	}
}

func (e *Error) setNumber(kind uint16, n uint32) {
	if int32(n) < 0 {
		return // no request is that long
	}
	switch kind {
	case uapi.NLMSGERR_ATTR_OFFS:
		e.Offset = int(n)
	case uapi.NLMSGERR_ATTR_MISS_TYPE:
		e.MissType = int(n)
	case uapi.NLMSGERR_ATTR_MISS_NEST:
		e.MissNest = int(n)
	}
}
