package nltest

import (
	"encoding/binary"

	"nlsh/nlcore/internal/uapi"

	"golang.org/x/sys/unix"
)

// Answer is a message of type typ with the request's sequence number.
func (r Request) Answer(typ, flags uint16, body []byte) []byte {
	return message(typ, flags, r.Seq, body)
}

// Ack is the acknowledgement of a request that was carried out, with the
// attributes tlvs, or nil.
func (r Request) Ack(tlvs []byte) []byte { return r.Refuse(0, tlvs) }

// Refuse is a capped error, as the kernel sends it to a Conn, with the
// attributes tlvs, or nil.
func (r Request) Refuse(errno unix.Errno, tlvs []byte) []byte {
	body := binary.NativeEndian.AppendUint32(nil, uint32(-int32(errno)))
	body = append(body, r.Raw[:uapi.NLMSG_HDRLEN]...)
	return r.Answer(uapi.NLMSG_ERROR, uapi.NLM_F_CAPPED|tlvFlag(tlvs), append(body, tlvs...))
}

// RefuseWhole is an error that carries the whole request.
func (r Request) RefuseWhole(errno unix.Errno, tlvs []byte) []byte {
	body := binary.NativeEndian.AppendUint32(nil, uint32(-int32(errno)))
	body = pad(append(body, r.Raw...))
	return r.Answer(uapi.NLMSG_ERROR, tlvFlag(tlvs), append(body, tlvs...))
}

// Done ends a dump, with an error number or zero, and attributes or nil.
func (r Request) Done(errno unix.Errno, flags uint16, tlvs []byte) []byte {
	body := binary.NativeEndian.AppendUint32(nil, uint32(-int32(errno)))
	return r.Answer(uapi.NLMSG_DONE, uapi.NLM_F_MULTI|flags|tlvFlag(tlvs), append(body, tlvs...))
}

func tlvFlag(tlvs []byte) uint16 {
	if tlvs == nil {
		return 0
	}
	return uapi.NLM_F_ACK_TLVS
}

// Text is the kernel's text in an extended acknowledgement.
func Text(s string) []byte { return tlv(uapi.NLMSGERR_ATTR_MSG, append([]byte(s), 0)) }

// Number is one of the other attributes of an extended acknowledgement.
func Number(kind uint16, n uint32) []byte {
	return tlv(kind, binary.NativeEndian.AppendUint32(nil, n))
}

func tlv(kind uint16, value []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(value)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	return pad(append(b, value...))
}

// message is a padded netlink message; its length field is without the padding.
func message(typ, flags uint16, seq uint32, body []byte) []byte {
	order := binary.NativeEndian
	b := order.AppendUint32(nil, uint32(uapi.NLMSG_HDRLEN+len(body)))
	b = order.AppendUint16(b, typ)
	b = order.AppendUint16(b, flags)
	b = order.AppendUint32(b, seq)
	b = order.AppendUint32(b, 0)
	return pad(append(b, body...))
}

func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
