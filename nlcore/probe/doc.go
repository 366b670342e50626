// Package probe asks the network whether it works: Ping sends ICMP echo
// requests, natively and over both families, in any network namespace.
//
// A socket is made on a thread inside the namespace and used from anywhere
// afterwards; no thread stays behind in a foreign namespace, no descriptor
// stays open after a call.
package probe
