package witness

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed facts.tsv
var factsText string

// Fact is one line of the table.
type Fact struct {
	// Set is "IFLA_VXLAN" for attributes, "struct ndmsg" for members of a C
	// struct, "enum NUD" for numbers with those names in the headers, "enum
	// rt-neigh/nud-state" for those of a spec.
	Set string
	// Name is the name without the set's: "LOCALBYPASS". A struct's size has
	// no name.
	Name string
	// ID is the attribute's id, the member's offset, the number.
	ID int64
	// Since is the first version whose headers have the name: "6.5"; "<=4.9"
	// where older ones were not looked at; "" where nothing is known.
	Since string
	// Spec is the type that the spec gives ("u32", "nest", "indexed-array of
	// nest"), or for a member of a struct its C type ("be16", "16 bytes").
	Spec string
	// Order is the spec's byte order, "big-endian" or "".
	Order string
	// Of is the spec's "set IFLA_BR" of a nest, "struct X" of a binary, "enum
	// rt-link/X" of a number.
	Of string
	// SpecLeast and SpecUtmost bound the number, where the spec does and there
	// are no policies.
	SpecLeast, SpecUtmost string
	// Policies are what the kernel's nla_policy tables say, one for each
	// table that names the attribute.
	Policies []Policy
	// Code is how the kernel's code reads and writes the attribute: "be16",
	// "u32", "in6_addr", "nest".
	Code []string
}

// Policy is one table's word on an attribute. Least and Utmost bound a number,
// or a length in bytes; "" is no bound, "?" one that is not in the headers.
type Policy struct{ Type, Least, Utmost string }

// Facts is the table: sets by name, their facts in the order of the file.
type Facts map[string][]Fact

// ReadFacts reads the committed table.
func ReadFacts() (Facts, error) {
	all := Facts{}
	for i, line := range strings.Split(strings.TrimSuffix(factsText, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := append(strings.Split(line, "\t"), make([]string, 11)...)
		id, err := strconv.ParseInt(c[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("facts.tsv:%d: %w", i+1, err)
		}
		f := Fact{Set: c[0], Name: c[1], ID: id, Since: c[3], Spec: c[4], Order: c[5], Of: c[6]}
		if c[10] != "" {
			f.Code = strings.Split(c[10], "|")
		}
		if c[7] == "" {
			f.SpecLeast, f.SpecUtmost = c[8], c[9]
		} else {
			least, utmost := strings.Split(c[8], "|"), strings.Split(c[9], "|")
			for j, typ := range strings.Split(c[7], "|") {
				f.Policies = append(f.Policies, Policy{typ, at(least, j), at(utmost, j)})
			}
		}
		all[f.Set] = append(all[f.Set], f)
	}
	return all, nil
}

func at(l []string, i int) string {
	if i < len(l) {
		return l[i]
	}
	return ""
}

// ByID finds a fact of a set; nil where it has none of this id.
func (all Facts) ByID(set string, id int64) *Fact {
	for i := range all[set] {
		if f := &all[set][i]; f.ID == id && (f.Name != "" || !strings.HasPrefix(set, "struct ")) {
			return f
		}
	}
	return nil
}

// Size is a struct's size in bytes, 0 where it is unknown.
func (all Facts) Size(set string) int64 {
	for _, f := range all[set] {
		if f.Name == "" {
			return f.ID
		}
	}
	return 0
}
