// Package dev makes what is made through device files and not through
// netlink: the tun and tap links of /dev/net/tun.
//
// A descriptor of /dev/net/tun belongs to the network namespace of the thread
// that opened it. This package switches no threads: its callers do.
//
// Read tun.go.
package dev
