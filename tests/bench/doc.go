// Package bench measures nlsh beside its peers and beside what the kernel
// allows: system calls made by hand, the floor. It is a module of its own, so
// that nothing of the peers enters nlsh's.
//
//	go test -run '^$' -bench . -benchtime 5x .
//	go test -run '^$' -bench RouteChanges -benchtime 5x . -routes 1000000
//	go test -run '^$' -bench . -benchtime 5x . -write
//
// One iteration is one round, in which all contenders run one after another,
// each time in another order. A ratio is the median over the rounds of a
// contender's time to the floor's in the same round, so that a machine that is
// busy for a while moves both. With -write the tables go to
// docs/performance.md. Everything happens in fresh namespaces.
package bench
