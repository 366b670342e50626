package probe

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

// PingOptions say how Ping probes. The zero value and a nil pointer mean the
// defaults.
type PingOptions struct {
	// Count is how many replies are wanted and so how many probes are sent.
	// 0 means 1.
	Count int
	// Interval is the time between one probe and the next. 0 means as soon as
	// the reply to the previous one is here, or 200 ms after it.
	Interval time.Duration
	// Timeout is how long to wait for replies after the last probe. 0 means 5 s.
	Timeout time.Duration
	// Size is how many bytes follow the ICMP header, 1 to 65507 (65527 over
	// IPv6). 0 means 56.
	Size int
	// TTL is the time to live or hop limit, 1 to 255. 0 means the system's.
	TTL int
	// Source is the address to send from. The zero Addr lets the kernel choose.
	Source netip.Addr
	// Device is the link to send through and to hear replies from. Empty means
	// whatever the routes say.
	Device string
	// Mark is the packet mark, for policy routing. 0 means none; setting it
	// needs CAP_NET_ADMIN.
	Mark uint32
	// DontFragment makes a probe that exceeds the path's MTU fail.
	DontFragment bool
	// FailFast takes the first refusal or ICMP error for an answer and never
	// repeats a probe. Without it Ping is patient with a network that is just
	// being set up, as Ping's own comment says.
	FailFast bool
}

// A Reply is the first answer to one probe.
type Reply struct {
	From  netip.Addr
	Seq   int           // which probe it answers, from 1
	RTT   time.Duration // from the send to the reading of the reply
	TTL   int           // time to live or hop limit it arrived with
	Bytes int           // length of the ICMP message, header included
}

// PingResult is what came of a Ping.
type PingResult struct {
	Dst      netip.Addr
	Sent     int     // probes that left; a repeated one counts once
	Received int     // probes that were answered
	Replies  []Reply // in order of arrival
	// Min, Avg and Max are of the replies' round trip times; 0 without any.
	Min, Avg, Max time.Duration
	// Failures are the reasons the network or the kernel gave, each once. Those
	// of a first probe that was answered in the end are left out.
	Failures []Failure
}

// Failure is a reason why a probe got no reply.
type Failure struct {
	From   netip.Addr // who said so; the zero Addr is the local kernel's refusal to send
	Reason string     // "destination host unreachable"
	Times  int        // how often it was given
}

// String is a line for people: the reason, and who gave it.
func (f Failure) String() string {
	if !f.From.IsValid() {
		return f.Reason
	}
	return f.Reason + " from " + f.From.String()
}

const (
	defaultTimeout = 5 * time.Second
	adaptiveStep   = 200 * time.Millisecond
	defaultSize    = 56

	// settleTime is how long a fresh network may take: IPv6 duplicate address
	// detection lasts 1 s after a random delay of up to 1 s. A neighbour that
	// is not ready is asked 3 times in 3 s, the last time as the detection of
	// the slowest ends; if it missed that, the next probe asks anew.
	settleTime = 4 * time.Second
	// A probe is repeated after firstRepeat, and each time twice as long after
	// that, at most lastRepeat.
	firstRepeat = 50 * time.Millisecond
	lastRepeat  = 500 * time.Millisecond
)

// Ping sends echo requests to dst and returns as soon as every probe is
// answered or its fate is known, at the latest Timeout after the last probe.
//
// in runs its argument on a thread in the wanted network namespace, like
// (*netns.NS).Do; nil means the namespace of the calling thread. An IPv6
// link-local dst needs a zone or o.Device.
//
// The first probe goes at once. Until it is answered, for 4 s or Timeout if
// that is less, it is repeated after 50, 100, 200, 400, 500, 500, ... ms, and
// neither ICMP errors nor a kernel that has no usable IPv6 source address or
// route yet, or whose link is not up yet, end the call: so a pair of links can
// be pinged through right after it was made. After that nothing is repeated,
// and what is missing is loss. A host that stays silent so costs at most that
// time, the intervals, and Timeout.
//
// No reply is no error: see Received and Failures. An error is a bad option,
// a socket the kernel refuses (no CAP_NET_RAW and a group outside
// net.ipv4.ping_group_range), or the context's; then the result holds what
// happened until then and is nil only if nothing was tried.
func Ping(ctx context.Context, in func(func() error) error, dst netip.Addr, o *PingOptions) (*PingResult, error) {
	if o == nil {
		o = &PingOptions{}
	}
	dst = dst.Unmap()
	opts, err := o.complete(dst)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if in == nil {
		in = func(f func() error) error { return f() }
	}
	var s *socket
	err = in(func() (err error) {
		s, err = openSocket(dst, opts)
		return err
	})
	if err != nil {
		return nil, err
	}
	defer s.close()
	w, err := newWaiter(ctx)
	if err != nil {
		return nil, fmt.Errorf("ping %s: %w", dst, err)
	}
	defer w.close()
	r := newRun(s, opts, dst)
	err = r.loop(ctx, w)
	return r.finish(), err
}

// complete checks the options and fills in the defaults.
func (o *PingOptions) complete(dst netip.Addr) (*PingOptions, error) {
	c := *o
	c.Source = c.Source.Unmap()
	maxSize := 65507
	if dst.Is6() {
		maxSize = 65527
	}
	refuse := func(format string, args ...any) (*PingOptions, error) {
		return nil, fmt.Errorf("ping %s: %s", dst, fmt.Sprintf(format, args...))
	}
	switch {
	case !dst.IsValid():
		return nil, fmt.Errorf("ping: dst is missing")
	case dst.IsUnspecified():
		return refuse("dst is the unspecified address, name a host")
	case c.Count < 0:
		return refuse("count %d is below 0", c.Count)
	case c.Interval < 0:
		return refuse("interval %v is below 0", c.Interval)
	case c.Timeout < 0:
		return refuse("timeout %v is below 0", c.Timeout)
	case c.Size < 0 || c.Size > maxSize:
		return refuse("size %d is not in 1..%d", c.Size, maxSize)
	case c.TTL < 0 || c.TTL > 255:
		return refuse("ttl %d is not in 1..255", c.TTL)
	case c.Source.IsValid() && c.Source.Is4() != dst.Is4():
		return refuse("source %s is of the other address family", c.Source)
	case len(c.Device) > 15:
		return refuse("device %q is longer than 15 bytes", c.Device)
	case needsZone(dst) && dst.Zone() == "" && c.Device == "":
		return refuse("a link-local address needs a zone (%s%%eth0) or a device", dst)
	}
	if c.Count == 0 {
		c.Count = 1
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Size == 0 {
		c.Size = defaultSize
	}
	return &c, nil
}

// needsZone says whether an address means nothing without a link.
func needsZone(a netip.Addr) bool {
	return a.Is6() && (a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() || a.IsInterfaceLocalMulticast())
}
