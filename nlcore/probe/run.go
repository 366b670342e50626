package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// A run is one Ping at work. Its probes are numbered from 1; every packet has
// a sequence number of its own on the wire, so that a repeated probe's round
// trip time is that of the packet which was answered.
type run struct {
	s   *socket
	o   *PingOptions
	res *PingResult

	start    time.Time
	wire     uint16
	packets  map[uint16]packet
	resolved map[int]bool // probes answered, or lost for a known reason
	answered map[int]bool

	probe    int           // the latest probe
	left     bool          // it left at least once
	lastSend time.Time     // when a probe last left for the first time
	nextAt   time.Time     // when the next probe is due
	repeatAt time.Time     // when the latest probe is to be repeated
	repeat   time.Duration // the time until the repetition after that
	ended    bool          // the kernel's refusal is final
}

type packet struct {
	probe int
	at    time.Time
}

func newRun(s *socket, o *PingOptions, dst netip.Addr) *run {
	return &run{
		s: s, o: o, res: &PingResult{Dst: dst}, start: time.Now(),
		packets: map[uint16]packet{}, resolved: map[int]bool{}, answered: map[int]bool{},
	}
}

// loop probes until the result is known.
func (r *run) loop(ctx context.Context, w *waiter) error {
	for {
		if err := r.read(); err != nil {
			return fmt.Errorf("ping %s: read: %w", r.res.Dst, err)
		}
		now := time.Now()
		if r.done(now) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("ping %s: %w", r.res.Dst, err)
		}
		r.act(now)
		if r.done(now) {
			return nil
		}
		if err := w.until(r.s.fd, r.wake()); err != nil {
			return fmt.Errorf("ping %s: poll: %w", r.res.Dst, err)
		}
	}
}

// settling says whether the network may still be coming up. Until then the
// run stays with its first probe, so that a slow start is not counted as loss.
func (r *run) settling(now time.Time) bool {
	return !r.o.FailFast && r.res.Received == 0 && now.Before(r.settled())
}

// settled is when patience ends.
func (r *run) settled() time.Time { return r.start.Add(min(settleTime, r.o.Timeout)) }

// done says whether nothing more is to be learned.
func (r *run) done(now time.Time) bool {
	switch {
	case r.ended, len(r.answered) == r.o.Count:
		return true
	case r.probe == 0:
		return false
	case !r.gone():
		// A probe that cannot leave holds up the others.
		return !r.settling(now) || !now.Before(r.deadline())
	case r.probe < r.o.Count:
		return false
	}
	if len(r.resolved) == r.o.Count && !r.settling(now) {
		return true
	}
	return !now.Before(r.deadline())
}

// deadline is when the wait for the last probe's reply ends.
func (r *run) deadline() time.Time {
	if r.lastSend.IsZero() {
		return r.start.Add(r.o.Timeout)
	}
	return r.lastSend.Add(r.o.Timeout)
}

// act sends what is due.
func (r *run) act(now time.Time) {
	switch {
	case r.probe == 0, r.probe < r.o.Count && r.gone() && r.due(now):
		r.probe++
		r.left = false
		r.repeat = firstRepeat
		r.send(now)
	case r.mayRepeat(now) && !now.Before(r.repeatAt):
		r.send(now)
	}
}

// gone says whether the latest probe is out, or given up.
func (r *run) gone() bool { return r.left || r.resolved[r.probe] }

// due says whether it is time for the next probe.
func (r *run) due(now time.Time) bool {
	if r.settling(now) {
		return false
	}
	if r.o.Interval == 0 && r.answered[r.probe] {
		return true
	}
	return !now.Before(r.nextAt)
}

// mayRepeat says whether the latest probe is to be sent again at repeatAt.
func (r *run) mayRepeat(now time.Time) bool {
	return r.settling(now) && !r.answered[r.probe]
}

// wake is when something is due next.
func (r *run) wake() time.Time {
	now := time.Now()
	t := r.deadline()
	earlier := func(u time.Time) {
		if u.Before(t) {
			t = u
		}
	}
	if r.probe < r.o.Count && r.gone() {
		// More probes follow, each with its own deadline.
		t = r.nextAt
		if r.settling(now) {
			t = r.settled()
		}
		if r.due(now) {
			return now
		}
	}
	if r.mayRepeat(now) {
		earlier(r.repeatAt)
		earlier(r.settled())
	}
	return t
}

// send sends the latest probe, for the first time or again.
func (r *run) send(now time.Time) {
	r.wire++
	r.repeatAt = now.Add(r.repeat)
	r.repeat = min(2*r.repeat, lastRepeat)
	if err := r.s.send(r.wire); err != nil {
		r.refused(now, err)
		return
	}
	r.packets[r.wire] = packet{r.probe, now}
	if !r.left {
		r.left = true
		r.lastSend = now
		r.schedule(now)
		r.res.Sent++
	}
}

// schedule says when the next probe is due after one at a time.
func (r *run) schedule(at time.Time) {
	step := r.o.Interval
	if step == 0 {
		step = adaptiveStep
	}
	r.nextAt = at.Add(step)
}

// refused takes note that the kernel did not send.
func (r *run) refused(now time.Time, err error) {
	r.fail(Failure{Reason: sendReason(err)})
	if r.left {
		return // it was out before, a reply may come
	}
	switch {
	case r.res.Received > 0:
		// The path worked a while ago: this is loss, the next probe may pass.
		r.resolved[r.probe] = true
		r.lastSend = now
		r.schedule(now)
	case r.settling(now) && passing(err, r.s.v6):
	default:
		r.ended = true
	}
}

// passing says whether a refusal may end by itself while a network comes up.
// IPv4's routes and addresses are there at once when the calls that make them
// return, IPv6's addresses are unusable during duplicate detection, and its
// routes wait for the carrier, which veth reports from a work queue.
func passing(err error, v6 bool) bool {
	switch {
	case errors.Is(err, unix.ENETDOWN), errors.Is(err, unix.ENOBUFS), errors.Is(err, unix.EAGAIN):
		return true
	case errors.Is(err, unix.EADDRNOTAVAIL), errors.Is(err, unix.ENETUNREACH):
		return v6
	}
	return false
}

// sendReason words a refusal.
func sendReason(err error) string {
	switch {
	case errors.Is(err, unix.EADDRNOTAVAIL):
		return "no usable source address"
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		return "sending is prohibited here"
	case errors.Is(err, unix.EINVAL):
		return "blackhole route or unusable address"
	}
	return err.Error()
}

// fail counts a reason.
func (r *run) fail(f Failure) {
	for i := range r.res.Failures {
		if g := &r.res.Failures[i]; g.From == f.From && g.Reason == f.Reason {
			g.Times++
			return
		}
	}
	f.Times = 1
	r.res.Failures = append(r.res.Failures, f)
}

// read takes everything that has come.
func (r *run) read() error {
	for {
		t, ok, err := r.s.nextTrouble()
		if errors.Is(err, unix.EAGAIN) {
			break
		}
		if err != nil {
			return err
		}
		if p, known := r.packets[t.seq]; ok && known {
			r.fail(Failure{From: t.from, Reason: t.reason})
			r.resolved[p.probe] = true
		}
	}
	pending := 0
	for {
		a, ok, err := r.s.receive()
		if errors.Is(err, unix.EAGAIN) {
			return nil
		}
		if err != nil {
			// With the error queue on, a read also returns the socket's
			// pending error, once; the queue has it with its reason. Many in
			// a row are something else.
			if pending++; pending > 16 {
				return err
			}
			continue
		}
		if p, known := r.packets[a.seq]; ok && known && !r.answered[p.probe] {
			r.answered[p.probe], r.resolved[p.probe] = true, true
			r.res.Received++
			if r.probe == 1 {
				// What went wrong before was the network coming up.
				r.res.Failures = nil
			}
			r.res.Replies = append(r.res.Replies, Reply{From: a.from, Seq: p.probe, RTT: time.Since(p.at), TTL: a.ttl, Bytes: a.bytes})
		}
	}
}

// finish computes the summary.
func (r *run) finish() *PingResult {
	var sum time.Duration
	for i, p := range r.res.Replies {
		if i == 0 || p.RTT < r.res.Min {
			r.res.Min = p.RTT
		}
		r.res.Max = max(r.res.Max, p.RTT)
		sum += p.RTT
	}
	if n := len(r.res.Replies); n > 0 {
		r.res.Avg = sum / time.Duration(n)
	}
	return r.res
}
