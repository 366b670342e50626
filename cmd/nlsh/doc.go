// Command nlsh is the network shell: it runs Lua scripts that change and read
// the network of a Linux machine, and has a prompt.
//
// This package is flags, exit codes, the environment and wiring, one file a
// subcommand; root.go is the table of contents. What nlsh does lies below, in
// package lua and the packages under it.
package main
