package nl

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"nlsh/nlcore/internal/uapi"
)

// Family is a generic-netlink family as the running kernel numbers it.
type Family struct {
	// ID is the message type of the family's requests.
	ID      uint16
	Version uint32
	// Groups are the multicast groups by name, for Join.
	Groups map[string]uint32
}

// Family asks for a generic-netlink family by name ("ethtool"). The Conn must
// be one of NETLINK_GENERIC. A kernel without the family gives ENOENT, an
// *[Error].
func (c *Conn) Family(ctx context.Context, name string) (Family, error) {
	f := Family{Groups: map[string]uint32{}}
	err := c.Query(ctx, Header{Type: uapi.GENL_ID_CTRL}, func(b []byte) ([]byte, error) {
		b = append(b, uapi.CTRL_CMD_GETFAMILY, 1, 0, 0)
		b = binary.NativeEndian.AppendUint16(b, uint16(4+len(name)+1))
		b = binary.NativeEndian.AppendUint16(b, uapi.CTRL_ATTR_FAMILY_NAME)
		return append(append(b, name...), 0), nil
	}, f.read)
	if err != nil {
		return Family{}, fmt.Errorf("generic netlink family %q: %w", name, err)
	}
	if f.ID == 0 {
		return Family{}, fmt.Errorf("generic netlink family %q: the kernel's answer has no id", name)
	}
	return f, nil
}

func (f *Family) read(m Message) error {
	eachAttr(m.Data[min(uapi.GENL_HDRLEN, len(m.Data)):], func(kind uint16, value []byte) {
		switch kind {
		case uapi.CTRL_ATTR_FAMILY_ID:
			if len(value) >= 2 {
				f.ID = binary.NativeEndian.Uint16(value)
			}
		case uapi.CTRL_ATTR_VERSION:
			f.Version = number(value)
		case uapi.CTRL_ATTR_MCAST_GROUPS:
			eachAttr(value, func(_ uint16, group []byte) { f.readGroup(group) })
		}
	})
	return nil
}

func (f *Family) readGroup(b []byte) {
	var name string
	var id uint32
	eachAttr(b, func(kind uint16, value []byte) {
		switch kind {
		case uapi.CTRL_ATTR_MCAST_GRP_NAME:
			name, _, _ = strings.Cut(string(value), "\x00")
		case uapi.CTRL_ATTR_MCAST_GRP_ID:
			id = number(value)
		}
	})
	if name != "" && id != 0 {
		f.Groups[name] = id
	}
}

// number reads 32 bits, zero if there are fewer.
func number(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return binary.NativeEndian.Uint32(b)
}
