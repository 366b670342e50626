package nlcore

import "nlsh/nlcore/val"

// Change is one intended change as a value: it can be executed now, packed
// with others, shown, recorded or undone. Names in it are resolved when it is
// sent.
type Change struct {
	Verb   val.Verb
	Object Object
	// Netns is where the change happens; the zero value is the namespace of
	// the handle that applies it.
	Netns val.NetnsRef
}

// String is the change as errors name it: "link add br0".
func (c Change) String() string {
	if c.Object == nil {
		return c.Verb.String()
	}
	return c.Object.Class() + " " + c.Verb.String() + " " + c.Object.String()
}
