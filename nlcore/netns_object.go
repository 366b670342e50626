package nlcore

import (
	"context"
	"errors"
	"fmt"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/val"
)

// NetnsNames is where namespaces have their names. Its errors wrap fs.ErrExist
// and fs.ErrNotExist as those of package netns do.
type NetnsNames interface {
	// New makes a namespace that has a name until Delete; the NS is the
	// caller's.
	New(name string) (*netns.NS, error)
	Delete(name string) error
	// Give gives a namespace, which stays the caller's, a name.
	Give(name string, ns *netns.NS) error
}

// MachineNames are those under netns.Dir.
type MachineNames struct{}

// New is netns.NewNamed.
func (MachineNames) New(name string) (*netns.NS, error) { return netns.NewNamed(name) }

// Delete is netns.DeleteNamed.
func (MachineNames) Delete(name string) error { return netns.DeleteNamed(name) }

// Give is netns.NS.GiveName.
func (MachineNames) Give(name string, ns *netns.NS) error { return ns.GiveName(name) }

// Netns is a network namespace as an object of changes: Add makes one, as `ip
// netns add` does, Del takes its name away. Neither is a message; the change
// is a barrier in a batch, and the same in whichever namespace it is applied.
type Netns struct {
	// Name is one path element; "" is a namespace without, which Add gives to
	// Made and Del has nothing to take from.
	Name string
	// Names is where the name is; nil: MachineNames.
	Names NetnsNames
	// Lo says that Add sets the lo of a new one up.
	Lo bool
	// Made takes the namespace that Add made, as its owner. Its error undoes
	// Add. Nil: the name alone holds it.
	Made func(*netns.NS) error
	// NS is what Add names instead of making one, and what Del's undo gives the
	// name back to: without it Del cannot be undone. It stays the caller's, who
	// keeps it open for that long.
	NS *netns.NS
	// Kill says that Del kills the processes in NS first, which nothing undoes.
	Kill bool
}

// Class is "netns".
func (*Netns) Class() string { return "netns" }

// Views is nil: no row knows a namespace.
func (*Netns) Views() []attr.View { return nil }

// Ident is that of the name.
func (n *Netns) Ident() string { return "netns " + n.Name }

// String is the name.
func (n *Netns) String() string { return n.Name }

// Header is an error, as is Append: it is no message.
func (n *Netns) Header(v val.Verb) (msgType, flags uint16, err error) {
	return 0, 0, fmt.Errorf("a namespace can be added and deleted only, not %v", v)
}

// Append is an error.
func (n *Netns) Append(_ *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	_, _, err := n.Header(v)
	return b, err
}

// Executes says that Add and Del are no messages.
func (*Netns) Executes(v val.Verb) bool { return v == Add || v == Del }

// Execute makes or deletes it.
func (n *Netns) Execute(_ context.Context, _ *Handle, v val.Verb) error {
	switch {
	case v == Add && n.NS != nil:
		return n.names().Give(n.Name, n.NS)
	case v == Add:
		return n.add()
	}
	if n.Kill && n.NS != nil {
		if err := n.NS.Kill(); err != nil {
			return err
		}
	}
	if n.Name == "" {
		return nil
	}
	return n.names().Delete(n.Name)
}

func (n *Netns) names() NetnsNames {
	if n.Names == nil {
		return MachineNames{}
	}
	return n.Names
}

// add leaves nothing behind when it fails.
func (n *Netns) add() error {
	var ns *netns.NS
	var err error
	if n.Name == "" {
		ns, err = netns.New()
	} else {
		ns, err = n.names().New(n.Name)
	}
	if err != nil {
		return err
	}
	if n.Lo {
		err = ns.LoUp()
	}
	if err == nil && n.Made != nil {
		err = n.Made(ns)
	} else {
		err = errors.Join(err, ns.Close())
	}
	if err != nil && n.Name != "" {
		err = errors.Join(err, n.names().Delete(n.Name))
	}
	return err
}

func (*Netns) several(v val.Verb) bool { return v == Add || v == Del }

// steps is the one step with its undo, for whoever keeps it.
func (n *Netns) steps(_ context.Context, _ *Handle, v val.Verb) ([]step, error) {
	s := step{change: Change{Verb: v, Object: n}}
	switch {
	case n.Name == "":
	case v == Add:
		s.undo = []Change{{Verb: Del, Object: &Netns{Name: n.Name, Names: n.Names, NS: n.NS}}}
	case n.NS != nil:
		s.undo = []Change{{Verb: Add, Object: &Netns{Name: n.Name, Names: n.Names, NS: n.NS}}}
	}
	return []step{s}, nil
}
