package lua

import (
	"sync"

	glua "github.com/yuin/gopher-lua"
)

// limits holds what every function of an interpreter obeys. The fields never
// change after New.
type limits struct {
	// Depth is how many calls may be open at once in one thread of control.
	Depth int
	// PcallDepth is how deep Go and Lua may call each other: pcall, xpcall,
	// coroutine.resume, sort comparators and gsub callbacks.
	PcallDepth int
	// Nesting is how deep blocks, brackets and functions nest in a source.
	Nesting int
	// Operators is how many operators, calls and indexes one expression chains.
	Operators int
	// StringBytes is the largest string that .., rep, concat and format make.
	StringBytes int
}

// poll returns the error to raise when the running script must stop, because
// its context ended or Interrupt was called, else nil. It is one atomic load:
// loops in Go that a script can make long call it every few hundred steps and
// pass what it returns to raise.
func (in *Interp) poll() error {
	if s := in.vm.stop.Load(); s != nil {
		return s.err
	}
	return nil
}

// mostArray is the largest index that stands in the array of a table; what
// lies beyond is hashed, and # does not count it. gopher-lua fills an array
// up to the index stored, in one step that nothing stops: t[2^24] = 1 takes
// 256 MB, and 1 GB until the arrays outgrown on the way are collected. Its
// own limit is four times as high; a lower one than this would make # wrong
// for arrays that scripts may have.
const mostArray = 1 << 24

// boundArrays sets the limit, which gopher-lua keeps for the whole process,
// before the first interpreter is made.
var boundArrays = sync.OnceFunc(func() { glua.MaxArrayIndex = mostArray + 1 })
