package lua

// byteSet is a set of byte values, one bit each.
type byteSet [4]uint64

func (s *byteSet) has(b byte) bool { return s[b>>6]&(1<<(b&63)) != 0 }

func (s *byteSet) add(b byte) { s[b>>6] |= 1 << (b & 63) }

// addRange adds lo to hi, both included; nothing if hi is below lo.
func (s *byteSet) addRange(lo, hi byte) {
	for c := int(lo); c <= int(hi); c++ {
		s.add(byte(c))
	}
}

// addSet adds every member of t.
func (s *byteSet) addSet(t byteSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// complement returns all bytes that are not in s.
func (s byteSet) complement() byteSet {
	for i := range s {
		s[i] = ^s[i]
	}
	return s
}

// classSets holds the character classes of the C locale, which is the one that
// Lua's own tests assume, by lower-case letter from 'a'; a letter that names no class has an empty set.
var classSets = [26]byteSet{
	0:         {1: upperBits | lowerBits},
	'c' - 'a': {0: 1<<32 - 1, 1: 1 << (127 - 64)},
	'd' - 'a': {0: digitBits},
	'l' - 'a': {1: lowerBits},
	'p' - 'a': {0: (1<<64 - 1<<'!') &^ digitBits, 1: (1<<63 - 1) &^ (upperBits | lowerBits)},
	's' - 'a': {0: 1<<('\r'+1) - 1<<'\t' | 1<<' '},
	'u' - 'a': {1: upperBits},
	'w' - 'a': {0: digitBits, 1: upperBits | lowerBits},
	'x' - 'a': {0: digitBits, 1: (1<<6-1)<<('A'-64) | (1<<6-1)<<('a'-64)},
	'z' - 'a': {0: 1},
}

// The letters lie in the second word of a set, the digits in the first.
const (
	upperBits = (1<<26 - 1) << ('A' - 64)
	lowerBits = (1<<26 - 1) << ('a' - 64)
	digitBits = (1<<10 - 1) << '0'
)

// class returns the class that a letter of either case names, and whether there is one.
func class(letter byte) (byteSet, bool) {
	low := letter | 0x20
	if low < 'a' || low > 'z' {
		return byteSet{}, false
	}
	set := classSets[low-'a']
	return set, set != byteSet{}
}

// classSet returns what "%" followed by letter stands for: a class, the complement of one (upper case), or the byte itself.
func classSet(letter byte) byteSet {
	if set, ok := class(letter); ok {
		if letter&0x20 == 0 {
			return set.complement()
		}
		return set
	}
	var one byteSet
	one.add(letter)
	return one
}
