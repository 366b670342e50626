package bench

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

var order = binary.NativeEndian

// floorPack is how many messages the floor sends at once.
const floorPack = 64

// floor is a netlink socket used with plain system calls and no checks beyond
// what a measurement needs: what no library can beat.
type floor struct {
	fd  int
	to  unix.SockaddrNetlink
	out []byte
	in  []byte
	seq uint32
}

func newFloor(b *testing.B) *floor {
	b.Helper()
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	must(b, err)
	b.Cleanup(func() { must(b, unix.Close(fd)) })
	return &floor{fd: fd, to: unix.SockaddrNetlink{Family: unix.AF_NETLINK}, in: make([]byte, 32<<10)}
}

// begin opens a message and returns where it begins.
func (f *floor) begin(typ, flags uint16) int {
	start := len(f.out)
	f.seq++
	f.out = order.AppendUint32(f.out, 0)
	f.out = order.AppendUint16(f.out, typ)
	f.out = order.AppendUint16(f.out, flags|unix.NLM_F_REQUEST)
	f.out = order.AppendUint32(f.out, f.seq)
	f.out = order.AppendUint32(f.out, 0)
	return start
}

// end closes a message or an attribute header of 32 bits.
func (f *floor) end(start int) {
	order.PutUint32(f.out[start:], uint32(len(f.out)-start))
	for len(f.out)%4 != 0 {
		f.out = append(f.out, 0)
	}
}

// nest opens an attribute, closed by endNest.
func (f *floor) nest(id uint16) int {
	start := len(f.out)
	f.out = order.AppendUint16(f.out, 0)
	f.out = order.AppendUint16(f.out, id)
	return start
}

func (f *floor) endNest(start int) {
	order.PutUint16(f.out[start:], uint16(len(f.out)-start))
	for len(f.out)%4 != 0 {
		f.out = append(f.out, 0)
	}
}

func (f *floor) u32(id uint16, v uint32) {
	f.out = order.AppendUint16(f.out, 8)
	f.out = order.AppendUint16(f.out, id)
	f.out = order.AppendUint32(f.out, v)
}

func (f *floor) be32(id uint16, v uint32) {
	f.out = order.AppendUint16(f.out, 8)
	f.out = order.AppendUint16(f.out, id)
	f.out = binary.BigEndian.AppendUint32(f.out, v)
}

func (f *floor) text(id uint16, s string) {
	start := f.nest(id)
	f.out = append(append(f.out, s...), 0)
	f.endNest(start)
}

// flush sends what was written and reads the acknowledgement of the last
// message, which starts at last.
func (f *floor) flush(last int) error {
	order.PutUint16(f.out[last+6:], order.Uint16(f.out[last+6:])|unix.NLM_F_ACK)
	if err := unix.Sendto(f.fd, f.out, 0, &f.to); err != nil {
		return err
	}
	f.out = f.out[:0]
	n, err := unix.Read(f.fd, f.in)
	switch {
	case err != nil:
		return err
	case n < 20 || order.Uint16(f.in[4:]) != unix.NLMSG_ERROR:
		return fmt.Errorf("no acknowledgement in %d bytes", n)
	case order.Uint32(f.in[16:]) != 0:
		return syscall.Errno(-int32(order.Uint32(f.in[16:])))
	case order.Uint32(f.in[8:]) != f.seq:
		return fmt.Errorf("message %d acknowledged, want %d", order.Uint32(f.in[8:]), f.seq)
	}
	return nil
}

// batch writes n messages with one, which says where each begins, and sends
// them in packs.
func (f *floor) batch(n int, one func(i int) int) error {
	for i := range n {
		last := one(i)
		if (i+1)%floorPack == 0 || i+1 == n {
			if err := f.flush(last); err != nil {
				return fmt.Errorf("up to message %d: %w", i, err)
			}
		}
	}
	return nil
}

// dump sends the message that was written and walks the answer; it returns
// how many messages came.
func (f *floor) dump() (n int, err error) {
	if err := unix.Sendto(f.fd, f.out, 0, &f.to); err != nil {
		return 0, err
	}
	f.out = f.out[:0]
	for {
		k, err := unix.Read(f.fd, f.in)
		if err != nil {
			return n, err
		}
		for b := f.in[:k]; len(b) >= 16; b = b[min(len(b), int(order.Uint32(b)+3)&^3):] {
			switch order.Uint16(b[4:]) {
			case unix.NLMSG_DONE:
				return n, nil
			case unix.NLMSG_ERROR:
				return n, syscall.Errno(-int32(order.Uint32(b[16:])))
			}
			n++
		}
	}
}
