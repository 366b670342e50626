// Package decl is the language in which builtins are declared. A Module has
// Funcs; a Func is one declaration with doc, since, example and parameters,
// from which argument checks, help, completion, editor stubs and reference
// pages derive. The verbs of a class of kernel objects come from one place,
// Verbs, and take their parameters from the rows of the class.
//
// A builtin reaches what lies above it through Host. Install makes the Lua
// table of a module, for the current namespace or bound to one (Place).
//
// Read module.go and host.go first; then args.go (what a call's arguments
// mean), build.go (from a Lua table to an object), verbs.go, object.go (what
// scripts hold), list.go and each.go.
package decl
