package lua_test

import "testing"

func TestNamespaces(t *testing.T) {
	runAll(t, []script{
		{"the first minute", `
local br = link.add{ "br0", type="bridge", up=true, addrs={"10.0.0.1/24"} }
for i = 1, 3 do
  local host = netns.add("h" .. i)
  link.add{ "v" .. i, type="veth", master=br, up=true,
            peer = { "eth0", netns=host, up=true, addrs={ "10.0.0." .. (i+1) .. "/24" } } }
  host.route.add{ "default", via="10.0.0.1" }
end
expect.ping{ "10.0.0.4", netns="h1", count=3, interval="10ms" }
print(netns.get("h1").addr.find{ dev="eth0", family="inet" }.address)`, "10.0.0.2/24\n"},
		{"run switches this coroutine only", `
local h = netns.add "h1"
local co = coroutine.wrap(function() while true do coroutine.yield(netns.current() == h) end end)
print(h:run(function() return netns.current() == h, co() end), co(), netns.current() == h)`, "true false false\n"},
		{"a coroutine starts with its creator's", `
local h = netns.add "h1"
local co = h:run(function() return coroutine.create(function() return netns.current().name end) end)
print(coroutine.resume(co))`, "true h1\n"},
		{"nothing yields out of run", `
local h = netns.add "h1"
local co = coroutine.create(function() h:run(coroutine.yield) end)
print(coroutine.resume(co)) print(netns.current() == h)`, "false attempt to yield across metamethod/C-call boundary\nfalse\n"},
		{"an error in run is the same object", `
local h = netns.add "h1"
local ok, err = pcall(h.run, h, function() link.del "no0" end)
print(ok, err.errno, err.op, netns.current() == h)
print(pcall(h.run, h, error, "text", 0))`, "false ENODEV link del false\nfalse text\n"},
		{"os.exit in run", `netns.add("h1"):run(function() os.exit(3) end)`, "! exit status 3\n"},
		{"try", `
print(try(netns.get, "h9"))
local r, err = try(net.ping, { "10.9.0.1", patient=false }) print(r, err.op, err.hint)
print(select(2, try(sys.exec, "exit 4")).code, try(sys.exec, "echo x").stdout)
print(pcall(try, expect.ok, nil)) print(pcall(try, sys.exec, { "ls", x=1 }))
local h = netns.add "h1" h:del() print(try(h.run, h, print))`, `
nil netns get h9: no such namespace (ENOENT)
nil net ping network is unreachable
4 x

false expect ok: got nil
false sys exec: unknown field "x"
nil namespace h1 was deleted
`},
		{"errors name the line", "netns.add 'h1'\n\nnetns.get('h1'):exec 'false'", "! t.lua:3: sys exec false in h1: exit status 1\n"},
		{"errors of a list", `
netns.add "h2"
local _, err = pcall(netns.add, { {"h1"}, {"h2"} })
print(err.object, #err.errors, err.errors[1].index, err.errors[1].errno)`, "h2 1 2 EEXIST\n"},
		{"deferred deletion after an error", `local h = netns.add "h1" defer(function() h:del() print(#netns.list()) end) error "x"`, "0\n! t.lua:1: x\n"},
		{"moved links are found", `
local h = netns.add "h1"
local l = link.add{ "v0", type="veth", peer={ "v1", netns=h } } l:set{ netns=h }
print(#h.link.list(), #link.list(), l.name)`, "3 1 v0\n"},
		{"objects carry their namespace", `local h = netns.add() local lo = h.link.get "lo" lo:set{ mtu=1000 } print(lo.mtu, h.link.get("lo").mtu, link.get("lo").mtu)`, "1000 1000 65536\n"},
		{"use ends with its namespace", `local first = netns.current() local h = netns.use(netns.add "h1") print(link.get("lo").up, netns.current().name)
netns.use(first) h:del() print(netns.current() == first)`, "true h1\ntrue\n"},
		{"printed values", `print(netns.add "h1", json, sys.exec{ "echo", "x" }) print(netns.list())`, "h1 module json x\n\nname  path\nh1    /run/netns/h1\n"},
	})
}
