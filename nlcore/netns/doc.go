// Package netns makes, opens, enters and names network namespaces.
//
// A namespace is an open descriptor, an NS. Threads of a Go program are not
// the program's: a goroutine moves between them and new ones are cloned from
// old ones, so a thread that stays in a foreign namespace poisons whatever
// runs on it next. Therefore threads are switched here only, for the time of
// one function (NS.Do), and one that cannot be switched back is ended.
//
// It is the only importer of vishvananda/netns. Named namespaces live where
// iproute2 keeps them, in Dir, and are made the way `ip netns add` makes them.
//
// Not here: identifiers the kernel gives to namespaces (nsid, a netlink
// matter), and programs run inside one with their own /sys and /etc/netns.
//
// Read ns.go first, then thread.go.
package netns
