package guest

import (
	"os/exec"
	"strings"
	"testing"

	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// kinds are what the tests of links will ask for.
var kinds = []nstest.Feature{
	{Name: "dummy", Config: "CONFIG_DUMMY", Probe: nstest.ByIP("link add d0 type dummy")},
	{Name: "vlan", Config: "CONFIG_VLAN_8021Q", Probe: nstest.ByIP("link add v0 type veth peer name v1", "link add link v0 name v0.7 type vlan id 7")},
	{Name: "bond", Config: "CONFIG_BONDING", Probe: nstest.ByIP("link add b0 type bond mode active-backup")},
	{Name: "bridge VLAN filtering", Config: "CONFIG_BRIDGE_VLAN_FILTERING", Probe: nstest.ByIP("link add br0 type bridge vlan_filtering 1")},
	{Name: "vrf", Config: "CONFIG_NET_VRF", Probe: nstest.ByIP("link add r0 type vrf table 10")},
	{Name: "gre", Config: "CONFIG_NET_IPGRE", Probe: nstest.ByIP("link add g0 type gre local 10.0.0.1 remote 10.0.0.2")},
	{Name: "ip6gre", Config: "CONFIG_IPV6_GRE", Probe: nstest.ByIP("link add g0 type ip6gre local fd00::1 remote fd00::2")},
	{Name: "ipip", Config: "CONFIG_NET_IPIP", Probe: nstest.ByIP("link add t0 type ipip local 10.0.0.1 remote 10.0.0.2")},
	{Name: "sit", Config: "CONFIG_IPV6_SIT", Probe: nstest.ByIP("link add t0 type sit local 10.0.0.1 remote 10.0.0.2")},
	{Name: "ip6tnl", Config: "CONFIG_IPV6_TUNNEL", Probe: nstest.ByIP("link add t0 type ip6tnl local fd00::1 remote fd00::2")},
	{Name: "vti", Config: "CONFIG_NET_IPVTI", Probe: nstest.ByIP("link add t0 type vti local 10.0.0.1 remote 10.0.0.2 key 5")},
	{Name: "geneve", Config: "CONFIG_GENEVE", Probe: nstest.ByIP("link add g0 type geneve id 5 remote 10.0.0.2")},
	{Name: "vxlan", Config: "CONFIG_VXLAN", Probe: nstest.ByIP("link add x0 type vxlan id 5 dstport 4789")},
	{Name: "macvlan", Config: "CONFIG_MACVLAN", Probe: nstest.ByIP("link add v0 type veth peer name v1", "link add link v0 name m0 type macvlan")},
	{Name: "ipvlan", Config: "CONFIG_IPVLAN", Probe: nstest.ByIP("link add v0 type veth peer name v1", "link add link v0 name i0 type ipvlan")},
	{Name: "macsec", Config: "CONFIG_MACSEC", Probe: nstest.ByIP("link add v0 type veth peer name v1", "link add link v0 name s0 type macsec")},
	{Name: "ifb", Config: "CONFIG_IFB", Probe: nstest.ByIP("link add i0 type ifb")},
	{Name: "team", Config: "CONFIG_NET_TEAM", Probe: nstest.ByIP("link add t0 type team")},
	{Name: "nlmon", Config: "CONFIG_NLMON", Probe: nstest.ByIP("link add n0 type nlmon")},
}

// Each kind can be made; where the kernel is built without it the subtest
// skips, and tests/vm fails if no kernel has it.
func TestKinds(t *testing.T) {
	for i := range kinds {
		t.Run(kinds[i].Name, func(t *testing.T) { kinds[i].Need(t) })
	}
}

// esp is a state of ESP in each of the two ways that the tests use.
var esp = nstest.Feature{
	Name: "ESP", Config: "CONFIG_INET_ESP",
	Probe: nstest.ByIP(states("10.0.0.1", "10.0.0.2")...),
}

// states are commands for a tunnel: AEAD one way, cipher and hash the other.
func states(left, right string) []string {
	return []string{
		"xfrm state add src " + left + " dst " + right + " proto esp spi 0x1 mode tunnel aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128",
		"xfrm state add src " + right + " dst " + left + " proto esp spi 0x2 mode tunnel enc cbc(aes) 0x000102030405060708090a0b0c0d0e0f" +
			" auth-trunc hmac(sha256) 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 128",
	}
}

// Pings go through ESP: three answers, and both states have counted three
// packets of the inner addresses.
func TestESPCarriesPings(t *testing.T) {
	esp.Need(t)
	left, right := nstest.NewNS(t), nstest.NewNS(t)
	ip := func(ns *netns.NS, line string) { t.Helper(); nstest.IP(t, ns, strings.Fields(line)...) }
	ip(left, "link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02 netns "+right.Path())
	for _, end := range []struct {
		ns          *netns.NS
		dev         string
		outer, far  string
		inner, fari string
		mac         string
	}{
		{left, "v0", "10.0.0.1", "10.0.0.2", "192.0.2.1", "192.0.2.2", "02:00:00:00:00:02"},
		{right, "v1", "10.0.0.2", "10.0.0.1", "192.0.2.2", "192.0.2.1", "02:00:00:00:00:01"},
	} {
		ip(end.ns, "link set "+end.dev+" up")
		ip(end.ns, "addr add "+end.outer+"/24 dev "+end.dev)
		ip(end.ns, "addr add "+end.inner+"/32 dev lo")
		ip(end.ns, "neigh add "+end.far+" lladdr "+end.mac+" dev "+end.dev)
		ip(end.ns, "route add "+end.fari+"/32 via "+end.far+" src "+end.inner)
		for _, line := range states("10.0.0.1", "10.0.0.2") {
			ip(end.ns, line)
		}
		ip(end.ns, "xfrm policy add dir out src "+end.inner+" dst "+end.fari+" tmpl src "+end.outer+" dst "+end.far+" proto esp mode tunnel")
		ip(end.ns, "xfrm policy add dir in src "+end.fari+" dst "+end.inner+" tmpl src "+end.far+" dst "+end.outer+" proto esp mode tunnel")
	}
	var out []byte
	err := left.Do(func() (err error) {
		out, err = exec.Command("ping", "-c", "3", "-i", "0.2", "-W", "10", "-I", "192.0.2.1", "192.0.2.2").CombinedOutput()
		return err
	})
	if err != nil || !strings.Contains(string(out), "3 packets transmitted, 3 received") {
		t.Fatalf("%v: %s", err, out)
	}
	for _, ns := range []*netns.NS{left, right} {
		stats := nstest.IP(t, ns, "-s", "xfrm", "state")
		if n := strings.Count(stats, "252(bytes), 3(packets)"); n != 2 {
			t.Errorf("%d states with three packets of 84 bytes, want 2:\n%s", n, stats)
		}
	}
}
