package nl

// Dir is the direction of a datagram.
type Dir uint8

// The directions, seen from the program.
const (
	Sent Dir = iota
	Received
)

// String is "sent" or "received".
func (d Dir) String() string {
	if d == Sent {
		return "sent"
	}
	return "received"
}

// Tracer sees every datagram of a Conn, whole, with all its messages. Calls for
// one Conn never overlap, but may come from different goroutines. A Tracer must
// not use the Conn, and b is valid during the call only.
type Tracer interface {
	Trace(d Dir, b []byte)
}
