package nl

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Spool keeps the bodies of messages until their number is known, so that a
// list of a million values can be made at once and not be copied as it grows.
// The bytes are mapped memory, which goes back to the system piece by piece
// while Drain reads it. The zero Spool is empty. Reset it after use.
type Spool struct {
	pieces [][]byte // each filled up to its length
	n      int
}

const (
	firstPiece = 64 << 10
	laterPiece = hugePage
)

// Add copies a body.
func (s *Spool) Add(body []byte) error {
	last := len(s.pieces) - 1
	if last < 0 || cap(s.pieces[last])-len(s.pieces[last]) < 4+len(body) {
		size := laterPiece
		if last < 0 {
			size = firstPiece
		}
		m, err := unix.Mmap(-1, 0, max(size, 4+len(body)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
		if err != nil {
			return fmt.Errorf("list buffer: %w", os.NewSyscallError("mmap", err))
		}
		expectUse(m)
		s.pieces = append(s.pieces, m[:0])
		last++
	}
	p := s.pieces[last]
	p = binary.NativeEndian.AppendUint32(p, uint32(len(body)))
	s.pieces[last] = append(p, body...)
	s.n++
	return nil
}

// Len is the number of bodies.
func (s *Spool) Len() int { return s.n }

// Drain gives each body to f, in order, until f fails, and leaves the Spool
// empty. A body is valid until f returns.
func (s *Spool) Drain(f func(body []byte) error) error {
	defer s.Reset()
	for i, p := range s.pieces {
		for b := p; len(b) > 0; {
			n := 4 + int(binary.NativeEndian.Uint32(b))
			if err := f(b[4:n:n]); err != nil {
				return err
			}
			b = b[n:]
		}
		unmap(p)
		s.pieces[i] = nil
	}
	return nil
}

// Reset drops all bodies.
func (s *Spool) Reset() {
	for _, p := range s.pieces {
		if p != nil {
			unmap(p)
		}
	}
	*s = Spool{}
}

func unmap(p []byte) { _ = unix.Munmap(p[:cap(p)]) }
