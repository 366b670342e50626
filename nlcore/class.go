package nlcore

import "slices"

// classes are all sorts of objects, sorted by name.
var classes = [...]*Class{
	&addrClass,
	&bridgeLinkClass,
	&linkClass,
	&neighClass,
	&routeClass,
	&ruleClass,
	&xfrmPolicyClass,
	&xfrmStateClass,
}

// Classes lists all sorts of objects, sorted by name.
func Classes() []*Class { return slices.Clone(classes[:]) }

// ClassByName finds a sort of objects; nil where there is none.
func ClassByName(name string) *Class {
	for _, c := range classes {
		if c.Name == name {
			return c
		}
	}
	return nil
}
