// Package render shows values: aligned tables (grid.go), JSON (json.go) and
// a readable dump of any Lua value (inspect.go). It knows values and the
// small interfaces below, not who holds them.
package render

import "nlsh/nlcore/attr"

// Object is what the value of a userdata implements to be shown by its
// fields.
type Object interface {
	RenderFields() []attr.Pair
	String() string
}

// Integer is what the value of a userdata implements to be shown as a number
// beyond 2^53: decimal digits, with a minus sign where it is negative.
type Integer interface{ LuaInteger() string }
