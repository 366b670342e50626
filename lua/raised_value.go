package lua

import (
	glua "github.com/yuin/gopher-lua"
)

// Value is what was raised.
func (r *raisedValue) Value() glua.LValue { return r.obj }

// Final reports that nothing in a script may catch it.
func (r *raisedValue) Final() bool { return uncatchable(r.obj) }
