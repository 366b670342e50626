package nlcore

import (
	"bytes"
	"slices"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// Links are watched whatever a subscription is for: the objects of all kinds
// refer to them by index, and routes come and go with them.

// linkChanges takes note of a link's message before it is kept; body is nil
// for one that is gone. A link that goes down or leaves a VRF takes IPv4 routes
// with it, and with the carrier flags of routes change, without a word.
func (s *Subscription) linkChanges(ids []shelfID, body []byte) {
	var before []byte
	if len(ids) > 0 {
		before = s.links.shelf.body(ids[0])
	}
	if body != nil {
		s.name(body)
	} else if before != nil {
		s.former = append(s.former, int32(ne.Uint32(before[4:])))
	}
	if before == nil || body != nil && sameReach(before, body) {
		return
	}
	index := ne.Uint32(before[4:])
	s.distrustRoutes(func(route []byte) bool { return leadsBy(route, index) })
}

// sameReach reports that a link is as much up, and as much part of another one,
// as it was.
func sameReach(a, b []byte) bool {
	const counts = uapi.IFF_UP | uapi.IFF_RUNNING | uapi.IFF_LOWER_UP
	x, _ := attr.Find(a[uapi.SizeofIfInfomsg:], uapi.IFLA_MASTER)
	y, _ := attr.Find(b[uapi.SizeofIfInfomsg:], uapi.IFLA_MASTER)
	return (ne.Uint32(a[8:])^ne.Uint32(b[8:]))&counts == 0 && bytes.Equal(x, y)
}

// distrustRoutes has the routes of a family read anew when one of those we know
// may be affected.
func (s *Subscription) distrustRoutes(affected func(body []byte) bool) {
	for _, w := range s.watched {
		if w.kind != &monitorRoute || !slices.Contains(w.doubt, false) {
			continue
		}
		for id := range w.shelf.entries {
			if !w.shelf.entries[id].chained {
				continue
			}
			body := w.shelf.body(shelfID(id))
			if !w.doubts(body[0]) && affected(body) {
				w.distrustFamily(body[0])
			}
		}
	}
}

// doubts reports that the list of a family has to be read already.
func (w *watched) doubts(family byte) bool {
	for i, l := range w.kind.lists {
		if l.family == family {
			return w.doubt[i]
		}
	}
	return true
}

// name learns the name of a link.
func (s *Subscription) name(body []byte) {
	s.names[int32(ne.Uint32(body[4:]))] = nameIn(body)
}

// forgetNames forgets links that are gone, when all events about them are told.
func (s *Subscription) forgetNames() {
	for _, index := range s.former {
		key := ne.AppendUint32(nil, uint32(index))
		if s.links.shelf.heads[s.links.shelf.hash(key)] == 0 {
			delete(s.names, index)
		}
	}
	s.former = nil
}
