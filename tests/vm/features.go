package main

// A feature is a line of the table of features by kernel.
type feature struct {
	name string
	how  string // what its tests do with it, if they pass
	// tests are names as "nlcore TestX" or "nlcore TestX/y", subtests included.
	// One that ends in /* makes a line of every subtest, whose name takes the
	// place of the * in the line's.
	tests []string
}

// How far a feature is tried. In the first two nlsh makes and reads it.
const (
	compared = "compared" // created both ways, read back, held against iproute2
	carried  = "carries"  // packets pass
	created  = "created"  // by iproute2 alone: the kernel has it
)

// features are what the kernels are compared by. A line whose tests no kernel
// knows fails the run.
var features = []feature{
	{"links", compared, []string{"nlcore TestLinkSetLikeIP"}},
	{"link *", compared, []string{"nlcore TestKindsLikeIP/*"}},
	{"link tun, tap", compared, []string{"nlcore TestTunLikeIP"}},
	{"link bridge", compared, []string{"nlcore TestBridgeSetLikeIP", "nlcore TestBridgeAddLikeSet", "nlcore TestBridgeSTPModeLikeIP"}},
	{"bridge VLANs", compared, []string{"nlcore TestBridgeSetVlanLikeIP"}},
	{"bridge ports", compared, []string{"nlcore TestBridgePortSetLikeIP"}},
	{"addresses", compared, []string{"nlcore TestAddrAgainstIP", "nlcore TestAddrListed"}},
	{"routes", compared, []string{"nlcore TestRouteAgainstIP", "nlcore TestRouteListed"}},
	{"rules", compared, []string{"nlcore TestRuleAgainstIP"}},
	{"neighbours", compared, []string{"nlcore TestNeighAgainstIP"}},
	{"xfrm policies", compared, []string{"nlcore TestXfrmPolicyBothWays"}},
	{"namespaces", compared, []string{"bindings TestNetnsAgainstIP"}},
	{"ESP tunnel", carried, []string{"tests/lua TestXfrmTunnel"}},
	{"* by ip", created, []string{"tests/vm/guest TestKinds/*"}},
}
