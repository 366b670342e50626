// Package bindings declares the Lua modules of nlsh, one file each. The list
// is modules.go.
package bindings
