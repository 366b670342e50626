// Package sandbox runs this program once more in namespaces of its own, so
// that whatever it does to networks, mounts and processes is gone when it
// ends: network, mount, UTS and pid namespaces, and a user namespace unless
// the caller has CAP_SYS_ADMIN and CAP_NET_ADMIN.
//
// Three processes take part, all of the same executable:
//
//   - the parent, which called Run: it relays SIGINT, SIGTERM, SIGHUP and
//     SIGQUIT, waits, and passes on the exit code;
//   - init, which is pid 1 inside and never leaves Enter: it mounts, brings lo
//     up, starts the child, relays signals, reaps orphans, and ends with the
//     child, upon which the kernel ends all that is left inside. The kernel
//     kills it when the parent dies, however that happens;
//   - the child, which is the program as the user knows it.
//
// Init is a process apart because a pid 1 must reap every orphan, and a
// wait for any process would take away the results that os/exec waits for.
//
// Inside, /proc, /sys and /run are fresh mounts. /run shows what was there,
// but for netns: so `ip netns` works and its names do not reach the host. No
// mount propagates out. Files elsewhere are the host's own. Descriptor 3 is
// not inherited. The source of the mount on /run is the mark by which Inside
// knows a sandbox.
//
// Read run.go (the parent) and init.go (pid 1) first.
package sandbox
