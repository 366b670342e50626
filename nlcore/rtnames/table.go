package rtnames

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// A Table maps numbers to words and back. One number may have several words;
// the last one read is the one shown. The zero Table is empty.
type Table struct {
	max   uint32
	once  sync.Once
	fill  func(*Table) // adds the words when the first is asked for
	words map[uint32]string
	nums  map[string]uint32
}

// filled is the table with its words.
func (t *Table) filled() *Table {
	t.once.Do(func() {
		t.words, t.nums = map[uint32]string{}, map[string]uint32{}
		if t.fill != nil {
			t.fill(t)
		}
	})
	return t
}

// Word returns the word shown for a number, and whether there is one.
func (t *Table) Word(n uint32) (string, bool) {
	w, ok := t.filled().words[n]
	return w, ok
}

// Number returns the number a word stands for, and whether it is known. Case
// matters. Digits are no words.
func (t *Table) Number(word string) (uint32, bool) {
	n, ok := t.filled().nums[word]
	return n, ok
}

// Words returns every known word, by number and then by word.
func (t *Table) Words() []string { return t.filled().sorted() }

func (t *Table) sorted() []string {
	return slices.SortedFunc(maps.Keys(t.nums), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.nums[a], t.nums[b]), cmp.Compare(a, b))
	})
}

// Max returns the greatest number the table's field can hold.
func (t *Table) Max() uint32 { return t.max }

type entry struct {
	n    uint32
	word string
}

// with adds the entries to a table that is being filled.
func (t *Table) with(entries ...entry) {
	for _, e := range entries {
		t.set(e.n, e.word)
	}
}

// set gives a number a word. A word that meant another number means this one
// from now on, and is no longer shown for the other: what is printed can
// always be read back.
func (t *Table) set(n uint32, word string) {
	if old, ok := t.nums[word]; ok && old != n && t.words[old] == word {
		delete(t.words, old)
		for _, w := range t.sorted() {
			if t.nums[w] == old && w != word {
				t.words[old] = w
			}
		}
	}
	t.nums[word] = n
	t.words[n] = word
}
