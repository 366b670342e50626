// Package nl speaks netlink: it opens sockets, sends requests, and reads
// acknowledgements, answers, dumps and multicast messages.
//
// It is the only package with netlink system calls. It frames messages and
// reads the kernel's extended acknowledgements; what stands inside a body
// (family headers, attributes, their names) is for the layers above. It knows
// no network namespaces either: [Dial] opens its socket in the one of the
// calling thread, and the socket belongs to that namespace for life.
//
// Start with conn.go (Options, Dial, Close), then request.go (one request),
// dump.go, batch.go (thousands of requests), multicast.go and family.go
// (generic netlink). Beneath them pack.go builds requests, message.go walks
// datagrams, answer.go ties answers to requests by sequence number, extack.go
// reads the kernel's words, and socket.go, inbox.go and wait.go hold the system
// calls. Package nltest puts a scripted kernel at the other end of a real Conn.
package nl
