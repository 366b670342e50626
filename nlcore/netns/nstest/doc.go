// Package nstest lets the tests of a package talk to the kernel without
// reaching the machine: its Main runs the whole test binary in a sandbox
// (user namespace unless root, mount, UTS, pid and network namespaces) and
// fails it when descriptors, threads, names or mounts are left over.
//
//	func TestMain(m *testing.M) { nstest.Main(m) }
//
// Where no sandbox can be had the tests run all the same, but those that ask
// for a namespace (NewNS, Sandboxed) skip, saying cause and remedy.
//
// Two environment variables count. NLSH_REQUIRE=1 turns every skip of Need
// into a failure; NLSH_IP is the path of the `ip` to compare with. Only tests
// import this package.
package nstest
