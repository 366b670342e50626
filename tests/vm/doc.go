// Command vm runs the project's test binaries on other kernels than this
// machine's: the everyday one is user-mode Linux, where vlan, dummy, bond and
// the other kinds of links exist and ESP carries packets. Debian's 6.1, 6.12
// and the newest of its backports run in QEMU.
//
//	tests/vm/fetch.sh root uml 6.1 newest # once
//	go run ./tests/vm                     # every package whose tests touch the kernel
//	go run ./tests/vm -kernels uml,6.1,newest -brief
//	go run ./tests/vm -run TestLink ./nlcore
//	go run ./tests/vm -uid 1000 ./nlcore/netns ./nlcore/sandbox
//
// A kernel is a value with a name and a way to boot (kernel.go); what it boots
// is a folder with a small Debian, the project's files, the test binaries and
// an init that runs them (guest.go, init.sh). The guest says on its console
// where a package begins and ends and how it exited; what lies between is the
// output of the test binary, read by `go tool test2json`.
//
// The command fails if a test fails, if the guest stops early, and if a test
// was skipped on every kernel: such ones are run on this machine's kernel too,
// and one that no kernel can run tests nothing.
//
// At its end it prints a table of features by kernel (features.go, table.go):
// what of each the tests created, read back and compared, and since when a
// kernel has what another lacks.
//
// On a machine whose own rtnetlink is stuck the last is left out, and said.
// -race builds the tests with the race detector; -list only prints the
// packages; -write puts the table into docs/kernels.md.
//
// No root is needed. Nothing is written outside .cache and the temporary
// folder, and the guest has no network but its own.
package main
