package attr

import (
	"sync"

	"nlsh/nlcore/rtnames"
	"nlsh/nlcore/val"
)

// Mode says what a message is for. A row tells in which modes it is sent.
type Mode uint8

// The modes, and the sets that rows usually name.
const (
	Create Mode = 1 << iota
	Change
	Delete
	Query

	Write = Create | Change
	All   = Create | Change | Delete
)

// Env is what rows ask while they encode, decode, set and get. The zero Env
// works: names stay unresolved, links are known by index.
type Env struct {
	Mode  Mode
	Names *rtnames.Names // words of tables, protocols, ...; nil: the built-in ones

	// LinkIndex resolves a reference when a message is encoded.
	LinkIndex func(val.LinkRef) (int32, error)
	// LinkName names an index in a decoded message; "" where it is unknown.
	LinkName func(index int32) string
	// VRFTable is the routing table of a vrf.
	VRFTable func(val.LinkRef) (uint32, error)
	// NetnsFd opens a namespace for the time of the send; whoever gave the
	// function closes the descriptor afterwards.
	NetnsFd func(val.NetnsRef) (int, error)
	// Netns tells what a name of a namespace means when a field is set to it.
	// Nil: it is one under /run/netns.
	Netns func(name string) (val.NetnsRef, error)
}

func (e *Env) names() *rtnames.Names {
	if e != nil && e.Names != nil {
		return e.Names
	}
	return builtin()
}

var builtin = sync.OnceValue(rtnames.Builtin)
