// Package attr is the attribute layer: one typed row per kernel attribute,
// from which encoding, decoding, reading and setting by key, argument checks
// and error paths derive. It deals in bytes only: no sockets, no Lua.
//
// A Table lists the rows of one Go struct. It is built on first use, by
// running its Rows function on a probe value whose field addresses become
// offsets; all pointer arithmetic stands in pointer.go. A leaf format is a
// Codec; what binds several fields or frames other rows belongs to Def.
//
// Read table.go first, then def.go, codec.go and one of the codec files. The
// package is public but unstable.
package attr
