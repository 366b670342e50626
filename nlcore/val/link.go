package val

import "strconv"

// LinkRef names a network interface, by name or altname, by index, or both as
// the kernel reports them. The zero value refers to nothing. A reference by
// name is resolved when its request is sent.
type LinkRef struct {
	Name  string
	Index int32
	none  bool
}

// LinkName refers to the interface with this name or altname.
func LinkName(name string) LinkRef { return LinkRef{Name: name} }

// LinkIndex refers to the interface with this index, 1 and up.
func LinkIndex(index int) LinkRef { return LinkRef{Index: int32(index)} }

// NoLink says "none": LinkSet with Master NoLink() releases a port.
func NoLink() LinkRef { return LinkRef{none: true} }

// IsZero reports that nothing was said.
func (r LinkRef) IsZero() bool { return r == LinkRef{} }

// IsNone reports that "no link" was said.
func (r LinkRef) IsNone() bool { return r.none }

// String is the name, else the index as iproute2 writes it ("if7").
func (r LinkRef) String() string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Index != 0:
		return "if" + strconv.Itoa(int(r.Index))
	}
	return "none"
}
