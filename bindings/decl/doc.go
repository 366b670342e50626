// Package decl is the language in which builtins are declared. A Module has
// Funcs; a Func is one declaration with doc, since, example and parameters,
// from which argument checks, help, completion, editor stubs and reference
// pages derive. The verbs of a class of kernel objects come from one place
// (Verb, Preset, Get, Find, ListVerb, Each, Flush) and take their parameters
// from the rows of the class.
//
// A builtin reaches what lies above it through Host. Install makes the Lua
// table of a module, for the current namespace or bound to one (Place).
//
// Read module.go and host.go first. The way of a change: args.go says what the
// arguments are, build.go makes an object of each table, verb_change.go gives
// them to the host as one batch. The way of a list: filter.go turns conditions
// into values that compare, verb_read.go and each.go ask the kernel and match.
// What scripts hold is object.go, object_meta.go (reading a field) and
// object_methods.go; value.go and bigint.go translate values; class.go knows
// the fields of each kind. Functions that are no verbs of a class are bound by
// params.go.
package decl
