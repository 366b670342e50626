package nl

import "context"

// Do sends one request and waits for its acknowledgement. A refusal is an
// *[Error]. If ctx ends first, the request may or may not be carried out; the
// Conn stays usable and drops the late answer. A nil body is an empty one.
func (c *Conn) Do(ctx context.Context, h Header, body Encoder) error {
	return c.Query(ctx, h, body, nil)
}

// Query sends one request and gives each message of its answer to each, until
// the acknowledgement; with NLM_F_ECHO these are the notifications of the
// change. It returns the first error of each, after which the rest of the
// answer is dropped. The Conn is busy while each runs: each must not use it.
// Otherwise Query is like [Conn.Do].
func (c *Conn) Query(ctx context.Context, h Header, body Encoder, each func(Message) error) error {
	p, err := c.single(h, body)
	if err != nil {
		return err
	}
	defer c.giveBack(p)
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	if err := c.transmit(p); err != nil {
		return err
	}
	if err := c.answers(ctx, p, each); err != nil {
		return err
	}
	if len(p.refused) > 0 {
		return p.refused[0].err
	}
	return nil
}
