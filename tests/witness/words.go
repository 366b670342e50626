package witness

import (
	"fmt"
	"strconv"
	"strings"
)

// words compares the words of a choice with the kernel's numbers.
func (c *comparison) words(r *Row, f *Fact) {
	if r.Word == nil || Unnumbered[r.Path()] != "" {
		return
	}
	set := Words[r.Path()]
	if set == "" && strings.HasPrefix(f.Of, "enum ") {
		set = f.Of
	}
	if len(c.facts[set]) == 0 {
		c.differ(r.Path(), "word", "", "no set")
		return
	}
	known := map[uint64]bool{}
	var without []string
	for _, w := range c.facts[set] {
		n := uint64(w.ID)
		known[n] = true
		switch ours := r.Word(n); {
		case squeeze(ours) == squeeze(w.Name) || c.another(set, &w, ours):
		case ours == "":
			without = append(without, fmt.Sprintf("%d=%s", n, plain(w.Name)))
		default:
			c.differ(r.Path(), "word", fmt.Sprintf("%d=%s", n, ours), plain(w.Name))
		}
	}
	if without != nil {
		c.differ(r.Path(), "no word", "", strings.Join(without, " "))
	}
	for _, word := range r.Words {
		if n, ok := r.Number(word); ok && !known[n] {
			c.differ(r.Path(), "word", fmt.Sprintf("%d=%s", n, word), "")
		}
	}
}

// another says that the kernel has our word as a second name of the number.
func (c *comparison) another(set string, w *Fact, ours string) bool {
	for _, x := range c.facts[set] {
		if x.ID == w.ID && squeeze(x.Name) == squeeze(ours) {
			return true
		}
	}
	return false
}

// floor is the version up to which rows need not say since when they are:
// whoever asks runs a later one.
const floor = "4.4"

// since compares the first version.
func (c *comparison) since(r *Row, f *Fact) {
	bound, atMost := strings.CutPrefix(f.Since, "<=")
	switch {
	case r.Since == "" && bound == r.Above: // the nest says it
	case r.Since == "" && (f.Since == "" || !later(bound, floor)):
	case f.Since == "" || atMost && !later(r.Since, bound):
		if r.Since != "" {
			c.differ(r.Path(), "since", r.Since, f.Since)
		}
	case r.Since != bound:
		c.differ(r.Path(), "since", r.Since, f.Since)
	}
}

// later says that a version is a later one than another.
func later(a, b string) bool {
	x, y := version(a), version(b)
	return x[0] > y[0] || x[0] == y[0] && x[1] > y[1]
}

func version(s string) (v [2]int) {
	major, minor, _ := strings.Cut(s, ".")
	v[0], _ = strconv.Atoi(major)
	v[1], _ = strconv.Atoi(minor)
	return v
}
