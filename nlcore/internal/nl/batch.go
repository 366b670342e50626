package nl

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Source gives the requests of a batch. Its methods are called from the
// goroutine that called [Conn.Batch], one at a time.
type Source interface {
	// Next appends the next request's body to b and returns the longer slice.
	// It may use the Conn. io.EOF ends the batch; any other error ends it too,
	// after the requests so far are answered.
	Next(b []byte) ([]byte, Header, error)
	// Failed says that the kernel refused the i-th request, counted from zero.
	// Later requests may have been sent, and are packed, by then. Calls come in
	// order of i.
	Failed(i int, e *Error)
}

const (
	// packBytes is where a pack is full; its last request may pass it.
	packBytes = 32 << 10
	// mostPacked is the most requests a pack: more bring nothing.
	mostPacked = 256
	// refusalRoom is more than the kernel charges a receive buffer for one
	// refusal: 768 bytes, 1,280 with text and policy.
	refusalRoom = 1536
)

// packSize is how many requests go into a pack so that, if all are refused,
// the refusals fit into a receive buffer of that size.
func packSize(buffer int) int {
	return min(max(buffer/refusalRoom, 1), mostPacked)
}

// Batch sends the requests of s, up to 256 a datagram, with one acknowledgement
// for each datagram; the next one is filled while the kernel works on this
// one. Refused requests are told to s and do not stop the others. Other calls
// may use the Conn between two datagrams.
//
// It returns how many requests the kernel was given. All of them were answered
// if err is nil or comes from s.Next; after any other error, which ends the
// batch, the last up to 256 of them may be unanswered.
func (c *Conn) Batch(ctx context.Context, s Source) (sent int, err error) {
	p := c.borrow()
	defer c.giveBack(p)
	end := c.fill(p, s)
	if end != nil {
		return c.lastPack(ctx, p, s, 0, end)
	}
	next := c.borrow()
	defer c.giveBack(next)
	w := c.startWorker(ctx)
	defer w.stop()
	for end == nil {
		w.work <- p
		end = c.fill(next, s)
		o := <-w.done
		p.report(s, sent)
		sent += o.sent
		if o.err != nil {
			return sent, o.err
		}
		p.reset()
		p, next = next, p
	}
	return c.lastPack(ctx, p, s, sent, end)
}

// lastPack sends what was packed when the source ended.
func (c *Conn) lastPack(ctx context.Context, p *pack, s Source, sent int, end error) (int, error) {
	if len(p.starts) > 0 {
		o := c.carryOut(ctx, p)
		p.report(s, sent)
		sent += o.sent
		if o.err != nil {
			return sent, o.err
		}
	}
	if errors.Is(end, io.EOF) {
		end = nil
	}
	return sent, end
}

// fill packs requests until the pack is full (nil) or the source ends.
func (c *Conn) fill(p *pack, s Source) error {
	for len(p.starts) < c.most && len(p.b) < packBytes {
		b, h, err := s.Next(p.open())
		if err != nil {
			return err
		}
		if err := p.add(b, h); err != nil {
			return err
		}
	}
	return nil
}

// report tells the source which requests were refused; base is the number of
// requests in earlier packs.
func (p *pack) report(s Source, base int) {
	for _, r := range p.refused {
		s.Failed(base+r.i, r.err)
	}
}

// outcome is what became of a pack: how many requests the kernel was given, and
// the error of the exchange.
type outcome struct {
	sent int
	err  error
}

// carryOut sends a pack and reads its answers.
func (c *Conn) carryOut(ctx context.Context, p *pack) outcome {
	if err := c.acquire(ctx); err != nil {
		return outcome{0, err}
	}
	defer c.release()
	if err := c.transmit(p); err != nil {
		return outcome{0, err}
	}
	err := c.answers(ctx, p, nil)
	if err != nil {
		err = fmt.Errorf("netlink batch: %w", err)
	}
	return outcome{len(p.starts), err}
}

// worker sends packs in a goroutine of its own, because a send to the kernel
// returns only when the kernel has done the work.
type worker struct {
	work  chan *pack
	done  chan outcome
	ended chan struct{}
}

func (c *Conn) startWorker(ctx context.Context) *worker {
	w := &worker{work: make(chan *pack, 1), done: make(chan outcome, 1), ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		for p := range w.work {
			w.done <- c.carryOut(ctx, p)
		}
	}()
	return w
}

// stop returns when the worker has ended, so that no pack is in use.
func (w *worker) stop() {
	close(w.work)
	<-w.ended
}
