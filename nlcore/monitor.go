package nlcore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

var (
	// ErrOverrun says that the kernel dropped messages for want of room in the
	// receive buffer.
	ErrOverrun = nl.ErrOverrun
	// ErrClosed ends what waits on a Handle or a Subscription that is closed.
	ErrClosed = nl.ErrClosed
)

// SubscribeOptions say what a Subscription tells of. Nil, and the zero value,
// are the defaults.
type SubscribeOptions struct {
	// Kinds are names of classes, of those in SubscribeKinds. None: all.
	Kinds []string
	// FailOnLoss ends the subscription with ErrOverrun when the kernel had to
	// drop messages. Otherwise it reads what there is anew and tells what
	// differs.
	FailOnLoss bool
	// Buffer is the socket's receive buffer in bytes, as far as privileges
	// allow: what waits there while nobody calls Next. Zero is 4 MiB.
	Buffer int
}

const subscribeBuffer = 4 << 20

// EventOp is what happened to an object.
type EventOp uint8

// The events: an object is there, new or changed, or it is gone.
const (
	EventNew EventOp = iota + 1
	EventDel
)

// String is "new" or "del".
func (o EventOp) String() string {
	switch o {
	case EventNew:
		return "new"
	case EventDel:
		return "del"
	}
	return fmt.Sprintf("event %d", uint8(o))
}

// Event is one change in a namespace.
type Event struct {
	Op   EventOp
	Kind string // the object's class: "link"
	// Object is the object as it is; of one that is gone, as it last was.
	Object Object
	// Time is when the change was read, not when it happened.
	Time time.Time
	// Resync says that the kernel did not tell: the change was found by reading
	// a list, after a loss or where the kernel never tells.
	Resync bool
}

// String is "new link eth0".
func (e Event) String() string { return fmt.Sprintf("%v %s %v", e.Op, e.Kind, e.Object) }

// Subscription tells of changes in the Handle's namespace, in their order, by
// a socket of its own. A view that is kept up by its events only, starting from
// a list read after Subscribe, ends as the kernel's: also when messages were
// lost, and where the kernel is silent (it deletes IPv4 routes of a link that
// goes down, and has the rest of a replaced route, without a word). A message
// that tells nothing new is no event.
//
// One goroutine at a time calls Next or ranges over Events; Close and Resyncs
// may be called by any. Nothing is read from the socket in between, so memory
// is bounded by what there is to know, not by what happens.
type Subscription struct {
	h      *Handle
	conn   *nl.Conn
	ctx    context.Context // ends with the subscription
	cancel context.CancelFunc
	strict bool // fails on loss

	turn    chan struct{} // holds one token while somebody reads
	watched []*watched
	links   *watched // among watched, shown or not
	names   map[int32]string
	former  []int32 // indexes of links that are gone, named until all is told
	queue   []toTell
	env     attr.Env
	fatal   error
	resyncs atomic.Int64
}

// toTell is an event that was not asked for yet. What it is about stands on the
// shelf; of one that is gone, or superseded, only until then.
type toTell struct {
	w      *watched
	id     shelfID
	op     EventOp
	resync bool
	at     time.Time
}

// Subscribe begins to listen: whatever changes from here on is told. ctx is for
// the opening, which reads what there is now; that is not told.
func (h *Handle) Subscribe(ctx context.Context, o *SubscribeOptions) (*Subscription, error) {
	if o == nil {
		o = &SubscribeOptions{}
	}
	kinds, err := chooseKinds(o.Kinds)
	if err != nil {
		return nil, explainOp("subscribe", "", err)
	}
	s := &Subscription{h: h, strict: o.FailOnLoss, turn: make(chan struct{}, 1), names: map[int32]string{}}
	s.env = attr.Env{Names: h.o.Names, LinkName: func(index int32) string { return s.names[index] }}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.links = newWatched(&monitorLink, false)
	s.watched = append(s.watched, s.links)
	for _, k := range kinds {
		if k == &monitorLink {
			s.links.shown = true
		} else {
			s.watched = append(s.watched, newWatched(k, true))
		}
	}
	if err := s.open(ctx, o.Buffer); err != nil {
		return nil, explainOp("subscribe", "", errors.Join(err, s.Close()))
	}
	return s, nil
}

// open joins the groups, then reads what there is, so that nothing falls
// between.
func (s *Subscription) open(ctx context.Context, buffer int) (err error) {
	if buffer <= 0 {
		buffer = subscribeBuffer
	}
	o := nl.Options{Tracer: s.h.o.Tracer, NoStrict: s.h.o.NoStrict, Buffer: buffer}
	err = s.h.ns.Do(func() error {
		s.conn, err = nl.Dial(&o)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.h.adopt(s); err != nil {
		return err
	}
	for _, group := range s.groups() {
		if err := s.conn.Join(group); err != nil && group != uapi.RTNLGRP_NEXTHOP { // Linux 5.3
			return err
		}
	}
	for _, w := range s.watched {
		w.distrust()
	}
	return s.relist(ctx, true)
}

// groups are those of the kinds; with routes also those whose changes delete
// routes silently.
func (s *Subscription) groups() []uint32 {
	var l []uint32
	for _, w := range s.watched {
		l = append(l, w.kind.groups...)
		if w.kind == &monitorRoute {
			l = append(l, uapi.RTNLGRP_IPV4_IFADDR, uapi.RTNLGRP_NEXTHOP)
		}
	}
	return l
}

// Next returns the next event, and waits for it until ctx ends. With a ctx that
// has ended it returns an event that is there already, if any. After Close, and
// when the Handle is closed, the error is ErrClosed; any error but ctx's is the
// last. Lists that have to be read are read whole, whatever ctx says.
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	select {
	case s.turn <- struct{}{}:
	default:
		select {
		case s.turn <- struct{}{}:
		case <-ctx.Done():
			return Event{}, explainOp("subscription", "", ctx.Err())
		}
	}
	defer func() { <-s.turn }()
	for s.fatal == nil {
		if len(s.queue) > 0 {
			return s.tell()
		}
		err := s.read(ctx)
		switch {
		case err == nil:
		case s.ctx.Err() != nil:
			s.fatal = explainOp("subscription", "", nl.ErrClosed)
		case ctx.Err() != nil:
			return Event{}, explainOp("subscription", "", ctx.Err())
		default:
			s.fatal = explainOp("subscription", "", err)
		}
	}
	return Event{}, s.fatal
}

// read takes one datagram; where none waits, it reads what is not trusted any
// more, and then waits.
func (s *Subscription) read(ctx context.Context) error {
	got, err := s.conn.Take(s.hear)
	if err == nil && !got {
		if s.distrusted() {
			return s.relist(s.ctx, false)
		}
		s.forgetNames()
		err = s.conn.Await(ctx)
	}
	if errors.Is(err, ErrOverrun) && !s.strict {
		s.resyncs.Add(1)
		for _, w := range s.watched {
			w.distrust()
		}
		return nil
	}
	return err
}

// tell makes the first event of the queue.
func (s *Subscription) tell() (Event, error) {
	t := s.queue[0]
	if s.queue = s.queue[1:]; len(s.queue) == 0 {
		s.queue = nil // what was a long one
	}
	kind := t.w.kind
	o, err := kind.decode(&s.env, t.w.shelf.body(t.id))
	t.w.shelf.entries[t.id].waits--
	t.w.shelf.dropUnused(t.id)
	if err != nil {
		return Event{}, explainOp("subscription", "", fmt.Errorf("message about a %s: %w", kind.class.Name, err))
	}
	return Event{Op: t.op, Kind: kind.class.Name, Object: o, Time: t.at, Resync: t.resync}, nil
}

// Events yields what Next returns, until the loop is left or an error, which
// is yielded last.
func (s *Subscription) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			e, err := s.Next(ctx)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Resyncs is how often messages were lost so far.
func (s *Subscription) Resyncs() int { return int(s.resyncs.Load()) }

// Close ends the subscription; a Next that waits returns. It may be called
// again.
func (s *Subscription) Close() error {
	s.h.release(s)
	return s.end()
}

func (s *Subscription) end() error {
	s.cancel()
	if s.conn == nil {
		return nil
	}
	return s.conn.Close()
}
