// Command docgen writes field_docs.gen.go: what the comments of nlcore's
// structs say of each field, so that help in Lua shows the same words.
//
// Run it in the folder of nlcore, as go generate does.
package main
