// Package nltest puts a scripted kernel at the other end of a real
// [nl.Conn]: two NETLINK_USERSOCK sockets, so that sender ports, buffers and
// system calls are the kernel's own and only the answers are the script's. It
// is for what a real kernel does not do on demand: interrupted dumps, cut or
// capped acknowledgements, wrong sequence numbers, strange senders, a peer that
// dies. It cannot lose unicast messages (only the kernel's own senders make
// ENOBUFS); multicast ones it can.
//
// Dial (kernel.go) makes the pair; reply.go builds answers.
package nltest
