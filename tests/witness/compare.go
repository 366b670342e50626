package witness

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is one point on which a row and the kernel's tables differ.
type Difference struct {
	Path   string // the row's: "vxlan.dstport"
	Check  string // "id", "name", "type", "order", "range", "word", "since", "size", "set", "missing", "witness"
	Ours   string
	Theirs string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: %s is %q here, %q in the kernel", d.Path, d.Check, d.Ours, d.Theirs)
}

func (d Difference) key() string {
	return strings.Join([]string{d.Path, d.Check, d.Ours, d.Theirs}, "\t")
}

// Compare holds places against the facts. mentions are asked whether a
// test against iproute2 has the row, where no table decides.
func Compare(places []Place, facts Facts, mentions Mentions) []Difference {
	c := comparison{facts: facts, mentions: mentions}
	have := map[string]map[int64]bool{}
	for i := range places {
		c.place(&places[i])
		if set := Sets[places[i].Name]; have[set] == nil {
			have[set] = map[int64]bool{}
		}
		for _, r := range places[i].Rows {
			if !r.Known {
				have[Sets[r.Place]][int64(r.ID)], have[Sets[r.Place]][int64(r.ID6)] = true, true
			}
		}
	}
	c.missing(have)
	slices.SortStableFunc(c.found, func(a, b Difference) int {
		return strings.Compare(a.key(), b.key())
	})
	return slices.Compact(c.found)
}

type comparison struct {
	facts    Facts
	mentions Mentions
	found    []Difference
}

func (c *comparison) differ(path, check, ours, theirs string) {
	c.found = append(c.found, Difference{path, check, ours, theirs})
}

func (c *comparison) place(p *Place) {
	set, ok := Sets[p.Name]
	switch {
	case !ok:
		c.differ(p.Name, "set", "", "")
	case set == wordOnly:
		for i := range p.Rows {
			c.bit(&p.Rows[i], true)
		}
	case strings.HasPrefix(set, "struct "):
		if size := c.facts.Size(set); int64(p.Size) != size {
			c.differ(p.Name, "size", fmt.Sprint(p.Size), fmt.Sprint(size))
		}
		for i := range p.Rows {
			c.member(&p.Rows[i], set)
		}
	default:
		for i := range p.Rows {
			c.attribute(&p.Rows[i], set, int64(p.Rows[i].ID))
			if p.Rows[i].ID6 != 0 {
				c.attribute(&p.Rows[i], set, int64(p.Rows[i].ID6))
			}
		}
	}
}

// missing are attributes of our sets that no place has a row for, or only one
// that keeps nothing.
func (c *comparison) missing(have map[string]map[int64]bool) {
	for set, ids := range have {
		if set == "" || set == wordOnly || strings.HasPrefix(set, "struct ") {
			continue
		}
		for _, f := range c.facts[set] {
			if !ids[f.ID] && f.Name != "PAD" && !strings.HasPrefix(f.Name, "UNUSED") {
				c.differ(set, "missing", "", f.Name)
			}
		}
	}
}

func (c *comparison) attribute(r *Row, set string, id int64) {
	if r.Known {
		return
	}
	f := c.facts.ByID(set, id)
	if f == nil {
		c.differ(r.Path(), "id", fmt.Sprint(id), "")
		return
	}
	c.name(r, f)
	c.types(r, f)
	c.order(r, f)
	c.ranges(r, f)
	c.words(r, f)
	c.since(r, f)
}

// member is a part of a C struct; where several stand at one offset, as a
// struct and its first member do, the one of its width is meant.
func (c *comparison) member(r *Row, set string) {
	if r.Bit != 0 {
		c.bit(r, false)
	}
	var best *Fact
	for i := range c.facts[set] {
		f := &c.facts[set][i]
		if f.ID != int64(r.Offset) || f.Name == "" {
			continue
		}
		if best == nil || kernelWidth(f.Spec) == r.Width {
			best = f
		}
	}
	if best == nil {
		c.differ(r.Path(), "id", fmt.Sprint(r.Offset), "")
		return
	}
	if r.Bit == 0 {
		c.name(r, best)
		c.words(r, best)
	}
	if ours := r.Type; !sameMember(r, best.Spec) {
		c.differ(r.Path(), "type", fmt.Sprintf("%s/%d", ours, r.Width), best.Spec)
	}
	c.observed(r, strings.HasPrefix(best.Spec, "be"), best.Spec)
}

func sameMember(r *Row, kernel string) bool {
	if r.Type != "" && isNumber(r.Type) && isNumber(kernel) {
		return r.Type == kernel || numberWidth(r.Type) == numberWidth(kernel) && sameSign(r, kernel)
	}
	return r.Width == kernelWidth(kernel) || strings.HasPrefix(kernel, "struct ")
}

// name compares the key with the kernel's name.
func (c *comparison) name(r *Row, f *Fact) {
	theirs := plain(f.Name[strings.LastIndexByte(f.Name, '.')+1:])
	if i := strings.IndexByte(theirs, '_'); strings.HasPrefix(f.Set, "struct ") && i >= 0 {
		if prefix := theirs[:i]; slices.Contains(memberPrefixes, prefix) {
			theirs = theirs[i+1:]
		}
	}
	for _, ours := range append([]string{r.Key, r.Name}, r.Aliases...) {
		if squeeze(ours) == squeeze(theirs) {
			return
		}
	}
	c.differ(r.Path(), "name", r.Name, f.Name)
}

// memberPrefixes are what the kernel puts before the members of some structs.
var memberPrefixes = []string{"alg", "encap", "ifa", "ifi", "ndm", "rta", "rtm", "rtnh"}

// plain is a kernel's name in lower case.
func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "-", "_")) }

// shortened are words that the kernel and iproute2 shorten differently;
// joined are the marks between them.
var (
	shortened = strings.NewReplacer("count", "cnt", "interval", "intvl", "address", "addr")
	joined    = strings.NewReplacer("_", "", "-", "", ".", "")
)

// squeeze makes names alike that differ in how they are cut and shortened.
func squeeze(name string) string { return joined.Replace(shortened.Replace(plain(name))) }

// bit compares a flag with the kernel's flag of that number.
func (c *comparison) bit(r *Row, alone bool) {
	set := Words[r.Place]
	id := int64(r.Bit)
	if set == "enum BR_BOOLOPT" { // the enum counts bits
		for id = 0; r.Bit>>id > 1; {
			id++
		}
	}
	f := c.facts.ByID(set, id)
	for i := range c.facts[set] { // one number may be a flag here and a choice there
		if x := &c.facts[set][i]; x.ID == id && squeeze(x.Name) == squeeze(r.Key) {
			f = x
		}
	}
	if f == nil {
		c.differ(r.Path(), "id", fmt.Sprintf("%#x", r.Bit), set)
		return
	}
	c.name(r, f)
	if alone && r.Width != 4 {
		c.differ(r.Path(), "type", fmt.Sprint(r.Width), "4")
	}
}
