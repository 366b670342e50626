package nl

import (
	"encoding/binary"
	"fmt"
	"math"

	"nlsh/nlcore/internal/uapi"
)

// Encoder appends the body of a request (family header and attributes) to b
// and returns the longer slice. It runs before the request has the socket, so
// it may use the Conn itself. Its error ends the call, nothing is sent.
type Encoder func(b []byte) ([]byte, error)

// pack is one or several requests in one datagram.
type pack struct {
	b       []byte
	starts  []int  // where each request begins
	first   uint32 // sequence number of the first, the others follow
	refused []refusal
}

// refusal is the kernel's answer to a request that it did not carry out.
type refusal struct {
	i   int // within the pack
	err *Error
}

func (p *pack) reset() {
	clear(p.refused)
	p.b, p.starts, p.refused = p.b[:0], p.starts[:0], p.refused[:0]
}

// open returns the pack's bytes with room for the header of a new request, for
// the body to be appended. Nothing is added before add.
func (p *pack) open() []byte {
	var header [headerLen]byte
	return append(p.b, header[:]...)
}

// add takes what open returned, with a body, as the next request.
func (p *pack) add(b []byte, h Header) error {
	start := len(p.b)
	size := len(b) - start
	if size < headerLen || size > math.MaxInt32 {
		return fmt.Errorf("netlink request %d: the encoder returned %d bytes of %d", len(p.starts), len(b), start+headerLen)
	}
	order := binary.NativeEndian
	order.PutUint32(b[start:], uint32(size))
	order.PutUint16(b[start+4:], h.Type)
	order.PutUint16(b[start+6:], h.Flags|uapi.NLM_F_REQUEST)
	for len(b) < start+align(size) {
		b = append(b, 0)
	}
	p.b = b
	p.starts = append(p.starts, start)
	return nil
}

// stamp numbers the requests from first on and asks for an acknowledgement of
// the last.
func (p *pack) stamp(first uint32) {
	p.first = first
	order := binary.NativeEndian
	for i, start := range p.starts {
		order.PutUint32(p.b[start+8:], first+uint32(i))
	}
	flags := p.b[p.starts[len(p.starts)-1]+6:]
	order.PutUint16(flags, order.Uint16(flags)|uapi.NLM_F_ACK)
}

// request returns the bytes of the i-th request.
func (p *pack) request(i int) []byte {
	start := p.starts[i]
	return p.b[start : start+int(binary.NativeEndian.Uint32(p.b[start:]))]
}

// borrow returns an empty pack from the Conn's few spare ones.
func (c *Conn) borrow() *pack {
	c.spareLock.Lock()
	defer c.spareLock.Unlock()
	if n := len(c.spare); n > 0 {
		p := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return p
	}
	return &pack{}
}

// mostKept is the largest pack whose memory is kept.
const mostKept = 256 << 10

func (c *Conn) giveBack(p *pack) {
	p.reset()
	if cap(p.b) > mostKept {
		return
	}
	c.spareLock.Lock()
	defer c.spareLock.Unlock()
	if len(c.spare) < 4 {
		c.spare = append(c.spare, p)
	}
}

// single returns a pack with one request.
func (c *Conn) single(h Header, body Encoder) (*pack, error) {
	p := c.borrow()
	b := p.open()
	if body != nil {
		var err error
		if b, err = body(b); err != nil {
			c.giveBack(p)
			return nil, err
		}
	}
	if err := p.add(b, h); err != nil {
		c.giveBack(p)
		return nil, err
	}
	return p, nil
}

// transmit numbers and sends a pack. The caller owns the socket.
func (c *Conn) transmit(p *pack) error {
	if c.joined.Load() {
		return errJoined
	}
	p.stamp(c.seq + 1)
	c.seq += uint32(len(p.starts))
	return c.send(p.b)
}
