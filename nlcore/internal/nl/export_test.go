package nl

// SetPackSize sets how many requests the Conn packs.
func SetPackSize(c *Conn, n int) { c.most = n }

// PackSize says how many requests the Conn packs.
func PackSize(c *Conn) int { return c.most }

// Walk parses a datagram and returns its messages.
func Walk(b []byte) ([]Message, error) {
	var l []Message
	w := walker{b: b}
	for {
		m, ok, err := w.next()
		if err != nil || !ok {
			return l, err
		}
		l = append(l, m)
	}
}

// ParseAck parses an acknowledgement.
func ParseAck(m Message) (*Error, error) { return parseAck(m) }
