package nlcore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/val"
)

// Options say how a Handle works. Nil, and the zero value, are the defaults.
type Options struct {
	// Names are the words of tables, protocols, scopes and groups. Nil: those
	// that need no file.
	Names *rtnames.Names
	// Tracer sees every datagram both ways. Nil: none.
	Tracer Tracer
	// Warned is told what the kernel remarks on a request that it accepted.
	// It must not use the Handle. Nil drops it.
	Warned func(text string)
	// NoStrict gives up strict checking of dump requests, for kernels before
	// 4.20, which refuse it. Filters of lists are then applied here.
	NoStrict bool
}

// Tracer sees each netlink datagram as it passes.
type Tracer = nl.Tracer

// Dir says which way a datagram goes.
type Dir = nl.Dir

// The directions that a Tracer is told.
const (
	Sent     = nl.Sent
	Received = nl.Received
)

// Handle speaks netlink in one network namespace for its whole life:
// rtnetlink, and other protocols where objects need one. It is
// safe for concurrent use. Close it once; calls that run then end with an
// error.
type Handle struct {
	ns   *netns.NS
	o    Options
	conn *nl.Conn // requests and batches of rtnetlink

	slots chan struct{} // one token for each dump that runs

	mu     sync.Mutex
	others []*nl.Conn // requests and batches of other protocols, one for each
	idle   []*nl.Conn // for dumps, which own a socket until they end
	subs   map[*Subscription]struct{}
	closed bool
}

const (
	maxDumps = 256 // at once on one Handle; the next one waits
	maxIdle  = 4
)

// NewHandle opens a Handle in the network namespace of the calling thread:
// that of the process, unless the goroutine is locked to a thread elsewhere.
func NewHandle(o *Options) (*Handle, error) {
	ns, err := netns.Current()
	if err != nil {
		return nil, err
	}
	return newHandle(ns, o)
}

// NewHandleAt opens a Handle in ns, which stays the caller's.
func NewHandleAt(ns *netns.NS, o *Options) (*Handle, error) {
	own, err := ns.Dup()
	if err != nil {
		return nil, err
	}
	return newHandle(own, o)
}

// newHandle takes ns over, also when it fails.
func newHandle(ns *netns.NS, o *Options) (*Handle, error) {
	h := &Handle{ns: ns, slots: make(chan struct{}, maxDumps)}
	if o != nil {
		h.o = *o
	}
	if h.o.Names == nil {
		h.o.Names = rtnames.Builtin()
	}
	var err error
	if h.conn, err = h.dial(uapi.NETLINK_ROUTE); err != nil {
		return nil, errors.Join(err, ns.Close())
	}
	return h, nil
}

func (h *Handle) dial(protocol int) (c *nl.Conn, err error) {
	o := nl.Options{Protocol: protocol, Tracer: h.o.Tracer, NoStrict: h.o.NoStrict}
	if h.o.Warned != nil {
		o.Warned = func(e *nl.Error) { h.o.Warned(e.Message) }
	}
	err = h.ns.Do(func() error {
		c, err = nl.Dial(&o)
		return err
	})
	return c, err
}

// Netns is the namespace the Handle belongs to. It stays the Handle's.
func (h *Handle) Netns() *netns.NS { return h.ns }

// Close ends the Handle and its sockets.
func (h *Handle) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	h.closed = true
	err := h.conn.Close()
	for s := range h.subs {
		err = errors.Join(err, s.end())
	}
	h.subs = nil
	for _, c := range slices.Concat(h.others, h.idle) {
		err = errors.Join(err, c.Close())
	}
	h.others, h.idle = nil, nil
	return errors.Join(err, h.ns.Close())
}

// adopt has a subscription end with the Handle.
func (h *Handle) adopt(s *Subscription) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return fmt.Errorf("handle: %w", nl.ErrClosed)
	}
	if h.subs == nil {
		h.subs = map[*Subscription]struct{}{}
	}
	h.subs[s] = struct{}{}
	return nil
}

// release forgets a subscription.
func (h *Handle) release(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
}

// connOf is the socket for requests of a protocol, opened when first needed.
func (h *Handle) connOf(protocol int) (*nl.Conn, error) {
	if protocol == uapi.NETLINK_ROUTE {
		return h.conn, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, fmt.Errorf("handle: %w", nl.ErrClosed)
	}
	for _, c := range h.others {
		if c.Protocol() == protocol {
			return c, nil
		}
	}
	c, err := h.dial(protocol)
	if err == nil {
		h.others = append(h.others, c)
	}
	return c, err
}

// take lends a socket of rtnetlink for one dump.
func (h *Handle) take(ctx context.Context) (*nl.Conn, error) {
	return h.takeOf(ctx, uapi.NETLINK_ROUTE)
}

// takeOf lends a socket of a protocol for one dump.
func (h *Handle) takeOf(ctx context.Context, protocol int) (*nl.Conn, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		<-h.slots
		return nil, fmt.Errorf("handle: %w", nl.ErrClosed)
	}
	for i := len(h.idle) - 1; i >= 0; i-- {
		if c := h.idle[i]; c.Protocol() == protocol {
			h.idle = slices.Delete(h.idle, i, i+1)
			h.mu.Unlock()
			return c, nil
		}
	}
	h.mu.Unlock()
	c, err := h.dial(protocol)
	if err != nil {
		<-h.slots
	}
	return c, err
}

// give takes a socket back. One with a dump left on it is closed: reading the
// rest would cost more.
func (h *Handle) give(c *nl.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	<-h.slots
	if h.closed || c.Unfinished() || len(h.idle) >= maxIdle {
		_ = c.Close()
		return
	}
	h.idle = append(h.idle, c)
}

// env is what rows need to write messages of this namespace.
func (h *Handle) env(ctx context.Context, m attr.Mode) *attr.Env {
	return &attr.Env{Mode: m, Names: h.o.Names, LinkIndex: func(r val.LinkRef) (int32, error) {
		return h.linkIndex(ctx, r)
	}, VRFTable: func(r val.LinkRef) (uint32, error) { return h.VRFTable(ctx, r) }}
}

// readEnv is what rows need to read messages of this namespace. The names of
// links come from one list, read when the first is asked for.
func (h *Handle) readEnv(ctx context.Context) *attr.Env {
	var names map[int32]string
	return &attr.Env{Names: h.o.Names, LinkName: func(index int32) string {
		if names == nil {
			names = h.linkNames(ctx)
		}
		return names[index]
	}}
}

// oneEnv is readEnv for one message: the few links that it refers to are asked
// for one by one, on a socket of their own, where a list of all would cost a
// thousand times as much.
func (h *Handle) oneEnv(ctx context.Context) *attr.Env {
	return &attr.Env{Names: h.o.Names, LinkName: func(index int32) string { return h.linkName(ctx, index) }}
}

// Env is the words of the Handle's names, for whoever reads or sets fields of
// its objects by key.
func (h *Handle) Env() *attr.Env { return &attr.Env{Names: h.o.Names} }
