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
// Programs inside one have their own /sys and /etc/netns (NS.Exec). That takes
// a mount namespace, which a thread can have by itself, so that nothing has to
// be executed twice; but it cannot share its root and working directory with
// the others again, so it is ended.
//
// The numbers under which one namespace knows another (nsid.go) are a netlink
// matter; each question opens a socket for it.
//
// Read ns.go first, then thread.go.
package netns
