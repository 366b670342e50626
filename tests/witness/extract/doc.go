// Command extract writes the table of facts that tests/witness holds our rows
// against, from the kernel's own sources:
//
//	go run ./tests/witness/extract -source DIR -headers DIR -history DIR -then 7.3=DIR
//
// -source is an unpacked kernel source, that of Debian's package
// linux-source-7.3: its netlink specs (Documentation/netlink/specs), the
// nla_policy tables of its C files, and the calls like nla_get_be16 by which
// they read and write attributes. The folders Documentation/netlink, net and
// drivers/net are enough.
// -headers is the include folder of the same version's linux-libc-dev;
// tests/oracle/fetch.sh headers brings it. -history is a git repository of
// iproute2, which carries the kernel's headers as they were at each release:
// the first release whose headers have a name says since when the kernel has
// it; -then names include folders of releases after those. The tests
// themselves need none of these.
//
// The table has facts only: names, numbers, types. No text is copied.
package main
