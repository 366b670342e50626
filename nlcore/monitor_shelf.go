package nlcore

import "hash/maphash"

// shelf keeps what the kernel said last of many objects: the bodies of
// messages, packed, without a pointer to each. A million routes take some
// 200 MB. Bodies with one hash form a chain; telling them apart is left to the
// caller.
type shelf struct {
	seed    maphash.Seed
	heads   map[uint64]shelfID
	entries []shelved // by id
	unused  shelfID   // the first one, chained by next
	pieces  [][]byte
	used    int // bytes of bodies that are kept
	wasted  int // bytes of bodies that were dropped
}

// shelfID is an entry of a shelf; 0 is none.
type shelfID uint32

// shelved is one body and its place.
type shelved struct {
	piece, at, size uint32
	next            shelfID
	round           uint32 // of the list that had it last
	waits           uint16 // events about it that were not told yet
	kept            bool   // there is a body
	chained         bool   // it is found by its hash
}

const shelfPiece = 256 << 10

func newShelf() *shelf {
	return &shelf{seed: maphash.MakeSeed(), heads: map[uint64]shelfID{}, entries: make([]shelved, 1)}
}

func (s *shelf) hash(key []byte) uint64 { return maphash.Bytes(s.seed, key) }

// add keeps a copy of a body under a hash.
func (s *shelf) add(hash uint64, body []byte, round uint32) shelfID {
	id := s.unused
	if id == 0 {
		id = shelfID(len(s.entries))
		s.entries = append(s.entries, shelved{})
	} else {
		s.unused = s.entries[id].next
	}
	e := &s.entries[id]
	*e = shelved{next: s.heads[hash], round: round, kept: true, chained: true}
	s.heads[hash] = id
	s.put(e, body)
	return id
}

// set puts another body in the place of one.
func (s *shelf) set(id shelfID, body []byte) {
	e := &s.entries[id]
	s.forget(e)
	s.put(e, body)
	s.pack()
}

func (s *shelf) put(e *shelved, body []byte) {
	last := len(s.pieces) - 1
	if last < 0 || cap(s.pieces[last])-len(s.pieces[last]) < len(body) {
		s.pieces = append(s.pieces, make([]byte, 0, max(shelfPiece, len(body))))
		last++
	}
	e.piece, e.at, e.size = uint32(last), uint32(len(s.pieces[last])), uint32(len(body))
	s.pieces[last] = append(s.pieces[last], body...)
	s.used += len(body)
}

func (s *shelf) body(id shelfID) []byte {
	e := &s.entries[id]
	return s.pieces[e.piece][e.at : e.at+e.size : e.at+e.size]
}

// unchain makes an entry not to be found; its body stays until dropUnused.
func (s *shelf) unchain(hash uint64, id shelfID) {
	e := &s.entries[id]
	if first := s.heads[hash]; first == id {
		if s.heads[hash] = e.next; e.next == 0 {
			delete(s.heads, hash)
		}
	} else {
		for x := first; x != 0; x = s.entries[x].next {
			if s.entries[x].next == id {
				s.entries[x].next = e.next
			}
		}
	}
	e.next, e.chained = 0, false
}

// dropUnused frees an entry that is in no chain and in no event.
func (s *shelf) dropUnused(id shelfID) {
	e := &s.entries[id]
	if e.chained || e.waits > 0 {
		return
	}
	s.forget(e)
	*e = shelved{next: s.unused}
	s.unused = id
	s.pack()
}

func (s *shelf) forget(e *shelved) {
	s.used -= int(e.size)
	s.wasted += int(e.size)
}

// pack moves what is kept together, where more is wasted.
func (s *shelf) pack() {
	if s.wasted <= s.used+shelfPiece {
		return
	}
	old := s.pieces
	s.pieces, s.used, s.wasted = nil, 0, 0
	for i := range s.entries {
		if e := &s.entries[i]; e.kept {
			s.put(e, old[e.piece][e.at:e.at+e.size])
		}
	}
}
