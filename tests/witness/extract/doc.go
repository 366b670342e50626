// Command extract writes the table of facts that tests/witness holds our rows
// against, from the kernel's own sources:
//
//	go run ./tests/witness/extract -source DIR -headers DIR [-history DIR] -out tests/witness/facts.tsv
//
// -source is an unpacked kernel source: its netlink specs
// (Documentation/netlink/specs) and the nla_policy tables of its C files.
// -headers is the include folder of the same version's linux-libc-dev;
// tests/oracle/fetch.sh headers brings it. -history is a git repository of
// iproute2, which carries the kernel's headers as they were at each release:
// the first release whose headers have a name says since when the kernel has
// it. The tests themselves need none of these.
//
// The table has facts only: names, numbers, types. No text is copied.
package main
