-- A bridge and three hosts, each in a namespace of its own, that ping each
-- other. Without root:
--
--   nlsh run --sandbox scripts/examples/bridge_veth.lua

local br = link.add{ "br0", type="bridge", up=true, addrs={"10.0.0.1/24"} }

for i = 1, 3 do
  local host = netns.add("h" .. i)
  link.add{ "v" .. i, type="veth", master=br, up=true,
            peer = { "eth0", netns=host, up=true, addrs={ "10.0.0." .. (i+1) .. "/24" } } }
  host.route.add{ "default", via="10.0.0.1" }
end

print "The bridge and its ports:"
print(link.list{ type="bridge" })
print(bridge.link.list())

for i = 1, 3 do
  for j = 1, 3 do
    if i ~= j then
      local r = expect.ping{ "10.0.0." .. (j+1), netns="h" .. i, count=3 }
      print(("h%d -> h%d: %d of %d replies"):format(i, j, r.received, r.sent))
    end
  end
end

print "The addresses of h1:"
print(netns.get("h1").addr.list())
