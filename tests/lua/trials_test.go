package lua_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"nlsh/lua"
	"nlsh/nlcore"
	"nlsh/nlcore/netns/nstest"
)

// trial is a script that was written for the interface before there was one:
// what it takes for granted, its own lines, and what must hold afterwards.
type trial struct {
	name                string
	needs               *nstest.Feature
	setup, lines, check string
}

var trials = []trial{
	{"policies by the hundred", &nstest.ESP, `
ns3 = netns.add "ns3"
me, remote, lnet, rnet = "10.0.3.1", "10.0.2.1", "10.1.0.0/16", "10.2.0.0/16"
KEY_AES, KEY_SHA = "0x0123456789abcdef0123456789012345", "0xdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
dummies = {}
for i = 1, 462 do dummies[i] = { src="10.3.0.0/16", dst="10.4." .. i % 256 .. "." .. i % 200 .. "/32", dir="out", priority=i, action="block", if_id=i } end
`, `
ns3.xfrm.state.add{ src=remote, dst=me, proto="esp", spi="0x2", mode="tunnel",
  enc={ "aes", KEY_AES }, auth={ "sha1", KEY_SHA }, sel={ src=rnet, dst=lnet } }
ns3.xfrm.policy.add{ src=lnet, dst=rnet, dir="out", priority=100, action="allow",
  tmpl={ src=me, dst=remote, proto="esp", mode="tunnel" } }
ns3.xfrm.policy.add(dummies)                       -- list of 462, one batch
expect.ok(ns3.xfrm.policy.get{ src=lnet, dst=rnet, dir="out" })
`, `
expect.eq(#ns3.xfrm.policy.list(), 463)
expect.eq(#ns3.xfrm.state.list{ spi="0x2" }, 1)
`},
	{"verbs of routes", nil, `
link.add{ "veth1", type="veth", up=true, addrs={ "172.16.101.1/24", "172.16.103.1/24" }, peer={ "veth2", up=true } }
`, `
route.append{ "172.16.104.0/24", via="172.16.103.2" }
expect.fails({ errno="ENOENT" }, route.change, { "172.16.105.0/24", via="172.16.101.2" })
route.replace{ "172.16.104.0/24", type="unreachable" }
expect.eq(#route.list{ match="172.16.104.0/24" }, 1)
`, `
expect.eq(route.find("172.16.104.0/24").type, "unreachable")
`},
	{"rules", nil, `
link.add{ "dummy0", type="bridge", up=true, addrs={ "192.51.100.1/24" } }
route.add{ "192.51.100.2/32", dev="dummy0", table=100 }
`, `
rule.add{ not_=true, fwmark="0x64/0xff", iif="dummy0", table=100, priority=500 }
expect.match(route.get("192.51.100.2", { mark="0x64" }), { table=100 })
rule.del(500)
`, `
expect.eq(#rule.list{ priority=500 }, 0)
expect.match(route.get("192.51.100.2", { mark="0x64" }), { table="main" })
`},
	{"lifetimes, and what a vxlan refuses", nil, `
link.add{ "dummy0", type="bridge", up=true }
link.add{ "vx0", type="vxlan", id=42, dstport=4789 }
`, `
addr.add{ "10.23.11.10/32", "dummy0", preferred_lft=2, valid_lft=3 }
link.set{ "vx0", ttl=64, learning=false }
expect.fails({}, link.set, { "vx0", id=43 })
`, `
expect.match(link "vx0", { ttl=64, learning=false, id=42 })
expect.eq(addr.find{ dev="dummy0", family="inet" }.dynamic, true)
`},
	{"a pod's network", &bridgeVLANs, `
netns.add "pod"
arg, ip4 = { "pod" }, "10.22.0.2/24"
`, `
local br = link.replace{ "cni0", type="bridge", vlan_filtering=true, up=true }
local pod = netns.get(arg[1])
local host = link.add{ type="veth", name="veth1234", master=br, up=true, peer={ "eth0", netns=pod, up=true, addrs={ip4} } }
host:set{ bridge_slave={ hairpin=true } }
monitor.wait{ "link", name=host.name, operstate="up", timeout="3s" }
try(link.del, "eth0")                                       -- delete twice is fine
`, `
expect.match(link "veth1234", { master="cni0", operstate="up" })
expect.eq(bridge.link.get("veth1234").hairpin, true)
expect.eq(netns.get("pod").addr.find{ dev="eth0", family="inet" }.address, "10.22.0.2/24")
`},
	{"a device for a pod", nil, `
pod = netns.add "pod"
link.add{ "data0", type="veth", peer={ "data1", up=true } }
dev = link.get "data0"
`, `
dev:set{ netns=pod, alias=dev.name, name="eth0", up=true }  -- host-device in one call, undone as a whole
`, `
expect.match(pod.link.get "eth0", { alias="data0", up=true })
expect.eq(dev.name, "eth0")
expect.eq(link.find "data0", nil)
`},
	{"a callback", nil, `
link.add{ "br0", type="bridge", up=true }
`, `
monitor.open{ "link" }:on(function(ev) if ev.op == "new" and ev.object.name == "p0" then ev.object:set{ master="br0" } end end)
`, `
link.add{ "p0", type="veth", peer={ "p1" } }
sys.wait(function() return link.get("p0").master == "br0" end, "10s")
`},
}

// TestTrials runs them as they were written.
func TestTrials(t *testing.T) {
	for _, tt := range trials {
		t.Run(tt.name, func(t *testing.T) {
			if tt.needs != nil {
				tt.needs.Need(t)
			}
			if got := run(t, tt.setup+"do"+tt.lines+"end"+tt.check+"print 'done'"); got != "done\n" {
				t.Errorf("%s\n%s", tt.lines, got)
			}
		})
	}
}

// watchdog is a loop without an end: it is stopped when its route is there.
const watchdog = `
while true do
  local ok = try(net.ping, { "1.1.1.1", dev="wan0", count=2, timeout="2s" })
  route.replace{ "default", via=ok and gw0 or gw1, metric=100 }
  sys.sleep(10)
end`

// TestTrialWatchdog lets the first way out answer, and then another be the only
// one.
func TestTrialWatchdog(t *testing.T) {
	for _, tt := range []struct{ name, far, want string }{
		{"the first way answers", `, addrs={ "10.0.0.2/24", "1.1.1.1/32" }`, "10.0.0.2"},
		{"it does not", "", "10.1.0.2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ns := nstest.NewNS(t)
			h, err := nlcore.NewHandleAt(ns, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			sub, err := h.Subscribe(t.Context(), &nlcore.SubscribeOptions{Kinds: []string{"route"}})
			if err != nil {
				t.Fatal(err)
			}
			defer sub.Close()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			got := make(chan string, 1)
			go func() {
				defer stop()
				got <- defaultVia(ctx, sub)
			}()
			in, err := lua.New(lua.Options{Netns: ns, PrivateNetns: true})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			err = in.Run(ctx, "watchdog.lua", strings.ReplaceAll(`
local far = netns.add "far"
link.add{ "wan0", type="veth", up=true, addrs={ "10.0.0.1/24" }, peer={ "eth0", netns=far, up=true FAR } }
link.add{ "wan1", type="veth", up=true, addrs={ "10.1.0.1/24" }, peer={ "eth1", netns=far, up=true } }
route.add{ "1.1.1.1", dev="wan0" }
gw0, gw1 = "10.0.0.2", "10.1.0.2"`, "FAR", tt.far)+watchdog)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the loop ended with %v", err)
			}
			if via := <-got; via != tt.want {
				t.Errorf("the default route is via %s, want %s", via, tt.want)
			}
		})
	}
}

// defaultVia is the gateway of the first IPv4 default route that comes.
func defaultVia(ctx context.Context, sub *nlcore.Subscription) string {
	for {
		ev, err := sub.Next(ctx)
		if err != nil {
			return err.Error()
		}
		if r, ok := ev.Object.(*nlcore.Route); ok && r.Via.Is4() && r.Dst.Bits() <= 0 && ev.Op == nlcore.EventNew {
			return r.Via.String()
		}
	}
}
