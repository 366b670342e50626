// Package lua runs scripts in whole interpreters, in fresh namespaces: the
// examples of every builtin, and what only an interpreter shows of them.
package lua
