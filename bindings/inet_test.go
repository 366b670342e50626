package bindings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inetCases are what a script sees. Networks, ends, counts and order were
// computed apart from us by Python's ipaddress.
var inetCases = []struct{ name, src, want string }{
	{"fields", `local a = inet "10.0.0.1/24" print(a, a.ip, a.prefixlen, a.network, a.netmask, a.broadcast, a.first, a.last, a.family, a.size)`,
		"10.0.0.1/24 10.0.0.1 24 10.0.0.0/24 255.255.255.0 10.0.0.255 10.0.0.1/24 10.0.0.254/24 inet 256\n"},
	{"IPv6", `local a = inet "2001:DB8:0::1/64" print(a, a.network, a.netmask, a.broadcast, a.first, a.last, a.size)`,
		"2001:db8::1/64 2001:db8::/64 ffff:ffff:ffff:ffff:: nil 2001:db8::1/64 2001:db8::ffff:ffff:ffff:ffff/64 18446744073709551616\n"},
	{"bare", `local a = inet "10.0.0.1" print(a, a.prefixlen, a.network, a.size, a.first, a.broadcast)`, "10.0.0.1 32 10.0.0.1/32 1 10.0.0.1 nil\n"},
	{"two addresses", `local a = inet "10.0.0.1/31" print(a.first, a.last, a.broadcast) for h in a:hosts() do print(h) end`,
		"10.0.0.0/31 10.0.0.1/31 nil\n10.0.0.0/31\n10.0.0.1/31\n"},
	{"netmask", `print(inet "10.0.0.1/255.255.252.0", inet "10.0.0.1/0.0.0.0", inet "fd00::1/ffff::")`, "10.0.0.1/22 10.0.0.1/0 fd00::1/16\n"},
	{"gateway of the CNI trial", `local ip4 = "10.88.0.7/16" print(inet(ip4).network:next())`, "10.88.0.1/16\n"},
	{"arithmetic", `local a = inet "10.0.0.250/24" print(a + 10, 10 + a, a - 251, a:next(6), a:prev(), a - inet "10.0.0.0", inet "10.0.0.0" - a)`,
		"10.0.1.4/24 10.0.1.4/24 9.255.255.255/24 10.0.1.0/24 10.0.0.249/24 250 -250\n"},
	{"bigint", `local a = inet "::" print(a + bigint "18446744073709551616", (inet "1::" - a))`, "0:0:0:1:: 5192296858534827628530496329220096\n"},
	{"order", `local l = { inet "10.0.0.10", inet "::1", inet "10.0.0.9", inet "10.0.0.9/24" } table.sort(l, function(a, b) return a < b end)
		print(l[1], l[2], l[3], l[4], l[1] <= l[1], l[1] == inet "10.0.0.9/24", l[1] == inet "10.0.0.9")`,
		"10.0.0.9/24 10.0.0.9 10.0.0.10 ::1 true true false\n"},
	{"contains", `local n = inet "10.0.0.0/24" print(n:contains "10.0.0.255", n:contains "10.0.1.0", n:contains "10.0.0.128/25", n:contains "10.0.0.0/23", n:contains "fd00::1", n:contains(n + 5))`,
		"true false true false false true\n"},
	{"overlaps", `local n = inet "10.0.0.0/24" print(n:overlaps "10.0.0.0/8", n:overlaps "10.0.1.0/24", n:overlaps "10.0.0.7")`, "true false true\n"},
	{"hosts", `local l = {} for h in inet "10.0.0.9/29":hosts() do l[#l + 1] = h.ip end print(#l, l[1], l[6])`, "6 10.0.0.9 10.0.0.14\n"},
	{"hosts of IPv6", `local l = {} for h in inet "fd00::/126":hosts() do l[#l + 1] = h.ip end print(#l, l[1], l[3])`, "3 fd00::1 fd00::3\n"},
	{"subnets", `for n in inet "10.0.0.77/24":subnets(26) do print(n) end`, "10.0.0.0/26\n10.0.0.64/26\n10.0.0.128/26\n10.0.0.192/26\n"},
	{"kinds", `print((inet "127.0.0.1").loopback, (inet "ff02::1").multicast, (inet "fe80::1").link_local, (inet "10.1.1.1").private, (inet "8.8.8.8").private)`, "true true true true false\n"},
	{"key of a table", `local t = { [tostring(inet "10.0.0.1")] = 1 } print(t[tostring(inet "10.0.0.1")], "at " .. inet "10.0.0.1/8" .. "!")`, "1 at 10.0.0.1/8!\n"},
	{"JSON", `print(json.encode{ gw = inet "10.0.0.1/24" })`, `{"gw":"10.0.0.1/24"}` + "\n"},
	{"as address and gateway", `link.up "lo" local a = inet "10.0.0.1/24" addr.add(a, "lo") print(addr.get(a).dev, addr.get(inet(a.ip)).address)
		local dst, gw = inet "10.9.0.0/16", a.network:next(5) route.add{ dst, via=gw } print(route.find(inet "10.9.0.0/16").via, route.get(inet "10.9.1.1").dev, #route.list{ match=inet "10.9.3.3" })`,
		"lo 10.0.0.1/24\n10.0.0.5 lo 1\n"},
	{"eui64", `print(inet.eui64("fe80::/64", "52:54:00:12:34:56"))`, "fe80::5054:ff:fe12:3456/64\n"},

	{"no address", `inet "10.0.0"`, `! inet: wants an address like "10.0.0.1", "10.0.0.1/24" or "2001:db8::1/64", got "10.0.0"` + "\n"},
	{"no text", `inet(7)`, `! inet: wants an address like "10.0.0.1", "10.0.0.1/24" or "2001:db8::1/64", got a number` + "\n"},
	{"nothing", `inet()`, "! inet: takes one value, got 0\n"},
	{"zone", `inet "fe80::1%eth0"`, `! inet: wants an address like "10.0.0.1", "10.0.0.1/24" or "2001:db8::1/64", got "fe80::1%eth0"` + "\n"},
	{"length", `inet "10.0.0.1/33"`, `! inet: has the length "33", wants a number from 0 to 32` + "\n"},
	{"mask with a hole", `inet "10.0.0.1/255.0.255.0"`, "! inet: has the netmask 255.0.255.0, whose ones do not all stand first\n"},
	{"beyond", `print(inet "255.255.255.255" + 1)`, "! inet: 255.255.255.255 + 1 goes beyond the inet addresses\n"},
	{"fraction", `print(inet "10.0.0.1" + 0.5)`, "! inet: 10.0.0.1 + x: x wants a whole number, got 0.5\n"},
	{"field", `print((inet "10.0.0.1").netwrok)`, `! inet: no field "netwrok"; did you mean "network"?` + "\n"},
	{"assignment", `local a = inet "10.0.0.1" a.ip = "10.0.0.2"`, "! inet: an address does not change; make another\n"},
	{"subnets too short", `inet "10.0.0.0/24":subnets(23)`, "! inet subnets: wants a length from 24 to 32, got 23\n"},
	{"two families", `print(inet "10.0.0.1" - inet "::1")`, "! inet: 10.0.0.1 - ::1: they are of two families\n"},
	{"eui64 of no network", `inet.eui64("fe80::/10", "52:54:00:12:34:56")`, "! inet eui64: network wants an IPv6 network of length 64, got fe80::/10\n"},
}

func TestInet(t *testing.T) {
	for _, c := range inetCases {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, newWorld(t).run(c.src)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}
