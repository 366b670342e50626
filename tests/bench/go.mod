module nlsh/tests/bench

go 1.26.0

replace nlsh => ../..

require (
	github.com/jsimonetti/rtnetlink/v2 v2.0.2
	github.com/vishvananda/netlink v1.3.1
	github.com/vishvananda/netns v0.0.5
	github.com/yuin/gopher-lua v1.1.2
	golang.org/x/sys v0.49.0
	nlsh v0.0.0-00010101000000-000000000000
)

require (
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/josharian/native v1.1.0 // indirect
	github.com/mdlayher/netlink v1.7.2 // indirect
	github.com/mdlayher/socket v0.4.1 // indirect
	golang.org/x/net v0.23.0 // indirect
	golang.org/x/sync v0.23.0 // indirect
)
