// Command coverage prints how many attributes of each kernel enum have rows,
// as docs/coverage.gen.md has it:
//
//	go run ./tests/witness/coverage > docs/coverage.gen.md
//
// make coverage does the same. A test of tests/witness compares.
package main
