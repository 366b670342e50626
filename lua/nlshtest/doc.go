// Package nlshtest gives a Go test a network made by an nlsh script: fresh
// namespaces that nothing else sees and that are gone when the test ends. It
// needs no root.
//
//	func TestMain(m *testing.M) { nlshtest.Main(m) }
//
//	func TestLab(t *testing.T) {
//		t.Parallel()
//		lab := nlshtest.Run(t, "testdata/lab.lua")
//		h1 := lab.Netns("h1")
//		c, err := h1.Dial(t.Context(), "tcp", "10.0.0.4:80")
//		...
//		lab.Eval(t, `expect.ping{ "10.0.0.4", netns="h1" }`)
//	}
//
// Main is needed because a Go process cannot make a user namespace once it
// runs: it starts the test binary again inside one. As root it can be left out.
//
// The names that a script gives to namespaces are known in its Lab only, so
// that labs which use the same names run side by side. They are not under
// /run/netns: a program that a script runs starts in the right namespace, but
// `ip netns exec h1` finds no h1 there.
//
// Where the machine forbids user namespaces, tests that call Run skip and say
// why; with NLSH_REQUIRE=1 in the environment they fail.
package nlshtest
