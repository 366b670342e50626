package nlcore

import (
	"bytes"
	"slices"
	"time"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/uapi"
)

// watched is one kind of a subscription: what the kernel said last of each
// object.
type watched struct {
	kind  *monitorKind
	shown bool // events are for the user
	shelf *shelf
	round uint32
	doubt []bool // by kind.lists: has to be read
	key   []byte // of a message
	other []byte // of what is kept
}

func newWatched(k *monitorKind, shown bool) *watched {
	return &watched{kind: k, shown: shown, shelf: newShelf(), doubt: make([]bool, len(k.lists))}
}

// distrust has everything read anew.
func (w *watched) distrust() {
	for i := range w.doubt {
		w.doubt[i] = true
	}
}

// distrustFamily has the list of one family read anew.
func (w *watched) distrustFamily(family byte) {
	for i, l := range w.kind.lists {
		if l.family == family {
			w.doubt[i] = true
		}
	}
}

// beside are the entries with the key of body: one at most, but for routes.
func (w *watched) beside(body []byte) (hash uint64, ids []shelfID) {
	w.key = w.kind.key(w.key[:0], body)
	hash = w.shelf.hash(w.key)
	for id := w.shelf.heads[hash]; id != 0; id = w.shelf.entries[id].next {
		w.other = w.kind.key(w.other[:0], w.shelf.body(id))
		if bytes.Equal(w.key, w.other) {
			ids = append(ids, id)
		}
	}
	return hash, ids
}

// hear takes one message of the groups.
func (s *Subscription) hear(m nl.Message) error {
	if m.Type == uapi.RTM_NEWNEXTHOP || m.Type == uapi.RTM_DELNEXTHOP {
		s.distrustRoutes(func([]byte) bool { return true })
		return nil
	}
	if m.Type == uapi.RTM_DELADDR && len(m.Data) >= uapi.SizeofIfAddrmsg && m.Data[0] == uapi.AF_INET {
		local, _ := attr.Find(m.Data[uapi.SizeofIfAddrmsg:], uapi.IFA_LOCAL)
		s.distrustRoutes(func(body []byte) bool {
			src, ok := attr.Find(body[uapi.SizeofRtMsg:], uapi.RTA_PREFSRC)
			return ok && bytes.Equal(src, local)
		})
	}
	for _, w := range s.watched {
		if k := w.kind; m.Type != k.added && m.Type != k.deleted || len(m.Data) < k.header || !k.about(m.Data) {
			continue
		}
		now := time.Now()
		if m.Type == w.kind.deleted {
			s.lost(w, m.Data, now)
		} else {
			s.learn(w, m.Data, m.Flags, now)
		}
	}
	return nil
}

// learn takes what the kernel tells of an object that is there.
func (s *Subscription) learn(w *watched, body []byte, flags uint16, now time.Time) {
	hash, ids := w.beside(body)
	for _, id := range ids {
		if w.kind.unchanged(w.shelf.body(id), body) {
			return
		}
	}
	if w.kind == &monitorLink {
		s.linkChanges(ids, body)
	}
	if w.kind == &monitorRoute {
		ids = s.replaced(w, ids, body, flags)
	}
	if len(ids) == 1 && (w.kind != &monitorRoute || slices.Equal(ways(w.shelf.body(ids[0])), ways(body))) {
		w.shelf.set(ids[0], body)
		s.enqueue(toTell{w, ids[0], EventNew, false, now})
		return
	}
	for _, id := range ids {
		w.shelf.unchain(hash, id)
		s.enqueue(toTell{w, id, EventDel, false, now})
	}
	s.enqueue(toTell{w, w.shelf.add(hash, body, w.round), EventNew, false, now})
}

// replaced are the routes whose place a new one takes. The kernel tells of the
// new one only (fib_table_insert, fib6_add_rt2node): with the flag replace it
// is in place of the first one, of which we know no order; for IPv6 else it is
// a multipath route with all ways of the one that was there.
func (s *Subscription) replaced(w *watched, ids []shelfID, body []byte, flags uint16) []shelfID {
	if flags&uapi.NLM_F_REPLACE != 0 {
		if len(ids) > 1 {
			w.distrustFamily(body[0])
			return nil
		}
		return ids
	}
	if body[0] != uapi.AF_INET6 || len(ids) == 0 {
		return nil
	}
	to := ways(body)
	return slices.DeleteFunc(ids, func(id shelfID) bool { return !within(ways(w.shelf.body(id)), to) })
}

// lost takes what the kernel tells of an object that is gone. One that was
// never told of is not told of now.
func (s *Subscription) lost(w *watched, body []byte, now time.Time) {
	hash, ids := w.beside(body)
	if len(ids) == 0 {
		return
	}
	i := slices.IndexFunc(ids, func(id shelfID) bool { return w.kind.unchanged(w.shelf.body(id), body) })
	switch {
	case w.kind == &monitorLink:
		i = 0
		s.linkChanges(ids, nil)
	case w.kind != &monitorRoute:
		i = 0
	case i < 0:
		to := ways(body)
		i = slices.IndexFunc(ids, func(id shelfID) bool { return slices.Equal(ways(w.shelf.body(id)), to) })
	}
	if i < 0 { // one way of several, or what was replaced unseen
		w.distrustFamily(body[0])
		return
	}
	w.shelf.unchain(hash, ids[i])
	s.enqueue(toTell{w, ids[i], EventDel, false, now})
}

// enqueue keeps an event for Next, if it is for the user.
func (s *Subscription) enqueue(t toTell) {
	if t.w.shown {
		t.w.shelf.entries[t.id].waits++
		s.queue = append(s.queue, t)
	}
	t.w.shelf.dropUnused(t.id)
}
