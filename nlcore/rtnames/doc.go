// Package rtnames has the words that stand for numbers in routing: tables,
// route and address protocols, scopes, realms, traffic classes, link groups
// and netlink protocols.
//
// A base of words is built in; the files that iproute2 reads, in folders the
// caller names, add to it and override it. What a table says does not change
// once it was asked; all are safe for concurrent use.
package rtnames
