package lua_test

import "testing"

func TestKindsOfLinks(t *testing.T) {
	runAll(t, []script{
		{"a range is named", `link.add{ "vx0", type="vxlan", id=99999999, dstport=4789 }`,
			"! t.lua:1: link add vx0: id wants a number from 0 to 16777215, got 99999999\n"},
		{"a field is suggested", `link.add{ "vx0", type="vxlan", id=7, remot="10.0.0.1", dstport=4789 }`,
			"! t.lua:1: link add vx0: unknown field \"remot\" for type vxlan; did you mean \"remote\"?\n"},
		{"a kind that the kernel has not", `link.add{ "x", type="nosuch" }`,
			"! t.lua:1: link add x: Unknown device type (EOPNOTSUPP); this kernel has no nosuch links: modprobe nosuch\n"},
		{"tap is a mode", `link.add{ "x", type="tap" }`,
			"! t.lua:1: link add x: Unknown device type (EOPNOTSUPP); say type=\"tun\", mode=\"tap\"\n"},
		{"vxlan", `
local v = link.add{ "vx0", type="vxlan", id=5, local_="10.0.0.9", group="239.1.1.1", dev="lo", dstport=4789,
                    srcport={ 1000, 2000 }, ttl=64, ageing="2m" }
print(v.id, v.local_, v.group, v.remote, v.dev, v.dstport, v.srcport, v.ttl, v.ageing, v.learning)
v:set{ ttl=5, learning=false } print(v.ttl, v.learning, v.srcport)
print(pcall(link.set, { "vx0", id=6 }))
link.del(v) print(link.add(v:totable()).group)`, `
5 10.0.0.9 239.1.1.1 nil lo 4789 1000-2000 64 120 true
5 false 1000-2000
false link set vx0: id is given at creation only
239.1.1.1
`},
		{"macvlan", `
local low = link.add{ "v0", type="veth", peer={ "v1" } }
local m = link.add{ "m0", type="macvlan", link=low, mode="source", nodst=true, macaddr={ "02:00:00:00:00:01" } }
print(m.link, m.mode, m.nodst, m.nopromisc, m.macaddr[1], m.macaddr_count)
m:set{ macaddr="02:00:00:00:00:02", macaddr_mode="add" } print(#m.macaddr, m.nodst)
print(link.add{ "m1", type="macvtap", link=low, mode="bridge" }.bcqueuelen)`, `
v0 source true false 02:00:00:00:00:01 1
2 true
1000
`},
		{"tun", `
local t = link.add{ "t0", type="tun", mode="tap", user="root", mtu=1400, up=true, addrs={ "10.9.0.1/24" }, alias="guest" }
print(t.mode, t.user, t:raw "user", t.mtu, t.up, t.alias, t.persist, t.pi, t.link_type, addr.find{ dev=t, family="inet" }.address)
print(pcall(link.add, { "t0", type="tun", mode="tap" }))
print(pcall(link.add, { "t1", type="tun" }))
print(pcall(link.set, { "t0", pi=true }))
link.del(t) local again = link.add(t:totable()) print(again.mode, again.mtu, again.alias)
link.add{ { "a0", type="tun", mode="tun" }, { "a1", type="ifb" }, { "a2", type="tun", mode="tap" } }
print(#link.list{ type="tun" }, #link.list{ type={ "tun", "ifb" } }, link.flush{ type="tun", mode="tap" })`, `
tap root 0 1400 true guest true false ether 10.9.0.1/24
false link add t0: ioctl TUNSETIFF (EEXIST)
false link add t1: mode is required: tun or tap
false link set t0: pi is given at creation only
tap 1400 guest
3 4 2
`},
		{"statistics", `
link.up "lo"
local lo = link.get "lo" local before = lo.stats
net.ping{ "127.0.0.1", count=2, interval="10ms" }
local d = lo:refresh().stats - before
print(d.rx_packets == d.tx_packets, d.rx_packets >= 4, d.rx_bytes > d.rx_packets, d.rx_errors)
print(link.list()[1].stats.rx_packets == lo.stats.rx_packets)`, "true true true 0\ntrue\n"},
	})
}
