package attr

import (
	"encoding/binary"
	"fmt"
	"math"

	"nlsh/nlcore/internal/uapi"
)

// Host byte order, as the kernel writes most attributes.
var ne = binary.NativeEndian

// headerLen is the length of an attribute's header.
const headerLen = 4

// Align rounds n up to the four bytes that attributes keep to.
func Align(n int) int { return (n + 3) &^ 3 }

// TLV is one attribute as it lies in a message; Data aliases the message.
type TLV struct {
	ID   uint16 // without the nested and byte-order flags
	Data []byte
}

// Next splits the first attribute off b.
func Next(b []byte) (t TLV, rest []byte, err error) {
	if len(b) < headerLen {
		return TLV{}, nil, fmt.Errorf("attribute header is cut short: %d bytes", len(b))
	}
	n := int(ne.Uint16(b))
	if n < headerLen || n > len(b) {
		return TLV{}, nil, fmt.Errorf("attribute length %d does not fit in %d bytes", n, len(b))
	}
	t = TLV{ID: ne.Uint16(b[2:]) & uapi.NLA_TYPE_MASK, Data: b[headerLen:n]}
	return t, b[min(Align(n), len(b)):], nil
}

// Find returns the payload of the first attribute with this id.
func Find(b []byte, id uint16) ([]byte, bool) {
	for len(b) >= headerLen {
		t, rest, err := Next(b)
		if err != nil {
			return nil, false
		}
		if t.ID == id {
			return t.Data, true
		}
		b = rest
	}
	return nil, false
}

// Open starts an attribute; Close ends the one that began at start.
func Open(b []byte, id uint16) ([]byte, int) {
	start := len(b)
	return ne.AppendUint16(append(b, 0, 0), id), start
}

// Close writes the length of the attribute opened at start and pads it.
func Close(b []byte, start int) ([]byte, error) {
	n := len(b) - start
	if n > math.MaxUint16 {
		return b, fmt.Errorf("attribute of %d bytes: at most %d fit", n, math.MaxUint16)
	}
	ne.PutUint16(b[start:], uint16(n))
	return Pad(b), nil
}

// Pad fills b up to four bytes.
func Pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// AppendU32 appends a 32-bit attribute.
func AppendU32(b []byte, id uint16, v uint32) []byte {
	b, _ = Open(b, id)
	ne.PutUint16(b[len(b)-headerLen:], headerLen+4)
	return ne.AppendUint32(b, v)
}

// AppendString appends a string attribute with its terminating zero.
func AppendString(b []byte, id uint16, s string) ([]byte, error) {
	b, start := Open(b, id)
	return Close(append(append(b, s...), 0), start)
}
