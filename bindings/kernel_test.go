package bindings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns/nstest"
)

// TestKernel runs scripts in a fresh namespace each, against the kernel.
func TestKernel(t *testing.T) {
	const up = `link.up "lo" addr.add("10.0.0.1/24", "lo") `
	const br = `local br = link.add{ "br0", type="bridge", addrs={ "10.1.0.1/24" } } `
	tests := []struct{ name, src, want string }{
		{"link get", `local l = link "lo" print(l, l.name, l.index, l.mtu, l.link_type, l.type)`, "lo lo 1 65536 loopback nil\n"},
		{"link by index", `print(link.get(1), link.list(1)[1])`, "lo lo\n"},
		{"link not there", `link.get "nosuch"`, "! link get nosuch: no such device (ENODEV)\n"},
		{"link unknown field", br + `link.set{ br, aging_time=5 }`,
			`! link set br0: unknown field "aging_time" for type bridge; did you mean "ageing_time"?` + "\n"},
		{"link set of the kind's field by name", br + `print(link.set{ "br0", ageing_time="60s" }.ageing_time)`, "6000\n"},
		{"link value checked first", br + `link.set{ "br0", mtu="big" }`, `! link set br0: mtu wants a number, got "big"` + "\n"},
		{"link rename", br + `local l = link.set{ "br0", name="br1" } print(l, l.index == br.index, br:refresh().name)`, "br1 true br1\n"},
		{"link object set", br + `print(br:set{ mtu=1400, name="brx" }.name, br.mtu)`, "brx 1400\n"},
		{"link del twice", br + `br:del() print(br.name) br:refresh()`, "br0\n! link refresh br0: was deleted (ENODEV)\n"},
		{"link exists", br + `link.add{ "br0", type="bridge" }`, "! link add br0: file exists (EEXIST)\n"},
		{"link flags", br + `link.up "br0" local f = {} for _, x in ipairs(link.get("br0").flags) do f[x] = true end print(f.UP, f.BROADCAST, f.LOOPBACK)`, "true true nil\n"},
		{"link master", br + `local v = link.add{ "v1", type="veth", master=br, peer={ "v2" } }
			print(v.master, v.master_index == br.index, #link.list{ master="br0" }, #link.list{ master=br }, link.set{ v, master=false }.master)`,
			"br0 true 1 1 nil\n"},
		{"link list by type", br + `link.add{ "v1", type="veth", peer={ "v2" } } print(#link.list{ type="veth" }, #link.list{ type={ "veth", "bridge" } }, #link.list{ vlan_filtering=false })`, "2 3 1\n"},
		{"link again", br + `local t = br:totable() br:del() print(link.add(t).ageing_time, link.get("br0").mtu)`, "30000 1500\n"},
		{"links deleted and added again", `link.add{ {"b0", type="bridge"}, {"b1", type="bridge", mtu=1400} }
			local l = link.list{ type="bridge" } link.del(l) print(#link.list{ type="bridge" }, #link.add(l), link.get("b1").mtu)`, "0 2 1400\n"},
		{"link read-only", br + `link.set{ br, min_mtu=5 }`, "! link set br0: min_mtu is set by the kernel only\n"},
		{"link batch failures", br + `local ok, e = pcall(link.add, { { "b1", type="bridge" }, { "br0", type="bridge" } }) print(ok, #link.list{ type="bridge" })`, "false 2\n"},
		{"link unknown field by name", br + `link.set{ "br0", ageing_tim="200s" }`,
			`! link set br0: unknown field "ageing_tim" for type bridge; did you mean "ageing_time"?` + "\n"},
		{"links without names", `print(link.add{ type="bridge" }) for _, l in ipairs(link.add{ { type="bridge" }, { type="veth" } }) do print(l.name) end`,
			"bridge0\nbridge1\nveth0\n"},
		{"link with an empty name", `link.add{ "", type="bridge" }`, "! link add: name must not be empty\n"},
		{"link equality", br + `print(br == link.get "br0", br == link.get "lo", br:ident() == link.get("br0"):ident())`, "true false true\n"},
		{"veth peer", `link.add{ "v1", type="veth", up=true, peer={ "v2", up=true, addrs={ "10.3.0.1/24" } } } print(link.get("v2").up, addr.find{ "10.3.0.1" }.dev)`, "true v2\n"},

		{"addr", up + `local a = addr.get "10.0.0.1/24" print(a, a.address, a.ip, a.dev, a.dev_index, a.scope, a.family)`,
			"10.0.0.1/24 dev lo 10.0.0.1/24 10.0.0.1 lo 1 global inet\n"},
		{"addr add returns it", `link.up "lo" local a = addr.add("10.0.0.1/24", "lo") print(a.label, a.scope, a.valid_lft)`, "lo global forever\n"},
		{"addr with a lifetime", `link.up "lo" print(addr.add{ "10.0.0.1/24", "lo", valid_lft=300, preferred_lft=200 }.dynamic)`, "true\n"},
		{"addr list of a dev", up + `print(#addr "lo" >= 1, addr.find{ "10.0.0.1" }.dev)`, "true lo\n"},
		{"addr not there", up + `addr.get "10.9.9.9/24"`, "! addr get: not found\n"},
		{"addr del from list", up + `addr.del(addr.list{ "10.0.0.1" }) print(addr.find "10.0.0.1")`, "nil\n"},
		{"addr flush with secondaries", up + `addr.add("10.0.0.2/24", "lo") print(addr.flush{ dev="lo", scope="global" } > 0, #addr.list{ dev="lo", scope="global" })`, "true 0\n"},
		{"addr spelling", `link.up "lo" addr.add("2001:DB8:0:0::1/64", "lo") print(addr.find("2001:db8::0001/64").address)`, "2001:db8::1/64\n"},
		{"addr without dev", `addr.add "10.0.0.1/24"`, "! addr add 10.0.0.1/24: dev is required\n"},
		{"addr wrong", `addr.add("10.0.0.300/24", "lo")`, `! addr add: address wants a prefix like "10.0.0.0/8" or "2001:db8::/32", got "10.0.0.300/24"` + "\n"},

		{"route", up + `local r = route.add{ "10.9.0.0/16", via="10.0.0.2" } print(r, r.proto, r.scope, r.table, r.type, r.dev)`,
			"10.9.0.0/16 via 10.0.0.2 dev lo boot global main unicast lo\n"},
		{"route default", up + `print(route.add{ "default", via="10.0.0.2" }.dst, route.find "default".via)`, "default 10.0.0.2\n"},
		{"route lookup", up + `local r = route "10.0.0.9" print(r.dst, r.dev, r.src)`, "10.0.0.9 lo 10.0.0.1\n"},
		{"route tables", up + `route.add{ "10.9.0.0/16", dev="lo", table=100 } print(#route.list{ table=100 }, route.find "10.9.0.0/16", #route{ table="all", dst="10.9.0.0/16" })`, "1 nil 1\n"},
		{"route match root exact", up + `route.add{ {"10.9.0.0/16", dev="lo"}, {"10.9.1.0/24", dev="lo"} }
			print(#route.list{ match="10.9.1.0/24" }, #route.list{ root="10.9.0.0/16" }, #route.list{ exact="10.9.0.0/16" }, #route.list{ match="10.9.0.0/16" })`, "2 2 1 1\n"},
		{"route refused", up + `route.add{ "10.9.0.0/16", via="10.5.0.2" }`,
			"! route add 10.9.0.0/16 via 10.5.0.2: Nexthop has invalid gateway (ENETUNREACH); the gateway must be reachable through an interface that is up\n"},
		{"route unknown field", up + `route.add{ "10.9.0.0/16", vai="10.0.0.2" }`, `! route add 10.9.0.0/16: unknown field "vai"; did you mean "via"?` + "\n"},
		{"route of a lookup", up + `route.add{ "10.9.0.0/16", dev="lo", mark=5 }`, "! route add 10.9.0.0/16 dev lo: mark is for lookups only\n"},
		{"routes again", up + `route.add{ {"10.9.0.0/16", dev="lo"}, {"10.8.0.0/16", via="10.0.0.2"} }
			local l = route.list{ proto="boot" } route.del(l) local n = #route.list{ proto="boot" } route.add(l) print(n, #route.list{ proto="boot" })`, "0 2\n"},
		{"routes again as tables", up + `route.add{ {"10.9.0.0/16", dev="lo", metric=5}, {"10.8.0.0/16", via="10.0.0.2"} }
			local l = route.list{ proto="boot" } local t = l:map(function(r) return r:totable() end) route.del(t) route.add(t) print(#l, #route.list{ proto="boot" })`, "2 2\n"},
		{"route generator", up + `local i = 0 print(route.add(function() i = i + 1 if i <= 1000 then return { "10.9."..math.floor(i/250).."."..i%250, dev="lo" } end end), #route.list{ proto="boot" })`, "1000 1000\n"},
		{"route batch failures", up + `local ok, e = pcall(route.add, { {"10.9.0.0/16", dev="lo"}, {"10.9.0.0/16", dev="lo"}, {"10.8.0.0/16", dev="lo"} }) print(ok, #route.list{ proto="boot" })`, "false 2\n"},
		{"route each left early", up + `for r in route.each{ table="all" } do break end print(#route.list{ table="all" } > 0)`, "true\n"},
		{"route each with changes inside", up + `route.add{ {"10.9.0.0/16", dev="lo"}, {"10.8.0.0/16", dev="lo"} }
			for r in route.each{ proto="boot" } do r:set{ src="10.0.0.1" } end print(#route.list{ proto="boot" }, #route.list{ src="10.0.0.1", proto="boot" })`, "2 2\n"},
		{"route set of what tells it apart", up + `local r = route.add{ "10.9.0.0/16", dev="lo" } r:set{ metric=7 }`,
			"! route change 10.9.0.0/16 dev lo: no such file or directory (ENOENT)\n"},
		{"route object set", up + `local r = route.add{ "10.9.0.0/16", dev="lo" } print(r:set{ via="10.0.0.2", mtu=1300 }, r.mtu, #route.list{ "10.9.0.0/16" })`,
			"10.9.0.0/16 via 10.0.0.2 dev lo 1300 1\n"},
		{"addr object set", up + `local a = addr.get "10.0.0.1/24" print(a:set{ metric=5 }.metric, a:set{ valid_lft=300, preferred_lft=100 }.dynamic, #addr.list{ "10.0.0.1" })`, "5 true 1\n"},
		{"route nexthops", up + `local r = route.add{ "10.9.0.0/16", nexthop={ { via="10.0.0.2", weight=2 }, { via="10.0.0.3" } } } print(#r.nexthop, r.nexthop[1].weight, r.nexthop[2].via)`, "2 2 10.0.0.3\n"},
		{"route of both families", up + `local r = route.add{ "2001:db8:9::/48", "lo" } print(r.metric, route.find("2001:db8:9::/48") == r, #route.list{ family="inet6", dst="2001:db8:9::/48" }, #route.list{ family="inet", dst="2001:db8:9::/48" })`, "1024 true 1 0\n"},

		{"bridge port", br + `link.add{ "v1", type="veth", master=br, peer={ "v2" } }
			local p = bridge.link.set{ "v1", flood=false, cost=10 } print(p, p.flood, p.cost, p.master, link.get("v1").bridge_slave.flood, #bridge.link.list{ flood=false })`,
			"v1 false 10 br0 false 1\n"},
		{"bridge port by object", br + `local v = link.add{ "v1", type="veth", master=br, peer={ "v2" } } print(bridge.link.set{ v, isolated=true }.isolated, bridge.link.get(v).isolated)`, "true true\n"},
		{"no bridge port", `bridge.link.get "lo"`, "! bridge.link get lo: not a port of a bridge (ENODEV)\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, newLab(t).run(tt.src)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, diff)
			}
		})
	}
}

// TestAgainstIP holds what scripts make and read against iproute2.
func TestAgainstIP(t *testing.T) {
	l := newLab(t)
	if got := l.run(`
		link.up "lo"
		link.add{ "br0", type="bridge", up=true, mtu=1400, ageing_time="60s", addrs={ "10.1.0.1/24" } }
		route.add{ "10.9.0.0/16", via="10.1.0.2", metric=50 }`); got != "" {
		t.Fatal(got)
	}
	type link struct {
		Name string `json:"ifname"`
		MTU  int
		Info struct {
			Kind string `json:"info_kind"`
			Data struct {
				Ageing int `json:"ageing_time"`
			} `json:"info_data"`
		} `json:"linkinfo"`
	}
	var links []link
	nstest.IPJSON(t, l.ns, &links, "link", "show", "br0")
	want := link{Name: "br0", MTU: 1400}
	want.Info.Kind, want.Info.Data.Ageing = "bridge", 6000
	if diff := cmp.Diff([]link{want}, links); diff != "" {
		t.Errorf("link (-want +got):\n%s", diff)
	}
	type route struct {
		Dst, Gateway, Dev, Protocol string
		Metric                      int
	}
	var routes []route
	nstest.IPJSON(t, l.ns, &routes, "route", "show", "10.9.0.0/16")
	if diff := cmp.Diff([]route{{"10.9.0.0/16", "10.1.0.2", "br0", "boot", 50}}, routes); diff != "" {
		t.Errorf("route (-want +got):\n%s", diff)
	}
	nstest.IP(t, l.ns, "addr", "add", "10.2.0.1/30", "dev", "br0", "label", "br0:x", "valid_lft", "500", "preferred_lft", "400")
	got := l.run(`local a = addr.get "10.2.0.1/30" print(a.label, a.dev, a.dynamic, a:raw("valid_lft") > 490)`)
	if got != "br0:x br0 true true\n" {
		t.Errorf("addr: %s", got)
	}
}

// TestMoves follows a link to another namespace.
func TestMoves(t *testing.T) {
	l := newLab(t)
	there := nstest.NewNS(t)
	p := l.place(there, "h1")
	p.Ref = refOf(there)
	l.places[p.Ref.String()] = p
	l.L.SetGlobal("h1", namespace(l.L, p))
	got := l.run(`local b = link.add{ "v0", type="veth", peer={ "v1" } }
		b:set{ netns=h1, name="vx" } print(b.name, link.find "v0", link.find "vx", b:set{ mtu=1300 }.mtu)`)
	if got != "vx nil nil 1300\n" {
		t.Errorf("got %s", got)
	}
	var links []struct {
		Name string `json:"ifname"`
		MTU  int
	}
	nstest.IPJSON(t, there, &links, "link", "show", "type", "veth")
	if len(links) != 1 || links[0].Name != "vx" || links[0].MTU != 1300 {
		t.Errorf("there: %+v", links)
	}
	if got := l.run(`print(link.add{ "b2", type="bridge", netns=h1 }.name, #link.list{ type="bridge" })`); got != "b2 0\n" {
		t.Errorf("got %s", got)
	}
}
