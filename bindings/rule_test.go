package bindings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/netns/nstest"
)

// TestRulesAndNeighbours runs scripts in a fresh namespace each, against the
// kernel.
func TestRulesAndNeighbours(t *testing.T) {
	const one = `local r = rule.add{ not_=true, fwmark="0x64/0xff", iif="dummy0", table=100, priority=500 } `
	const v0 = `link.add{ "v0", type="veth", up=true, peer={ "v1", up=true } } link.up "lo" `
	const mac = `lladdr="02:00:00:00:00:02"`
	tests := []struct{ name, src, want string }{
		{"rule", one + `print(r) print(r.not_, r.fwmark, r.iif, r.table, r.from, r.action, r.family, r:raw("fwmark"))`,
			"500 not iif dummy0 fwmark 0x64/0xff table 100\ntrue 0x64/0xff dummy0 100 all lookup inet 100 255\n"},
		{"rule del by priority", one + `rule.del(500) print(rule.find(500))`, "nil\n"},
		{"rule of the WireGuard example", `rule.add{ not_=true, fwmark=51820, table=51820 } rule.add{ table="main", suppress_prefixlength=0 }
			for _, r in ipairs(rule.list{ family="inet" }) do print(r) end`,
			"0 table local proto kernel\n32764 table main suppress_prefixlength 0\n32765 not fwmark 0xca6c table 51820\n32766 table main proto kernel\n32767 table default proto kernel\n"},
		{"rule without family is IPv4", `rule.add{ 500, table=9, family="inet6" } local ok, e = pcall(rule.get, 500) print(ok) print(rule.get{ 500, family="inet6" }.family, #rule.list{ priority=500 })`,
			"false\ninet6 1\n"},
		{"rule goto", `rule.add{ 600, action="nop" } local r = rule.add{ 500, goto_=600 } print(r, r.goto_, r["goto"], r.action, r.unresolved)`, "500 goto 600 600 600 goto false\n"},
		{"rule's words", `local r = rule.add{ from="10.0.0.0/8", to="10.1.0.1", tos="0x10", uidrange="1-5", ipproto="tcp", sport=80, dport="80-90", proto="static", table="main" }
			print(r) print(r.sport, r.dport, r.uidrange, r.ipproto)`,
			"32765 tos 16 from 10.0.0.0/8 to 10.1.0.1 uidrange 1-5 ipproto tcp sport 80 dport 80-90 table main proto static\n80 80-90 1-5 tcp\n"},
		{"rule twice", one + `rule.add(r)`, "! rule add 500 not iif dummy0 fwmark 0x64/0xff table 100: file exists (EEXIST)\n"},
		{"rules again as tables", one + `rule.add{ 600, from="2001:db8::/32", action="prohibit" }
			local l = rule.list{ lowest=1, highest=1000 } local t = l:map(function(r) return r:totable() end)
			rule.del(t) print(#rule.list{ lowest=1, highest=1000 }) rule.add(t) print(#rule.list{ lowest=1, highest=1000 }, rule.find(500) == l[1])`, "0\n2 true\n"},
		{"rule unknown field", `rule.add{ 500, fmwark=1 }`, `! rule add 500: unknown field "fmwark"; did you mean "fwmark"?` + "\n"},
		{"rule nothing said", `rule.del{ family="inet" }`, "! rule del: priority or another field is required: what is not said is any\n"},
		{"rule has no set", one + `r:set{ table=5 }`, "! rule set: a rule has no set\n"},
		{"rule flush", `rule.add{ { 500, table=9 }, { 501, table=9 } } print(rule.flush{ table=9 }, rule.flush{ table=9 }, rule.flush{ all=true }, #rule.list())`, "2 0 3 2\n"},
		{"rule in a lookup", `link.up "lo" addr.add("10.0.0.1/24", "lo") rule.add{ 500, fwmark="0x64", table=100 } route.add{ "default", dev="lo", table=100 }
			print(route.get("192.51.100.2", { mark="0x64" }).table)`, "100\n"},

		{"neigh", v0 + `local n = neigh.add{ "10.0.0.2", "v0", ` + mac + ` } print(n, n.lladdr, n.nud, n.dev, n.router, n.family, n:raw("nud"))`,
			"10.0.0.2 dev v0 02:00:00:00:00:02 permanent v0 false inet 128\n"},
		{"neigh get", v0 + `neigh.add{ "10.0.0.2", "v0", ` + mac + ` } print(neigh.get("10.0.0.2", "v0").lladdr) neigh.get("10.0.0.3", "v0")`,
			"02:00:00:00:00:02\n! neigh get 10.0.0.3 dev v0: Neighbour entry not found (ENOENT)\n"},
		{"neigh of a dev", v0 + `neigh.add{ "10.0.0.2", "v0", ` + mac + ` } print(#neigh "v0", #neigh "v1", neigh.find("10.0.0.2").dev)`, "1 0 v0\n"},
		{"neigh object set", v0 + `local n = neigh.add{ "10.0.0.2", "v0", ` + mac + `, proto="static" } n:set{ nud="stale" } print(n.nud, n.lladdr, n.proto)`, "stale 02:00:00:00:00:02 static\n"},
		{"neigh change", v0 + `neigh.change{ "10.0.0.2", "v0", ` + mac + ` }`, "! neigh change 10.0.0.2 dev v0: no such file or directory (ENOENT)\n"},
		{"neigh states", v0 + `neigh.add{ { "10.0.0.2", "v0", ` + mac + `, nud="noarp" }, { "10.0.0.3", "v0", ` + mac + `, nud="stale" } }
			local function n(t) t.dev, t.family = "v0", "inet" return #neigh.list(t) end print(n{}, n{ nud="noarp" }, n{ nud="all" }, n{ nud={ "stale", "noarp" } }, n{ dst="10.0.0.0/24" }, n{ dst="10.1.0.0/24" })`,
			"1 1 2 2 1 0\n"},
		{"neigh proxy", v0 + `local p = neigh.add{ "10.0.0.5", "v0", proxy=true } print(p, p.nud, #neigh.list{ dev="v0", family="inet" }, #neigh.list{ proxy=true })
			p:del() print(#neigh.list{ proxy=true })`, "proxy 10.0.0.5 dev v0 nil 0 1\n0\n"},
		{"neigh master", v0 + `link.add{ "br0", type="bridge" } link.set{ "v1", master="br0" } neigh.add{ "10.0.0.2", "v1", ` + mac + ` }
			print(#neigh.list{ master="br0", family="inet" }, #neigh.list{ family="inet" })`, "1 1\n"},
		{"neigh flush", v0 + `neigh.add{ { "10.0.0.2", "v0", ` + mac + `, nud="stale" }, { "10.0.0.3", "v0", ` + mac + ` }, { "10.0.0.5", "v0", proxy=true } }
			print(neigh.flush{ dev="v0", family="inet" }, neigh.flush{ dev="v0", family="inet", nud="all" }, neigh.flush{ proxy=true })`, "1 1 1\n"},
		{"neigh key", `neigh.list{ "v0", nud="permanent" }`, `! neigh list: dst wants an address like "10.0.0.1" or "fe80::1", got "v0"` + "\n"},
		{"neighs deleted and added", v0 + `neigh.add{ { "10.0.0.2", "v0", ` + mac + ` }, { "fd00::2", "v0", ` + mac + `, router=true } }
			local t = neigh.list{ dev="v0", nud="permanent" }:map(function(n) return n:totable() end) neigh.del(t) print(#t, #neigh.list{ nud="permanent" })
			neigh.add(t) print(#neigh.list{ nud="permanent" }, neigh.get("fd00::2", "v0").router)`, "2 0\n2 true\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Contains(tt.src, "uidrange") {
				nstest.NeedUsers(t)
			}
			if diff := cmp.Diff(tt.want, newLab(t).run(tt.src)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, diff)
			}
		})
	}
}
