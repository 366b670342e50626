package nl_test

import (
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// FuzzWalk checks that messages lie inside their datagram and in order.
func FuzzWalk(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{16, 0, 0, 0, 1, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{17, 0, 0, 0, 1, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9})
	f.Add([]byte{255, 255, 255, 255, 1, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := nl.Walk(b)
		size := 0
		for _, m := range l {
			if size = (size + 3) &^ 3; cap(m.Data) != len(m.Data) {
				t.Errorf("a body of %d bytes can grow over the next message: capacity %d", len(m.Data), cap(m.Data))
			}
			size += uapi.NLMSG_HDRLEN + len(m.Data)
		}
		if size > len(b) || (err == nil && (size+3)&^3 < len(b)) {
			t.Errorf("%d of %d bytes read, error %v", size, len(b), err)
		}
	})
}

// FuzzParseAck checks that extended acknowledgements of any shape are read.
func FuzzParseAck(f *testing.F) {
	f.Add(uint16(uapi.NLMSG_ERROR), uint16(uapi.NLM_F_CAPPED|uapi.NLM_F_ACK_TLVS),
		[]byte("\xea\xff\xff\xff\x10\x00\x00\x00............\x06\x00\x01\x00no\x00\x00"))
	f.Add(uint16(uapi.NLMSG_ERROR), uint16(uapi.NLM_F_ACK_TLVS),
		[]byte("\xea\xff\xff\xff\xff\xff\xff\xff............\x06\x00\x01\x00no\x00\x00"))
	f.Add(uint16(uapi.NLMSG_DONE), uint16(uapi.NLM_F_ACK_TLVS), []byte("\x00\x00\x00\x00\x06\x00\x01\x00no\x00\x00"))
	f.Fuzz(func(t *testing.T, typ, flags uint16, b []byte) {
		e, err := nl.ParseAck(nl.Message{Type: typ, Flags: flags, Data: b})
		if e != nil && err != nil {
			t.Errorf("both an answer, %v, and an error, %v", e, err)
		}
		if e != nil && (e.Offset < -1 || e.MissType < -1 || e.MissNest < -1) {
			t.Errorf("negative numbers: %+v", e)
		}
		if e != nil && e.Errno == 0 && e.Message == "" {
			t.Error("neither a refusal nor words")
		}
	})
}
