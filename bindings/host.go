package bindings

import (
	"path/filepath"

	glua "github.com/yuin/gopher-lua"

	"nlsh/bindings/decl"
	"nlsh/nlcore"
	"nlsh/nlcore/netns"
)

// Namespaces is what the modules need of the interpreter beyond decl.Host to
// make, enter and forget namespaces. A host that runs them implements it.
type Namespaces interface {
	// Adopt takes ns over, also when it fails. There is one Place for each
	// namespace, by its ID; name is "" for a nameless one.
	Adopt(ns *netns.NS, name string) (*decl.Place, error)
	// Enter makes p the current namespace of this coroutine until leave.
	Enter(L *glua.LState, p *decl.Place) (leave func())
	// Use makes p the current namespace of the main chunk or the prompt.
	Use(L *glua.LState, p *decl.Place)
	// Forget closes what is held of a namespace that a script deleted and sets
	// Gone.
	Forget(p *decl.Place) error
}

// OwnNames is implemented by a host that can have names for namespaces that
// nobody else sees.
type OwnNames interface {
	// NetnsNames is where the names are; nil: under netns.Dir, as for ip netns.
	NetnsNames() NetnsNames
}

// NetnsNames are names of namespaces. Its errors wrap fs.ErrExist and
// fs.ErrNotExist as those of package netns do.
type NetnsNames interface {
	nlcore.NetnsNames
	// List is sorted.
	List() ([]string, error)
	// Path is a file that opens the namespace.
	Path(name string) string
}

// machineNames are those under netns.Dir.
type machineNames struct{ nlcore.MachineNames }

func (machineNames) List() ([]string, error) { return netns.Names() }
func (machineNames) Path(name string) string { return filepath.Join(netns.Dir, name) }

// namesOf is where the host's namespaces have their names.
func namesOf(h decl.Host) NetnsNames {
	if own, ok := h.(OwnNames); ok {
		if names := own.NetnsNames(); names != nil {
			return names
		}
	}
	return machineNames{}
}

// ModuleSet is implemented by a host that has more modules than Modules, or
// others: an embedding program's own, which a namespace carries too.
type ModuleSet interface {
	ModuleDecls() []*decl.Module
}

// StringLimit is implemented by a host that bounds the strings of scripts;
// the output of programs is bounded by the same.
type StringLimit interface {
	StringLimit() int // in bytes, above 0
}

// maxOutput bounds what a program may print where the host sets no limit.
const maxOutput = 256 << 20

// stringLimit is the longest string that a script may hold.
func stringLimit(h decl.Host) int {
	if l, ok := h.(StringLimit); ok {
		return l.StringLimit()
	}
	return maxOutput
}

// namespaces is the host as the maker of namespaces.
func namespaces(c *decl.Call) (Namespaces, error) {
	if n, ok := c.Host.(Namespaces); ok {
		return n, nil
	}
	return nil, c.Refuse("this interpreter has no namespaces")
}
