// Package guest holds the tests of what tests/vm is for: they run in full only
// on a kernel with the kinds of links and the ciphers that a development
// machine's may lack. Their only tool is iproute2; when one fails, the kernel
// or its modules are to blame and not nlsh.
package guest
