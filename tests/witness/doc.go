// Package witness holds the rows of nlcore against what others say of the
// same attributes: the kernel's netlink specs, its nla_policy tables and its
// headers. A round trip proves that we read what we write, not that the kernel
// does; a wrong byte order or a wrong id shows only here.
//
// facts.tsv is what they say, written by the command in extract and committed,
// so that the tests need no network. sets.go says which set of it each of our
// schemas is. exceptions.tsv lists where we differ, with the reason: a new
// difference fails, and so does a line that no longer is one. What no table
// says of a row (byte orders, mostly) is witnessed by the tests against
// iproute2 that mentions.go names.
//
// The command in coverage prints how many attributes of each kernel enum have
// rows. Start in compare.go.
package witness
