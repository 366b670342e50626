package nlcore

import (
	"context"
	"errors"
	"slices"
	"syscall"
	"time"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/val"
)

// distrusted reports that lists have to be read.
func (s *Subscription) distrusted() bool {
	return slices.ContainsFunc(s.watched, func(w *watched) bool { return slices.Contains(w.doubt, true) })
}

// relist reads the lists that are not trusted any more and queues what differs.
// Changes meanwhile are in the socket and come after; where they tell what the
// list told already, they are no events.
func (s *Subscription) relist(ctx context.Context, quiet bool) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	for _, w := range s.watched {
		for i := range w.doubt {
			if !w.doubt[i] {
				continue
			}
			if err := s.relistOne(ctx, w, i, quiet); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle waits until the change that the last message told of is complete. A
// message about a link is sent before its routes go, both under the kernel's
// lock, which lists need not take; so it asks something that takes it.
func (s *Subscription) settle(ctx context.Context) error {
	c, err := s.h.take(ctx)
	if err != nil {
		return err
	}
	defer s.h.give(c)
	err = askLink(ctx, c, val.LinkIndex(1), briefLink, func([]byte) error { return nil })
	if errors.Is(err, syscall.ENODEV) {
		return nil
	}
	return err
}

// relistOne reads one list. What is gone is told first: a route may be changed
// into one that is told by the same words.
func (s *Subscription) relistOne(ctx context.Context, w *watched, i int, quiet bool) error {
	now := time.Now()
	var added []toTell
	whole := false
	for try := 0; try < dumpTries && !whole; try++ {
		w.round++
		err := s.h.once(ctx, w.kind.lists[i].typ, raw(w.kind.lists[i].body), func(m nl.Message) error {
			if m.Type == w.kind.added && len(m.Data) >= w.kind.header && w.kind.about(m.Data) {
				if id := s.compare(w, m.Data); id != 0 {
					added = append(added, toTell{w, id, EventNew, true, now})
				}
			}
			return nil
		})
		if err != nil {
			added = s.enqueueAll(added, quiet) // it was there
		}
		switch {
		case err == nil, errors.Is(err, syscall.EAFNOSUPPORT): // a kernel without IPv6
			whole = true
		case !errors.Is(err, ErrDumpInterrupted):
			return err
		}
	}
	if whole { // else what was read holds, and the next one tells what is gone
		s.sweep(w, w.kind.lists[i].family, now, quiet)
		w.doubt[i] = false
	}
	s.enqueueAll(added, quiet)
	return nil
}

// enqueueAll queues events unless quiet, and returns the empty list.
func (s *Subscription) enqueueAll(l []toTell, quiet bool) []toTell {
	for _, t := range l {
		if !quiet {
			s.enqueue(t)
		}
	}
	return l[:0]
}

// compare takes one object of a list and returns it where it is new or changed.
func (s *Subscription) compare(w *watched, body []byte) shelfID {
	if w.kind == &monitorLink {
		s.name(body)
	}
	hash, ids := w.beside(body)
	for _, id := range ids {
		if w.kind.unchanged(w.shelf.body(id), body) {
			w.shelf.entries[id].round = w.round
			return 0
		}
	}
	for _, id := range ids {
		e := &w.shelf.entries[id]
		if e.round == w.round || w.kind == &monitorRoute && !slices.Equal(ways(w.shelf.body(id)), ways(body)) {
			continue
		}
		w.shelf.set(id, body)
		w.shelf.entries[id].round = w.round
		return id
	}
	return w.shelf.add(hash, body, w.round)
}

// sweep tells what a list that was read whole had not.
func (s *Subscription) sweep(w *watched, family byte, now time.Time, quiet bool) {
	for i := range w.shelf.entries {
		id := shelfID(i)
		if e := &w.shelf.entries[i]; !e.chained || e.round == w.round || w.shelf.body(id)[0] != family {
			continue
		}
		body := w.shelf.body(id)
		if w.kind == &monitorLink {
			s.former = append(s.former, int32(ne.Uint32(body[4:])))
		}
		w.key = w.kind.key(w.key[:0], body)
		w.shelf.unchain(w.shelf.hash(w.key), id)
		if quiet {
			w.shelf.dropUnused(id)
			continue
		}
		s.enqueue(toTell{w, id, EventDel, true, now})
	}
}
