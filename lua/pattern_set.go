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

// classSets holds the character classes by lower-case letter; letters that name no class are absent.
// It is filled once and only read afterwards.
var classSets = makeClassSets()

// makeClassSets builds the classes of the C locale, which is the one that Lua's own tests assume.
func makeClassSets() map[byte]byteSet {
	var alpha, cntrl, digit, lower, punct, space, upper, xdigit, zero byteSet
	lower.addRange('a', 'z')
	upper.addRange('A', 'Z')
	alpha.addSet(lower)
	alpha.addSet(upper)
	digit.addRange('0', '9')
	cntrl.addRange(0, 31)
	cntrl.add(127)
	space.addRange('\t', '\r')
	space.add(' ')
	xdigit.addSet(digit)
	xdigit.addRange('a', 'f')
	xdigit.addRange('A', 'F')
	punct.addRange('!', '/')
	punct.addRange(':', '@')
	punct.addRange('[', '`')
	punct.addRange('{', '~')
	zero.add(0)
	alnum := alpha
	alnum.addSet(digit)
	return map[byte]byteSet{
		'a': alpha, 'c': cntrl, 'd': digit, 'l': lower, 'p': punct, 's': space,
		'u': upper, 'w': alnum, 'x': xdigit, 'z': zero,
	}
}

// classSet returns what "%" followed by letter stands for: a class, the complement of one (upper case), or the byte itself.
func classSet(letter byte) byteSet {
	if set, ok := classSets[letter|0x20]; ok && letter|0x20 >= 'a' && letter|0x20 <= 'z' {
		if letter&0x20 == 0 {
			return set.complement()
		}
		return set
	}
	var one byteSet
	one.add(letter)
	return one
}
