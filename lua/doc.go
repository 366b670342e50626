// Package lua hosts the Lua interpreter that nlsh scripts run in.
//
// An Interp is one Lua 5.1 state made from gopher-lua with its gaps closed:
// every chunk passes one compile step (compile.go) that refuses sources which
// would exhaust the machine and repairs what gopher-lua compiles wrongly;
// pcall, coroutines and errors are our own (protect.go, coroutine.go,
// errors.go), so that a caught error leaves variables alone, tracebacks
// survive and Go errors stay visible to errors.Is and errors.As; a context
// stops whatever runs (cancel.go).
//
// One goroutine at a time uses an Interp; many live side by side. An Interp
// never ends the process and writes only where its Options say.
package lua
