package bindings

import (
	glua "github.com/yuin/gopher-lua"
)

// Raised is an error of decl.Host.Call: what a function of the script raised.
type Raised interface {
	error
	// Value is what was raised.
	Value() glua.LValue
	// Final reports that nothing in a script may catch it: the end of its time
	// or os.exit.
	Final() bool
}
