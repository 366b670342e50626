package nlcore

import (
	"slices"

	"nlsh/nlcore/attr"
)

// Schemas lists the rows of everything that nlcore reads and writes: those of
// each class, of each kind of a class that has kinds, and of each kind of
// encapsulation of routes. Rows of structs inside them are reached from there.
func Schemas() []*attr.Schema {
	var l []*attr.Schema
	for _, c := range classes {
		kinds := []string{""}
		if c.Kinds != nil {
			kinds = append(kinds, c.Kinds()...)
		}
		for _, kind := range kinds {
			for _, v := range c.New(kind).Views() {
				if s := v.Schema(); s != nil && !slices.Contains(l, s) {
					l = append(l, s)
				}
			}
		}
	}
	for _, k := range encapKinds {
		l = append(l, k.make().view().Schema())
	}
	return l
}
